"""CPython's asyncio on a virtual clock: time() is a counter, and the selector never waits, it advances the counter by
its timeout. No system call is made per pass, which is the most generous arrangement for asyncio.
"""

import asyncio
import platform
import selectors

from harness import MASK, lcg, main, number, seed_of


class VirtualSelector(selectors.SelectSelector):
    loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("deadlock: nothing scheduled")
        if timeout > 0:
            self.loop.now += timeout
        return ()


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.now = 0.0
        selector = VirtualSelector()
        super().__init__(selector)
        selector.loop = self
        # A timer fires when `when < time() + resolution`. With asyncio's own 1e-9 s that sum rounds back to time() from
        # about 9e6 s on, and the loop spins for ever. All delays here are integers: half a second separates them.
        self._clock_resolution = 0.5

    def time(self):
        return self.now

    def close(self):
        self._selector.loop = None
        super().close()


def run(coroutine_function):
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(coroutine_function(loop))
    finally:
        loop.close()


def w0(_tasks, runs):
    async def program(loop):
        return loop.time(), 1

    time = total = 0
    for _ in range(runs):
        end, value = run(program)
        time += end
        total += value
    return "%s/%d" % (number(time), total)


def run_all(tasks, worker):
    """Runs `tasks` workers to their end; each returns its number of wake-ups."""

    async def program(loop):
        running = [loop.create_task(worker(i)) for i in range(tasks)]
        wake_ups = 0
        for task in running:
            wake_ups += await task
        return "%s/%d" % (number(loop.time()), wake_ups)

    return run(program)


def w1(tasks, sleeps):
    async def worker(i):
        sleep = asyncio.sleep
        x = seed_of(i)
        for _ in range(sleeps):
            x = (x * 1664525 + 1013904223) & MASK
            await sleep(1 + (x >> 12))
        return sleeps

    return run_all(tasks, worker)


def w2(tasks, yields):
    async def worker(_i):
        sleep = asyncio.sleep
        for _ in range(yields):
            await sleep(0)
        return yields

    return run_all(tasks, worker)


def w3(_tasks, items):
    async def program(_loop):
        queue = asyncio.Queue(1)

        async def produce():
            for i in range(items):
                await queue.put(i)

        async def consume():
            total = 0
            for _ in range(items):
                total += await queue.get()
            return total

        _, total = await asyncio.gather(produce(), consume())
        return str(total)

    return run(program)


def w6(_tasks, timers):
    loop = VirtualLoop()
    fired = 0

    def fire():
        nonlocal fired
        fired += 1
        if fired == timers // 2:
            loop.stop()

    x, handles = 1, []
    for _ in range(timers):
        x = lcg(x)
        handles.append(loop.call_at(1 + (x >> 2), fire))
    for handle in handles[1::2]:
        handle.cancel()
    loop.run_forever()
    check = "%s/%d" % (number(loop.time()), fired)
    loop.close()
    return check


main(platform.python_version(), dict(W0=w0, W1=w1, W2=w2, W3=w3, W6=w6, W7=w1))
