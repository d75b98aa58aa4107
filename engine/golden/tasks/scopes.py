import { describeValue } from "../../base/describe.ts";
"""What CPython's timeout and TaskGroup do, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/tasks/scopes.py > engine/golden/tasks/scopes.jsonl
"""

import asyncio
import sys
from asyncio import CancelledError, TaskGroup, sleep, timeout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import Boom, program, text_of, write_logs  # noqa: E402


def create_task(coro, name=None):
    return asyncio.get_running_loop().create_task(coro, name=name)


async def work(w, name, delay):
    """Sleep, and say how that ended."""
    try:
        await sleep(delay)
    except CancelledError as error:
        w.say(f"{name} got {text_of(error)}")
        raise
    w.say(f"{name} ends")
    return name


async def fail(w, delay, text="no"):
    await sleep(delay)
    w.say(f"{text} fails")
    raise Boom(text)


def describeValue(error):
    if isinstance(error, BaseExceptionGroup):
        return f"ExceptionGroup of {', '.join(map(describe, error.exceptions))}"
    return text_of(error)


async def attempt(w, awaitable):
    """Wait, and log the outcome, whatever it is."""
    try:
        w.say(f"got {await awaitable}")
    except BaseException as error:
        w.say(f"got {describeValue(error)}")


# timeout


@program("timeout: a body that ends in time is left alone")
async def timeout_in_time(w):
    async with timeout(2) as scope:
        await sleep(1)
        w.say(f"{scope.when():g}, {scope.expired()}")
    w.say(f"{scope.expired()}")
    await sleep(5)
    w.say(f"{asyncio.current_task().cancelling()}")


@program("timeout: at the deadline the body is cancelled, and the block ends with a TimeoutError")
async def timeout_expires(w):
    try:
        async with timeout(1) as scope:
            try:
                await sleep(9)
            except CancelledError as error:
                w.say(f"body got {text_of(error)}")
                raise
    except TimeoutError as error:
        w.say(f"TimeoutError, {type(error.__cause__).__name__}, {scope.expired()}, {asyncio.current_task().cancelling()}")


@program("timeout: a body that swallows the cancellation ends well, a pass after the deadline")
async def timeout_swallowed(w):
    async with timeout(1) as scope:
        w.loop.call_at(1, lambda: (w.say("deadline"), w.loop.call_soon(w.later("pass after"))))
        try:
            await sleep(9)
        except CancelledError:
            w.say("swallowed")
    w.say(f"{scope.expired()}, {asyncio.current_task().cancelling()}")
    await sleep(1)
    w.say("main ends")


@program("timeout: another error of the body wins over the deadline")
async def timeout_other_error(w):
    try:
        async with timeout(1):
            try:
                await sleep(9)
            except CancelledError:
                raise Boom("no")
    except Boom as error:
        w.say(f"{text_of(error)}, {asyncio.current_task().cancelling()}")


@program("timeout: a cancellation from outside is passed on, also when the deadline comes in the same pass")
async def timeout_cancelled(w):
    async def child(cancel_first):
        task = asyncio.current_task()
        if cancel_first:
            w.loop.call_at(w.loop.time() + 1, task.cancel, "outside")
        try:
            async with timeout(1):
                if not cancel_first:
                    w.loop.call_at(w.loop.time() + 1, task.cancel, "outside")
                await sleep(9)
        except BaseException as error:
            w.say(f"{describeValue(error)}, {task.cancelling()}")

    for cancel_first in (True, False):
        await create_task(child(cancel_first))


@program("timeout: of two that are nested, the one that expires throws")
async def timeout_nested(w):
    for outer_delay, inner_delay in ((1, 2), (2, 1), (1, 1)):
        try:
            async with timeout(outer_delay) as outer:
                try:
                    async with timeout(inner_delay) as inner:
                        await sleep(9)
                except TimeoutError:
                    w.say("inner")
                    await sleep(0)
                    raise
        except TimeoutError:
            w.say(f"outer, {outer.expired()}, {inner.expired()}, {asyncio.current_task().cancelling()}")


@program("timeout: a deadline can be moved, taken away, and put into the past")
async def timeout_reschedule(w):
    async with timeout(1) as scope:
        scope.reschedule(3)
        await sleep(2)
        scope.reschedule(None)
        await sleep(2)
        w.say(f"{scope.when() is None}, {scope.expired()}")
    try:
        async with timeout(None) as scope:
            scope.reschedule(0)
            w.say("the past")
            await sleep(9)
    except TimeoutError:
        w.say("TimeoutError")


