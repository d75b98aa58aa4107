import { describeValue } from "../../base/describe.ts";
"""Let CPython's StreamReader run random programs, and write down what each of them does.

    python3.13 stream_reader.py > stream_reader.jsonl

A program is a limit, a list of reads, which one task makes one after another, and a list of feeds, one a pass. Its log has a line for
each read that ended, with the number of the pass, and one each time the transport is paused or resumed.
"""

import asyncio
import json
import random


class FakeTransport:
    def __init__(self, log):
        self.log = log

    def pause_reading(self):
        self.log("pause")

    def resume_reading(self):
        self.log("resume")


def text(data):
    return data.decode("latin-1")


def describeValue(error):
    if isinstance(error, asyncio.IncompleteReadError):
        return f"IncompleteReadError {text(error.partial)!r} {error.expected}".replace("None", "null")
    if isinstance(error, asyncio.LimitOverrunError):
        return f"LimitOverrunError {error.consumed} {error}"
    if isinstance(error, ValueError):
        return f"RangeError {error}"
    return f"{type(error).__name__} {error}"


def call(reader, read):
    name, argument = read
    if name == "read":
        return reader.read(argument)
    if name == "readexactly":
        return reader.readexactly(argument)
    if name == "readline":
        return reader.readline()
    return reader.readuntil(tuple(s.encode() for s in argument))


def run(program):
    lines = []

    async def main():
        loop = asyncio.get_running_loop()
        passes = 0

        def count():
            nonlocal passes
            passes += 1
            loop.call_soon(count)

        def log(line):
            lines.append(f"{passes} {line}")

        reader = asyncio.StreamReader(limit=program["limit"])
        reader.set_transport(FakeTransport(log))

        async def consume():
            for read in program["reads"]:
                try:
                    result = await call(reader, read)
                    log(f"{read[0]} {text(result)!r}")
                except Exception as error:
                    log(f"{read[0]} {describeValue(error)}")
                log(f"{'eof' if reader.at_eof() else 'more'} {repr(reader).split(' transport')[0]}")

        count()
        task = asyncio.create_task(consume())
        for feed in program["feeds"]:
            if feed is None:
                pass
            elif feed == "EOF":
                reader.feed_eof()
            elif feed == "ERROR":
                reader.set_exception(OSError("broken"))
            else:
                reader.feed_data(feed.encode())
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        log("done" if task.done() else "waiting")
        task.cancel()

    asyncio.run(main())
    return lines


def generate(rng):
    def piece():
        return "".join(rng.choice("ab\n") for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 13])))

    def read():
        name = rng.choice(["read", "readexactly", "readline", "readline", "readuntil", "readuntil"])
        if name == "read":
            return [name, rng.choice([-1, 0, 1, 2, 5, 20])]
        if name == "readexactly":
            return [name, rng.choice([0, 1, 2, 5, 12])]
        if name == "readline":
            return [name, None]
        separators = ["\n", "ab", "ba", "aab", "bb\n", "abab"]
        return [name, rng.sample(separators, rng.choice([1, 1, 2, 3]))]

    feeds = [rng.choice([None, piece(), piece(), piece()]) for _ in range(rng.randrange(10))]
    end = rng.choice(["EOF", "EOF", "ERROR", None])
    if end is not None:
        feeds.append(end)
    return {
        "limit": rng.choice([1, 2, 3, 5, 8, 100]),
        "reads": [read() for _ in range(rng.randrange(1, 8))],
        "feeds": feeds,
    }


def main():
    rng = random.Random(20261122)
    for _ in range(300):
        program = generate(rng)
        print(json.dumps({**program, "log": run(program)}))


main()
