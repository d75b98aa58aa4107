"""What CPython's gather, wait, wait_for and shield do, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/tasks/combinators.py > engine/golden/tasks/combinators.jsonl
"""

import asyncio
import sys
from asyncio import CancelledError, gather, shield, sleep, wait, wait_for
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import Boom, program, text_of, write_logs  # noqa: E402


def create_task(coro, name=None):
    return asyncio.get_running_loop().create_task(coro, name=name)


def create_future():
    return asyncio.get_running_loop().create_future()


async def work(w, name, delay):
    """Say that it begins, sleep, and say how that ended."""
    w.say(f"{name} begins")
    try:
        await sleep(delay)
    except CancelledError as error:
        w.say(f"{name} got {text_of(error)}")
        raise
    w.say(f"{name} ends")
    return name


async def fail(delay, text="no"):
    await sleep(delay)
    raise Boom(text)


async def attempt(w, awaitable):
    """Wait, and log the outcome, whatever it is."""
    try:
        result = await awaitable
        w.say(f"got {','.join(map(text, result)) if isinstance(result, list) else text(result)}")
    except BaseException as error:
        w.say(f"got {text_of(error)}")


def text(value):
    return text_of(value) if isinstance(value, BaseException) else str(value)


def names(w, tasks):
    return ",".join(task.get_name() for task in w.loop.tasks_created if task in tasks)


# gather


@program("gather: all begin in the order given, and their results come in that order, whoever is first")
async def gather_results(w):
    await attempt(w, gather(work(w, "a", 3), work(w, "b", 1), work(w, "c", 2)))


@program("gather: it resumes two passes after the last has ended")
async def gather_passes(w):
    async def last():
        await sleep(1)
        w.loop.call_soon(lambda: (w.say("pass 1"), w.loop.call_soon(w.later("pass 2, before"))))
        return "last"

    await attempt(w, gather(last()))


@program("gather: the first error comes at once; the others go on, and their errors are dropped")
async def gather_error(w):
    await attempt(w, gather(work(w, "a", 3), fail(1, "first"), fail(2, "second")))
    await sleep(5)


@program("gather: with returnExceptions, errors and cancellations are among the results")
async def gather_return_exceptions(w):
    cancelled = create_task(sleep(9))
    silently = create_task(sleep(9))
    w.loop.call_later(1, cancelled.cancel, "message")
    w.loop.call_later(1, silently.cancel)
    await attempt(w, gather(work(w, "a", 3), fail(1), cancelled, silently, return_exceptions=True))


@program("gather: a child that is cancelled is the first error, as a CancelledError")
async def gather_cancelled_child(w):
    child = create_task(sleep(9))
    outer = gather(child, work(w, "a", 3))
    w.loop.call_later(1, child.cancel, "message")
    await attempt(w, outer)
    w.say(f"{outer.cancelled()}")
    await sleep(5)


@program("gather: cancelling it cancels all, and it ends when all have, with a CancelledError even with returnExceptions")
async def gather_cancel(w):
    async def slow():
        try:
            await sleep(9)
        finally:
            await sleep(1)
            w.say("slow ends")

    for return_exceptions in (False, True):
        outer = gather(slow(), work(w, "a", 9), return_exceptions=return_exceptions)
        await sleep(1)
        w.say(f"{outer.cancel('message')}, {outer.done()}")
        await attempt(w, outer)
        w.say(f"{outer.cancelled()}, {outer.cancel()}")
        await sleep(1)


@program("gather: a task that is cancelled while it waits for one cancels all of it, and hears three passes later")
async def gather_cancel_waiter(w):
    async def waiter():
        await gather(work(w, "a", 9), work(w, "b", 9))

    task = create_task(waiter())
    await sleep(1)
    w.say(f"{task.cancel('message')}")
    w.loop.call_soon(lambda: w.loop.call_soon(lambda: w.loop.call_soon(w.later("pass 3"))))
    await attempt(w, task)


@program("gather: of none, and of what is done, it is done at once")
async def gather_done(w):
    done = create_future()
    done.set_result("done")
    w.loop.call_soon(w.later("callback"))
    await attempt(w, gather())
    await attempt(w, gather(done, done))
    w.say(f"{gather(done).done()}")


@program("gather: what is given twice runs once, and its result comes twice")
async def gather_twice(w):
    task = create_task(work(w, "a", 1))
    coro = work(w, "b", 2)
    await attempt(w, gather(task, coro, task, coro))


# wait


@program("wait: for all, the first, or the first that fails; it cancels nothing")
async def wait_conditions(w):
    def tasks():
        return [create_task(coro, name) for name, coro in (("a", sleep(1)), ("b", fail(2)), ("c", sleep(3)))]

    for condition in (asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.ALL_COMPLETED):
        these = tasks()
        done, pending = await wait(these, return_when=condition)
        w.say(f"{condition}: {names(w, done)} done, {names(w, pending)} pending")
        await wait(these)
        these[1].exception()