@program("timeout: none, or less, is due in the next pass; a body that does not wait never hears of it")
async def timeout_zero(w):
    for delay in (0, -1):
        try:
            async with timeout(delay):
                w.say("body")
                w.loop.call_soon(lambda: (w.say("pass 1"), w.loop.call_soon(w.later("pass 2"))))
                await sleep(9)
        except TimeoutError:
            w.say("TimeoutError")
        async with timeout(delay) as scope:
            w.say("does not wait")
        w.say(f"{scope.expired()}")
        await sleep(0)


# taskGroup


@program("taskGroup: it ends when all its tasks have")
async def group_ends(w):
    async with TaskGroup() as group:
        a = group.create_task(work(w, "a", 2))
        group.create_task(work(w, "b", 1))
        w.say("body ends")
    w.say(f"group ends, {a.result()}")
    async with TaskGroup():
        pass
    w.say("empty group ends")


@program("taskGroup: the first that fails cancels the others and the body, and all errors come together")
async def group_error(w):
    async def stubborn():
        try:
            await sleep(9)
        finally:
            raise Boom("while cancelled")

    async def main():
        async with TaskGroup() as group:
            group.create_task(work(w, "a", 9))
            group.create_task(fail(w, 1, "b"))
            group.create_task(stubborn())
            group.create_task(work(w, "c", 9))
            await work(w, "body", 9)

    await attempt(w, main())
    w.say(f"{asyncio.current_task().cancelling()}")


@program("taskGroup: when one fails after the body has ended, the others are cancelled as well")
async def group_error_after_body(w):
    async def main():
        async with TaskGroup() as group:
            group.create_task(work(w, "a", 9))
            group.create_task(fail(w, 1, "b"))
            w.say("body ends")

    await attempt(w, main())


@program("taskGroup: an error of the body cancels the tasks, and comes last")
async def group_body_error(w):
    async def late():
        try:
            await sleep(9)
        finally:
            await sleep(1)
            raise Boom("late")

    async def main():
        async with TaskGroup() as group:
            group.create_task(late())
            group.create_task(work(w, "a", 9))
            await sleep(1)
            raise Boom("body")

    await attempt(w, main())


@program("taskGroup: cancelled from outside, it cancels its tasks, waits for them, and passes the cancellation on")
async def group_cancelled(w):
    async def late():
        try:
            await sleep(9)
        finally:
            await sleep(1)
            w.say("late ends")

    async def main():
        async with TaskGroup() as group:
            group.create_task(late())
            group.create_task(work(w, "a", 9))
            await work(w, "body", 9)

    async def without_body():
        async with TaskGroup() as group:
            group.create_task(work(w, "a", 9))

    for coro in (main(), without_body()):
        task = create_task(coro)
        await sleep(1)
        task.cancel("outside")
        await attempt(w, task)
        w.say(f"{task.cancelling()}")


@program("taskGroup: a task that is cancelled, or cancels itself, does not count as an error")
async def group_cancelled_task(w):
    async def main():
        async with TaskGroup() as group:
            task = group.create_task(work(w, "a", 9))
            group.create_task(work(w, "b", 2))
            await sleep(1)
            task.cancel("only a")
        w.say("group ends")

    await main()


@program("taskGroup: an error together with a cancellation from outside throws the error, and the next wait the cancellation")
async def group_error_and_cancel(w):
    async def failing(parent):
        await sleep(1)
        parent.cancel("outside")
        raise Boom("no")

    async def parent():
        try:
            async with TaskGroup() as group:
                group.create_task(failing(asyncio.current_task()))
                await work(w, "body", 9)
        except BaseException as error:
            w.say(f"{describeValue(error)}, {asyncio.current_task().cancelling()}")
        await work(w, "next", 1)

    await attempt(w, create_task(parent()))


@program("taskGroup: tasks of the group may create more, until it has ended")
async def group_grows(w):
    async def more(group, depth):
        await work(w, f"depth {depth}", 1)
        if depth < 3:
            group.create_task(more(group, depth + 1))

    async with TaskGroup() as group:
        group.create_task(more(group, 1))
    w.say("group ends")


@program("taskGroup: groups nest, and an inner group's error is one error of the outer")
async def group_nested(w):
    async def main():
        async with TaskGroup() as outer:
            outer.create_task(work(w, "outer task", 9))
            async with TaskGroup() as inner:
                inner.create_task(fail(w, 1))
                inner.create_task(work(w, "inner task", 9))

    await attempt(w, main())


write_logs()
