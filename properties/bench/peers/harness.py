"""Measures one program of a Python peer, as measure.ts does for the programs in JavaScript.

`python peer_x.py <subject> <workload> <scale>` prints one line of JSON. Sizes mirror ../workloads.
"""

import json
import platform
import resource
import sys
import time

MASK = 0xFFFFFFFF


def lcg(x):
    return (x * 1664525 + 1013904223) & MASK


def seed_of(i):
    return ((i + 1) * 2654435761) & MASK


def scaled(count, scale):
    return max(1, int(count * scale + 0.5))


def sizes(workload, scale):
    """(number of tasks, repetitions in each, units of work)"""
    if workload == "W0":
        runs = scaled(10_000, scale)
        return 1, runs, runs
    if workload == "W1":
        sleeps = scaled(1000, scale)
        return 1000, sleeps, 1000 * sleeps
    if workload == "W2":
        yields = scaled(10_000, scale)
        return 100, yields, 100 * yields
    if workload == "W3":
        items = scaled(200_000, scale)
        return 2, items, items
    if workload == "W6":
        timers = 2 * scaled(500_000, scale)
        return 1, timers, timers
    if workload == "W7":
        tasks = scaled(1_000_000, scale)
        return tasks, 1, tasks
    raise SystemExit("no sizes for workload " + workload)


def number(t):
    """An integral time without a fraction, so that checksums compare as text."""
    return str(int(t)) if t == int(t) else repr(t)


def peak_memory():
    """MiB; from the status file where there is one, because ru_maxrss starts at the forking parent's."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def once(program, tasks, times):
    cpu, wall = time.process_time(), time.perf_counter()
    check = program(tasks, times)
    return time.process_time() - cpu, time.perf_counter() - wall, check


def main(version, programs):
    """`programs`: a function (tasks, repetitions) -> checksum for each workload."""
    _subject, workload, scale = sys.argv[1], sys.argv[2], float(sys.argv[3])
    tasks, times, units = sizes(workload, scale)
    first = once(programs[workload], tasks, times)
    peak = peak_memory()
    # An interpreter has nothing to compile: one repetition tells both figures.
    print(
        json.dumps(
            dict(
                version=version,
                runtime=platform.python_implementation() + " " + platform.python_version(),
                units=units,
                seconds=first[1],
                cpu=first[0],
                warm=first[0],
                peak=peak,
                check=first[2],
            )
        )
    )
