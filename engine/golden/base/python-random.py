"""Draws from CPython's random.Random, for engine/base/python-random.test.ts: a line [seed, {method: draws}] for each seed.

    python engine/golden/base/python-random.py > engine/golden/base/python-random.jsonl
"""

import json
import random

METHODS = {
    "random": lambda r: r.random(),
    "getrandbits(5)": lambda r: r.getrandbits(5),
    "getrandbits(53)": lambda r: r.getrandbits(53),
    "uniform(-3, 7)": lambda r: r.uniform(-3, 7),
    "randint(-5, 1000)": lambda r: r.randint(-5, 1000),
    "randint(0, 2**40)": lambda r: r.randint(0, 2**40),
    "randrange(3, 90, 7)": lambda r: r.randrange(3, 90, 7),
    "choice": lambda r: r.choice("abcdefg"),
    "choices": lambda r: "".join(r.choices("abc", weights=[1, 2, 3], k=3)),
    "sample": lambda r: r.sample(range(100), 7),
    "sample of few": lambda r: r.sample(range(8), 4),
    "triangular(1, 9, 3)": lambda r: r.triangular(1, 9, 3),
    "expovariate(0.2)": lambda r: r.expovariate(0.2),
    "normalvariate(10, 2)": lambda r: r.normalvariate(10, 2),
    "gauss(1, 3)": lambda r: r.gauss(1, 3),
    "lognormvariate(0, 0.5)": lambda r: r.lognormvariate(0, 0.5),
    "gammavariate(3.5, 2)": lambda r: r.gammavariate(3.5, 2),
    "gammavariate(0.5, 2)": lambda r: r.gammavariate(0.5, 2),
    "betavariate(2, 3)": lambda r: r.betavariate(2, 3),
    "paretovariate(3)": lambda r: r.paretovariate(3),
    "weibullvariate(2, 1.5)": lambda r: r.weibullvariate(2, 1.5),
}


def shuffled(generator):
    items = list(range(20))
    generator.shuffle(items)
    return items


METHODS["shuffle"] = shuffled

for seed in [0, 1, 42, -7, 2**31, 123456789012345678901234567890]:
    draws = {name: [method(g) for _ in range(20)] for name, method in METHODS.items() for g in [random.Random(seed)]}
    print(json.dumps([str(seed), draws]))
