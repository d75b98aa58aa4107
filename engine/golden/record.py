"""Runs small programs on CPython's event loop, on a virtual clock, and writes down their logs by the titles of the tests that repeat them.

The scripts in the directories beside this one, one for each room, use it; tests of the same titles compare their logs with what it wrote.
"""

import asyncio
import inspect
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "properties" / "conformance" / "python"))
from vloop import Deadlock, VirtualClockLoop, install_ordered_sets  # noqa: E402

install_ordered_sets()


class Boom(Exception):
    """What the programs fail with."""


class World:
    """A loop, and a log whose lines begin with the time."""

    def __init__(self):
        self.loop = VirtualClockLoop()
        self.log = []

    def say(self, text):
        time = self.loop.time()
        text = text.replace("True", "true").replace("False", "false").replace("None", "undefined")
        self.log.append(f"{int(time) if time == int(time) else repr(time)} {text}")

    def later(self, text):
        return lambda *_: self.say(text)

    def run_forever(self):
        """Run until nothing is left that could happen."""
        try:
            self.loop.run_forever()
        except Deadlock:
            pass

    def run(self, main):
        """As asyncio.run, but for errors, which become a line."""
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(main)
        except BaseException as error:
            self.log.append(f"main failed: {text_of(error)}")
        left = [task for task in self.loop.tasks_created if not task.done()]
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        asyncio.set_event_loop(None)


def text_of(error):
    """An error as a line: its class, and its message if it has one."""
    name = {"ValueError": "RangeError"}.get(type(error).__name__, type(error).__name__)
    return f"{name}: {error}" if str(error) else name


_programs = {}


def program(title):
    """Register a function of a World, or a coroutine function, which is then the main program, under the title of a test."""

    def register(function):
        assert title not in _programs, title
        _programs[title] = function
        return function

    return register


def write_logs():
    """Run all programs and print the title and the log of each as a line of JSON."""
    for title, function in _programs.items():
        world = World()
        if inspect.iscoroutinefunction(function):
            world.run(function(world))
        else:
            function(world)
        world.loop.close()
        print(json.dumps([title, world.log], ensure_ascii=False))
