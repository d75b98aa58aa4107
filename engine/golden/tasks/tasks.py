"""What CPython's futures, tasks and sleep do, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/tasks/tasks.py > engine/golden/tasks/tasks.jsonl
"""

import asyncio
import sys
from asyncio import CancelledError, sleep
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import Boom, program, text_of, write_logs  # noqa: E402


def create_task(coro, name=None):
    return asyncio.get_running_loop().create_task(coro, name=name)


def create_future():
    return asyncio.get_running_loop().create_future()


async def report(w, name, awaitable):
    """Wait, and log the outcome."""
    try:
        w.say(f"{name} got {await awaitable}")
    except BaseException as error:
        w.say(f"{name} got {text_of(error)}")
        raise


# Task


@program("Task: first steps come a pass after the creation, in its order, while the creator goes on")
async def first_steps(w):
    async def child(name):
        w.say(f"{name} begins")
        await sleep(0)
        w.say(f"{name} ends")

    w.say("main")
    a = create_task(child("a"))
    create_task(child("b"))
    w.loop.call_soon(w.later("callback"))
    w.say("main goes on")
    await a
    w.say("main ends")


@program("Task: awaiting one that is done does not suspend")
async def await_done(w):
    async def child():
        return "result"

    task = create_task(child())
    await sleep(1)
    w.loop.call_soon(w.later("callback"))
    w.say(await task)
    w.say(await task)
    await sleep(0)
    w.say("main ends")


@program("Task: its waiters resume in the order of awaiting, callbacks among them, in the pass after its end")
async def waiters_in_order(w):
    async def child():
        await sleep(1)
        w.loop.call_soon(w.later("callback of the same pass"))
        return "result"

    task = create_task(child())
    waiters = [create_task(report(w, "a", task))]
    await sleep(0)
    task.add_done_callback(lambda done: w.say(f"callback got {done.result()}"))
    waiters.append(create_task(report(w, "b", task)))
    await sleep(0)
    task.add_done_callback(lambda done: w.say("another callback"))
    for waiter in waiters:
        await waiter


@program("Task: an error goes to each waiter, each time anew")
async def error(w):
    async def child():
        await sleep(1)
        raise Boom("no")

    task = create_task(child())
    for name in ("first", "second"):
        try:
            await task
        except Boom as error:
            w.say(f"{name} {text_of(error)}")
    w.say(f"{text_of(task.exception())}, {task.done()}, {task.cancelled()}")


@program("Task: cancel throws a CancelledError with its message where the coroutine waits")
async def cancel(w):
    async def child():
        try:
            await sleep(10)
        except CancelledError as error:
            w.say(f"child got {text_of(error)}")
            raise
        finally:
            await sleep(1)
            w.say("child cleaned up")

    task = create_task(child())
    await sleep(1)
    w.say(f"{task.cancel('enough')}, {task.cancelling()}, {task.done()}")
    await report(w, "main", task)


@program("Task: one that is cancelled before its first step never runs a line")
async def cancel_unstarted(w):
    async def child():
        w.say("child begins")

    task = create_task(child())
    task.cancel("early")
    await report(w, "main", task)


@program("Task: a coroutine may catch the cancellation and go on, and the task ends well")
async def cancel_caught(w):
    async def child():
        for _ in range(2):
            try:
                await sleep(10)
            except CancelledError as error:
                w.say(f"child got {text_of(error)}")
        return "done"

    task = create_task(child())
    await sleep(1)
    task.cancel("one")
    await sleep(1)
    task.cancel("two")
    await report(w, "main", task)
    w.say(f"{task.cancelled()}, {task.cancelling()}")


@program("Task: two cancels in one pass give one error, with the first message, and count as two")
async def cancel_twice(w):
    async def child():
        try:
            await sleep(10)
        except CancelledError as error:
            w.say(f"child got {text_of(error)}")
        await sleep(1)
        w.say("child ends")

    task = create_task(child())
    await sleep(1)
    w.say(f"{task.cancel('one')}, {task.cancel('two')}")
    await task
    w.say(f"{task.cancelling()}")


@program("Task: cancelled when its wake-up is on the way, it hears of that, and the result is lost")
async def cancel_woken(w):
    future = create_future()
    task = create_task(report(w, "child", future))
    await sleep(1)
    future.set_result("result")
    w.say(f"{task.cancel('late')}")
    await report(w, "main", task)


@program("Task: one that cancels itself hears of it at its next wait, a pass later")
async def cancel_itself(w):
    async def child():
        asyncio.current_task().cancel("me")
        w.say("child goes on")
        w.loop.call_soon(w.later("callback"))
        try:
            await create_future()
        except CancelledError as error:
            w.say(f"child got {text_of(error)}")
            raise

    await report(w, "main", create_task(child()))


@program("Task: one that cancels itself and returns is cancelled, one that then fails has failed")
async def cancel_itself_and_end(w):
    async def returning():
        asyncio.current_task().cancel("me")
        return "result"

    async def failing():
        asyncio.current_task().cancel("me")
        raise Boom("no")

    for coro in (returning(), failing()):
        task = create_task(coro)
        await asyncio.wait([task])
        try:
            task.result()
        except BaseException as error:
            w.say(f"{text_of(error)}, {task.cancelled()}")


@program("Task: a CancelledError of the coroutine's own makes it cancelled, and goes to the first waiter")
async def own_cancelled_error(w):
    async def child():
        raise CancelledError("own")

    task = create_task(child())
    for name in ("first", "second"):
        try:
            await task
        except CancelledError as error:
            w.say(f"{name} {text_of(error)}, {task.cancelled()}")


