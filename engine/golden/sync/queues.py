"""What CPython's queues and as_completed do, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/sync/queues.py > engine/golden/sync/queues.jsonl
"""

import asyncio
import sys
from asyncio import LifoQueue, PriorityQueue, Queue, as_completed, sleep
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import Boom, program, text_of, write_logs  # noqa: E402


def create_task(coro, name=None):
    return asyncio.get_running_loop().create_task(coro, name=name)


async def report(w, name, awaitable):
    """Wait, and log the outcome."""
    try:
        result = await awaitable
        w.say(f"{name} got {result}")
    except BaseException as error:
        w.say(f"{name} got {type(error).__name__}")


async def fail(delay):
    await sleep(delay)
    raise Boom("no")


@program("Queue: a task that waits for an item gets one in the order of coming, a pass after it was put")
async def get_order(w):
    queue = Queue()
    tasks = [create_task(report(w, name, queue.get())) for name in "ab"]
    await sleep(1)
    for item in (1, 2, 3):
        queue.put_nowait(item)
    w.loop.call_soon(w.later("pass 1"))
    w.say(f"{queue.qsize()}")
    for task in tasks:
        await task
    w.say(f"{queue.qsize()}, {queue.empty()}, {queue.get_nowait()}, {queue.empty()}")


@program("Queue: put waits while it is full, and goes on when there is room")
async def put_waits(w):
    queue = Queue(2)

    async def producer():
        for item in range(5):
            await queue.put(item)
            w.say(f"put {item}")

    task = create_task(producer())
    for _ in range(5):
        await sleep(1)
        w.say(f"{queue.full()}, got {await queue.get()}")
    await task


@program("Queue: an item is for whoever takes it first; a woken getter that finds none waits again, at the end")
async def stolen(w):
    queue = Queue()
    a = create_task(report(w, "a", queue.get()))
    b = create_task(report(w, "b", queue.get()))
    await sleep(1)
    queue.put_nowait("first")
    w.say(f"stolen {queue.get_nowait()}")
    await sleep(1)
    queue.put_nowait("second")
    await b
    queue.put_nowait("third")
    await a


@program("Queue: a woken getter that is cancelled leaves the item to the next")
async def get_cancelled(w):
    queue = Queue()
    a, b = [create_task(report(w, name, queue.get())) for name in "ab"]
    await sleep(1)
    queue.put_nowait("item")
    a.cancel()
    await b


@program("Queue: join waits until every item that was put is done")
async def join(w):
    queue = Queue()
    await queue.join()
    w.say("nothing to wait for")
    for item in range(3):
        queue.put_nowait(item)

    async def worker():
        while True:
            item = await queue.get()
            await sleep(1)
            w.say(f"done {item}")
            queue.task_done()

    create_task(worker())
    await queue.join()
    w.say("joined")


@program("Queue: shut down, it returns what it has, wakes the waiters, and takes no more")
async def shutdown(w):
    queue = Queue(1)
    queue.put_nowait("left")
    putter = create_task(report(w, "putter", queue.put("more")))
    await sleep(1)
    queue.shutdown()
    await putter
    await report(w, "getter", queue.get())
    await report(w, "getter", queue.get())
    await report(w, "putter", queue.put("more"))
    empty = Queue()
    getters = [create_task(report(w, name, empty.get())) for name in "ab"]
    await sleep(1)
    empty.shutdown()
    await asyncio.wait(getters)


@program("Queue: shut down at once, it is empty and all is done")
async def shutdown_immediately(w):
    queue = Queue()
    for item in range(3):
        queue.put_nowait(item)
    joiner = create_task(report(w, "joiner", queue.join()))
    await sleep(1)
    queue.shutdown(immediate=True)
    w.say(f"{queue.qsize()}")
    await report(w, "getter", queue.get())
    await joiner


@program("LifoQueue: the item that was put last comes first")
async def lifo(w):
    queue = LifoQueue()
    for item in (1, 2, 3):
        queue.put_nowait(item)
    w.say(" ".join(str(queue.get_nowait()) for _ in range(3)))


@program("PriorityQueue: the smallest item comes first, of equal ones the one that CPython's heap gives")
async def priority(w):
    queue = PriorityQueue()
    for item in ((2, "b"), (1, "z"), (2, "a"), (1, "y"), (3, "c")):
        queue.put_nowait(item)
    w.say(" ".join(f"{number}{letter}" for number, letter in (queue.get_nowait() for _ in range(5))))

    class Equal:
        def __init__(self, name):
            self.name = name

        def __lt__(self, other):
            return False

    for i in range(8):
        queue.put_nowait(Equal(i))
    w.say(" ".join(str(queue.get_nowait().name) for _ in range(8)))


@program("asCompleted: results come in the order of completion, each as an awaitable, errors where they are awaited")
async def completed_results(w):
    for next_one in as_completed([sleep(3, "c"), sleep(1, "a"), fail(2), sleep(1, "b")]):
        await report(w, "main", next_one)


@program("asCompleted: with for await come the futures themselves, those given among them")
async def completed_futures(w):
    task = create_task(sleep(2, "task"), "named")
    async for future in as_completed([task, sleep(1, "other")]):
        w.say(f"{future is task}, {future.result()}")


@program("asCompleted: when the time is up, each that is left throws a TimeoutError")
async def completed_timeout(w):
    for next_one in as_completed([sleep(1, "a"), sleep(5, "b"), sleep(6, "c")], timeout=2):
        await report(w, "main", next_one)


write_logs()
