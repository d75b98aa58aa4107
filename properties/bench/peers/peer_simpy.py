"""SimPy, in its own idiom: processes that yield timeouts. It is found through PYTHONPATH."""

from importlib.metadata import PackageNotFoundError, version

import simpy
from harness import MASK, lcg, main, number, seed_of


def w0(_tasks, runs):
    total = time = 0

    def program():
        nonlocal total
        total += 1
        return
        yield

    for _ in range(runs):
        env = simpy.Environment()
        env.process(program())
        env.run()
        time += env.now
    return "%s/%d" % (number(time), total)


def run_all(tasks, make_worker):
    env = simpy.Environment()
    wake_ups = [0]
    worker = make_worker(env, wake_ups)
    for i in range(tasks):
        env.process(worker(i))
    env.run()
    return "%s/%d" % (number(env.now), wake_ups[0])


def w1(tasks, sleeps):
    def make_worker(env, wake_ups):
        def worker(i):
            x = seed_of(i)
            for _ in range(sleeps):
                x = (x * 1664525 + 1013904223) & MASK
                yield env.timeout(1 + (x >> 12))
            wake_ups[0] += sleeps

        return worker

    return run_all(tasks, make_worker)


def w2(tasks, yields):
    def make_worker(env, wake_ups):
        def worker(_i):
            for _ in range(yields):
                yield env.timeout(0)
            wake_ups[0] += yields

        return worker

    return run_all(tasks, make_worker)


def w6(_tasks, timers):
    """SimPy cannot cancel: the callback is taken away, and the dead entry is popped all the same."""
    env, fired, last = simpy.Environment(), 0, 0

    def fire(_event):
        nonlocal fired, last
        fired += 1
        last = env.now

    x, events = 1, []
    for _ in range(timers):
        x = lcg(x)
        event = env.timeout(1 + (x >> 2))
        event.callbacks.append(fire)
        events.append(event)
    for event in events[1::2]:
        event.callbacks.remove(fire)
    env.run()
    return "%s/%d" % (number(last), fired)


def simpy_version():
    try:
        return version("simpy")
    except PackageNotFoundError:
        return getattr(simpy, "__version__", "")


main(simpy_version(), dict(W0=w0, W1=w1, W2=w2, W6=w6, W7=w1))