@program("wait: when the time is up it returns what is done by then, and what is not goes on")
async def wait_timeout(w):
    these = [create_task(work(w, name, delay), name) for name, delay in (("a", 1), ("b", 2), ("c", 3))]
    done, pending = await wait(these, timeout=2.5)
    w.say(f"{names(w, done)} done, {names(w, pending)} pending")
    done, pending = await wait(these, timeout=10)
    w.say(f"{names(w, done)} done, {names(w, pending)} pending")


@program("wait: FIRST_EXCEPTION takes no notice of a cancelled task")
async def wait_cancelled(w):
    these = [create_task(coro, name) for name, coro in (("a", sleep(9)), ("b", fail(2)), ("c", sleep(9)))]
    w.loop.call_later(1, these[0].cancel)
    done, pending = await wait(these, return_when=asyncio.FIRST_EXCEPTION)
    w.say(f"{names(w, done)} done, {names(w, pending)} pending")
    these[1].exception()


@program("wait: cancelling it leaves its tasks alone")
async def wait_cancel(w):
    these = [create_task(work(w, "a", 2))]
    waiter = create_task(wait(these))
    await sleep(1)
    waiter.cancel("message")
    await attempt(w, waiter)
    await attempt(w, these[0])


@program("wait: of tasks that are all done, it still takes two passes")
async def wait_done(w):
    these = [create_task(sleep(0))]
    await these[0]
    w.loop.call_soon(lambda: (w.say("pass 1"), w.loop.call_soon(w.later("pass 2"))))
    await wait(these)
    w.say("waited")


# waitFor


@program("waitFor: what ends in time returns its result or its error, in the caller's own task")
async def wait_for_result(w):
    async def who():
        return asyncio.current_task().get_name()

    await attempt(w, wait_for(who(), 1))
    await attempt(w, wait_for(work(w, "a", 1), 2))
    await attempt(w, wait_for(fail(1), 2))
    await attempt(w, wait_for(sleep(5, "no limit"), None))


@program("waitFor: what does not is cancelled, and waited for, before the TimeoutError comes")
async def wait_for_timeout(w):
    async def slow():
        try:
            await sleep(9)
        finally:
            await sleep(2)
            w.say("cleaned up")

    try:
        await wait_for(slow(), 1)
    except TimeoutError:
        w.say("TimeoutError")


@program("waitFor: a task that swallows the cancellation returns its result all the same")
async def wait_for_swallowed(w):
    async def stubborn():
        try:
            await sleep(9)
        except CancelledError:
            await sleep(1)
            return "all the same"

    await attempt(w, wait_for(create_task(stubborn()), 1))
    await attempt(w, wait_for(stubborn(), 1))


@program("waitFor: with no time at all only what is done counts; a coroutine does not begin")
async def wait_for_zero(w):
    done = create_future()
    done.set_result("done")
    await attempt(w, wait_for(done, 0))
    for awaitable in (create_future(), work(w, "a", 0), create_task(work(w, "b", 9))):
        try:
            await wait_for(awaitable, 0)
        except TimeoutError:
            w.say("TimeoutError")
    running = create_task(work(w, "c", 9))
    await sleep(0)
    try:
        await wait_for(running, -1)
    except TimeoutError:
        w.say("TimeoutError")


@program("waitFor: a cancellation from outside stays one, though the deadline passes before it is through")
async def wait_for_cancelled(w):
    async def slow():
        try:
            await sleep(9)
        finally:
            await sleep(2)

    async def waiter():
        await wait_for(slow(), 2)

    task = create_task(waiter())
    await sleep(1)
    task.cancel("outside")
    await attempt(w, task)


# shield


@program("shield: the waiter is cancelled, what is waited for goes on")
async def shield_cancel(w):
    inner = create_task(work(w, "inner", 2))

    async def waiter():
        await shield(inner)

    task = create_task(waiter())
    await sleep(1)
    task.cancel("message")
    await attempt(w, task)
    await attempt(w, inner)


@program("shield: it follows what is inside, two passes behind, its error and its cancellation as well")
async def shield_follows(w):
    async def last():
        await sleep(1)
        w.loop.call_soon(lambda: (w.say("pass 1"), w.loop.call_soon(w.later("pass 2, before"))))
        return "last"

    await attempt(w, shield(last()))
    await attempt(w, shield(fail(1)))
    inner = create_task(sleep(9))
    w.loop.call_later(1, inner.cancel, "message")
    await attempt(w, shield(inner))


@program("shield: what is done already is given back itself")
async def shield_done(w):
    future = create_future()
    future.set_result("done")
    w.say(f"{shield(future) is future}")


write_logs()
