"""What CPython's Lock, Semaphore, Event, Condition and Barrier do, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/sync/locks.py > engine/golden/sync/locks.jsonl
"""

import asyncio
import sys
from asyncio import Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore, sleep
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import program, text_of, write_logs  # noqa: E402


def create_task(coro, name=None):
    return asyncio.get_running_loop().create_task(coro, name=name)


async def report(w, name, awaitable):
    """Wait, and log the outcome."""
    try:
        result = await awaitable
        w.say(f"{name} got {result}")
    except BaseException as error:
        w.say(f"{name} got {text_of(error)}")


def passes(w, count):
    """Say the number of each of the coming passes."""

    def say(number):
        w.say(f"pass {number}")
        if number < count:
            w.loop.call_soon(say, number + 1)

    w.loop.call_soon(say, 1)


# Lock


@program("Lock: waiters get it in the order of coming, a pass after it is released")
async def lock_order(w):
    lock = Lock()

    async def user(name):
        async with lock:
            w.say(f"{name} has it")
            await sleep(1)
            passes(w, 2)
        w.say(f"{name} released it")

    tasks = [create_task(user(name)) for name in "abc"]
    await sleep(0)
    w.say(f"{lock.locked()}")
    for task in tasks:
        await task
    w.say(f"{lock.locked()}")


@program("Lock: a newcomer cannot overtake one that was woken, not even in the same pass")
async def lock_barging(w):
    lock = Lock()
    await lock.acquire()

    async def user(name):
        async with lock:
            w.say(f"{name} has it")

    waiting = create_task(user("waiter"))
    await sleep(0)
    lock.release()
    w.say(f"{lock.locked()}")
    async with lock:
        w.say("newcomer has it")
    await waiting


@program("Lock: a cancelled waiter passes its turn on")
async def lock_cancelled(w):
    lock = Lock()
    await lock.acquire()
    a, b, c = [create_task(report(w, name, lock.acquire())) for name in "abc"]
    await sleep(1)
    a.cancel("waiting")
    lock.release()
    b.cancel("woken")
    await sleep(1)
    w.say(f"{lock.locked()}, {c.done()}")


@program("Lock: it has no owner; whoever likes may release it")
async def lock_no_owner(w):
    lock = Lock()
    await lock.acquire()
    w.loop.call_later(1, lock.release)
    await report(w, "second", lock.acquire())


# Semaphore


@program("Semaphore: as many are inside at a time as there are permits, and the others follow in the order of coming")
async def semaphore_order(w):
    semaphore = Semaphore(2)

    async def user(name):
        async with semaphore:
            w.say(f"{name} is in")
            await sleep(1 if name in "ac" else 1.5)
        w.say(f"{name} is out")

    await asyncio.gather(*(user(name) for name in "abcde"))


@program("Semaphore: a released permit is at once that of the first waiter; a newcomer waits behind")
async def semaphore_handed(w):
    semaphore = Semaphore(1)
    await semaphore.acquire()
    a = create_task(report(w, "a", semaphore.acquire()))
    await sleep(0)
    semaphore.release()
    w.say(f"{semaphore.locked()}")
    b = create_task(report(w, "b", semaphore.acquire()))
    await a
    await sleep(1)
    w.say(f"{b.done()}")
    semaphore.release()
    await b


@program("Semaphore: a woken waiter that is cancelled gives its permit to the next")
async def semaphore_cancelled(w):
    semaphore = Semaphore(0)
    a, b, c = [create_task(report(w, name, semaphore.acquire())) for name in "abc"]
    await sleep(1)
    semaphore.release()
    a.cancel("woken")
    await b
    semaphore.release()
    semaphore.release()
    await c
    w.say(f"{semaphore.locked()}")


@program("BoundedSemaphore: released more often than acquired is an error")
async def bounded_semaphore(w):
    semaphore = BoundedSemaphore(1)
    await semaphore.acquire()
    semaphore.release()
    try:
        semaphore.release()
    except ValueError:
        w.say("RangeError")


