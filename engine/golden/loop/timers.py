"""In what order CPython's event loop fires many timers with equal deadlines, of which many are cancelled on the way.

    python3.13 engine/golden/loop/timers.py > engine/golden/loop/timers.jsonl

A program is a list of acts: at an instant, timers are set for the instants given, and earlier ones cancelled by their number in
order of setting. More than half of a hundred timers cancelled makes the loop sweep its heap, which changes the order of the rest.
"""

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import World  # noqa: E402


def run(acts):
    world = World()
    fired, timers = [], []

    def act(whens, cancelled):
        for when in whens:
            timers.append(world.loop.call_at(when, fired.append, len(timers)))
        for number in cancelled:
            timers[number].cancel()

    for time, whens, cancelled in acts:
        world.loop.call_at(time, act, whens, cancelled)
    world.run_forever()
    world.loop.close()
    return {"acts": acts, "fired": fired}


def acts(draw, count, size, instants, share):
    made, acts = 0, []
    for time in range(count):
        whens = [time + draw.randrange(instants) / 2 for _ in range(draw.randrange(size))]
        made += len(whens)
        cancelled = [number for number in range(max(0, made - 2 * size), made) if draw.random() < share]
        acts.append([time, whens, cancelled])
    return acts


draw = random.Random(1)
programs = [[[0, [1] * 8, []]]]
# About the bounds of the sweep: more than 100 timers, of which more than half are cancelled.
programs += [
    [[0, [1] * size, sorted(draw.sample(range(size), cancelled))]]
    for size, cancelled in ((100, 60), (101, 50), (101, 51), (102, 51), (102, 52))
]
programs += [acts(draw, 6, 140, instants, share) for instants in (1, 3, 12) for share in (0.1, 0.4, 0.6, 0.8)]
programs += [acts(draw, 12, 60, 20, share) for share in (0.3, 0.5, 0.6)]
for program in programs:
    print(json.dumps(run(program), separators=(",", ":")))