@program("Task: of the waiters of a cancelled one, the first sees the message; of a cancelled future, all do")
async def cancel_messages(w):
    for waited in (create_task(sleep(10)), create_future()):
        waiters = [create_task(report(w, name, waited)) for name in "ab"]
        await sleep(1)
        waited.cancel("message")
        await asyncio.wait(waiters)


@program("Task: a cancellation goes down to what is waited for at once, and comes up a pass a level")
async def cancel_chain(w):
    async def link(name, awaitable):
        try:
            await awaitable
        except CancelledError as error:
            w.say(f"{name} got {text_of(error)}")
            w.loop.call_soon(w.later(f"callback of {name}"))
            raise

    inner = create_task(link("inner", sleep(10)))
    middle = create_task(link("middle", inner))
    outer = create_task(link("outer", middle))
    await sleep(1)
    outer.cancel("down")
    await link("main", outer)


@program("Task: uncancel takes one request back, and the last with it an error that is not thrown yet")
async def uncancel(w):
    async def child():
        task = asyncio.current_task()
        task.cancel()
        task.cancel()
        w.say(f"{task.cancelling()}, {task.uncancel()}, {task.uncancel()}, {task.uncancel()}")
        await sleep(1)
        w.say("child was not cancelled")
        task.cancel()
        task.cancel()
        task.uncancel()
        await sleep(1)

    await report(w, "main", create_task(child()))


@program("Task: one that is done cannot be cancelled")
async def cancel_done(w):
    task = create_task(sleep(1, "result"))
    await task
    w.say(f"{task.cancel()}, {task.cancelling()}, {task.cancelled()}, {task.result()}")


@program("Task: one that awaits itself gets an error a pass later")
async def await_itself(w):
    async def child():
        w.loop.call_soon(w.later("callback"))
        try:
            await asyncio.current_task()
        except RuntimeError as error:
            w.say(str(error)[:28])

    await create_task(child())


@program("Task: a cancelled sleep holds the clock up no more")
async def cancelled_sleep(w):
    task = create_task(sleep(100))
    await sleep(1)
    task.cancel()
    await asyncio.wait([task])
    w.say("main ends")


@program("Task: one that is left when main ends is cancelled in order of creation, and may clean up")
async def left(w):
    async def child(name):
        try:
            await sleep(10)
        finally:
            w.say(f"{name} cleans up")
            await sleep(1)
            w.say(f"{name} ends")

    for name in "ab":
        create_task(child(name))
    await sleep(1)
    w.say("main ends")


# Future


@program("Future: its callbacks run in order of registration, in the next pass, each by itself")
async def callbacks(w):
    future = create_future()

    def second(_):
        w.say("second")

    def first(_):
        w.say(f"first, {future.remove_done_callback(second)}")
        w.loop.call_soon(w.later("pass after"))

    future.add_done_callback(first)
    future.add_done_callback(second)
    future.set_result("result")
    w.say("set")
    w.loop.call_soon(w.later("callback"))
    await sleep(0)
    w.say("main")
    await sleep(0)


@program("Future: a callback added when it is done comes in the next pass")
async def late_callback(w):
    future = create_future()
    future.set_result("result")
    future.add_done_callback(lambda done: w.say(f"late, {done.result()}"))
    w.say("added")
    await sleep(0)


@program("Future: removeDoneCallback removes a callback as often as it was added, and returns how often")
async def remove_callback(w):
    future = create_future()

    def callback(_):
        w.say("withdrawn")

    future.add_done_callback(callback)
    future.add_done_callback(w.later("kept"))
    future.add_done_callback(callback)
    w.say(f"{future.remove_done_callback(callback)}, {future.remove_done_callback(callback)}")
    future.set_result(None)
    await sleep(0)


@program("Future: a failed callback is reported, and the others run")
async def failing_callback(w):
    future = create_future()

    def fail(_):
        raise Boom("no")

    w.loop.set_exception_handler(lambda loop, context: w.say(f"reported {text_of(context['exception'])}"))
    future.add_done_callback(fail)
    future.add_done_callback(w.later("next"))
    future.set_result(None)
    await sleep(0)


@program("Future: an error that was set is thrown into all waiters")
async def future_error(w):
    future = create_future()
    waiters = [create_task(report(w, name, future)) for name in "ab"]
    await sleep(1)
    future.set_exception(Boom("no"))
    await asyncio.wait(waiters)
    for waiter in waiters:
        waiter.exception()


# sleep


@program("sleep: zero or less gives up one turn, behind all that is ready")
async def sleep_zero(w):
    async def child(name, delay):
        for i in range(3):
            w.say(f"{name} {i}")
            await sleep(delay)

    a = create_task(child("a", 0))
    b = create_task(child("b", -1))
    w.loop.call_soon(w.later("callback"))
    await a
    await b


@program("sleep: it resumes a pass after its timer is due")
async def sleep_resumes(w):
    async def child():
        await sleep(1)
        w.say("child")

    task = create_task(child())
    await sleep(0)
    w.loop.call_later(1, lambda: (w.say("timer"), w.loop.call_soon(w.later("pass after"))))
    await task


@program("sleep: it returns the result that it was given, also when it gives up only a turn")
async def sleep_result(w):
    w.say(await sleep(1, "one"))
    w.say(await sleep(0, "zero"))
    w.say(await create_task(sleep(2, "task")))


write_logs()