# Event


@program("Event: set wakes all waiters, in order, even if it is cleared at once; a task that comes later waits again")
async def event_set(w):
    event = Event()
    tasks = [create_task(report(w, name, event.wait())) for name in "ab"]
    await sleep(1)
    event.set()
    event.clear()
    passes(w, 2)
    late = create_task(report(w, "late", event.wait()))
    for task in tasks:
        await task
    await sleep(1)
    w.say(f"{late.done()}, {event.is_set()}")
    event.set()
    await report(w, "main", event.wait())
    await late


# Condition


@program("Condition: notify wakes so many waiters, in order, and each goes on when it has the lock")
async def condition_notify(w):
    condition = Condition()

    async def waiter(name):
        async with condition:
            w.say(f"{name} waits")
            await condition.wait()
            w.say(f"{name} goes on")
            await sleep(1)
        w.say(f"{name} is out")

    tasks = [create_task(waiter(name)) for name in "abcd"]
    await sleep(1)
    async with condition:
        condition.notify(2)
        w.say("notified")
        await sleep(1)
    w.say("released")
    await sleep(5)
    async with condition:
        condition.notify_all()
    for task in tasks:
        await task


@program("Condition: waitFor asks at once and after each notification")
async def condition_wait_for(w):
    condition = Condition()
    count = 0

    def enough():
        w.say(f"asked at {count}")
        return count >= 2 and count

    async def waiter():
        async with condition:
            w.say(f"{await condition.wait_for(enough)}")

    task = create_task(waiter())
    for _ in range(2):
        await sleep(1)
        async with condition:
            count += 1
            condition.notify()
    await task


@program("Condition: one that is cancelled gets the lock back first, and passes its notification on")
async def condition_cancelled(w):
    condition = Condition()

    async def waiter(name):
        async with condition:
            try:
                await condition.wait()
                w.say(f"{name} goes on")
            except asyncio.CancelledError as error:
                w.say(f"{name} got {text_of(error)}, {condition.locked()}")
                raise

    a, b, c = [create_task(waiter(name)) for name in "abc"]
    await sleep(1)
    async with condition:
        condition.notify()
        await sleep(0)
        a.cancel("notified")
        await sleep(1)
        w.say("main releases")
    await asyncio.wait([a, b], timeout=1)
    w.say(f"{a.cancelled()}, {b.done()}, {c.done()}")


# Barrier


@program("Barrier: the last to come does not wait, the others go on in the order of coming")
async def barrier(w):
    barrier = Barrier(3)

    async def party(name, delay):
        await sleep(delay)
        w.say(f"{name} comes, {barrier.n_waiting}")
        w.say(f"{name} goes on as {await barrier.wait()}")

    await asyncio.gather(party("a", 1), party("b", 2), party("c", 3))
    await asyncio.gather(party("d", 1), party("e", 1), party("f", 1))


@program("Barrier: one that is cancelled leaves, and the others still wait for one more")
async def barrier_cancelled(w):
    barrier = Barrier(2)
    task = create_task(report(w, "a", barrier.wait()))
    await sleep(1)
    task.cancel("left")
    await sleep(1)
    w.say(f"{barrier.n_waiting}")
    await asyncio.gather(report(w, "b", barrier.wait()), report(w, "c", barrier.wait()))


@program("Barrier: reset breaks the waits, abort all until the next reset")
async def barrier_broken(w):
    barrier = Barrier(2)

    async def party(name):
        try:
            w.say(f"{name} got {await barrier.wait()}")
        except asyncio.BrokenBarrierError:
            w.say(f"{name} got BrokenBarrierError")

    a = create_task(party("a"))
    await sleep(1)
    await barrier.reset()
    await a
    w.say(f"{barrier.broken}")
    b = create_task(party("b"))
    await sleep(1)
    await barrier.abort()
    await b
    await party("c")
    w.say(f"{barrier.broken}")
    await barrier.reset()
    await asyncio.gather(party("d"), party("e"))


write_logs()
