"""Import this, and CPython's asyncio, as it stands, runs on a virtual clock, so that nobody waits for a program of the docs.

    python3.13 -c 'import virtual_clock; exec(open("program.py").read())' 15:27:26

Sockets are real ones of this machine's loopback: before the clock moves, they have a moment to become ready. Servers listen on any free port instead
of the one they name. `time.strftime` reads a clock that shows the time given when the loop's clock shows 0.
"""

import asyncio
import functools
import selectors
import sys
import time

MOMENT = 0.03


class Selector(selectors.DefaultSelector):
    """Waits a moment of real time for sockets; when nothing comes of it, moves the loop's clock to the next timer."""

    loop = None

    def select(self, timeout=None):
        has_sockets = len(self.get_map()) > 1  # The loop's own pipe is always there.
        ready = super().select(0 if timeout == 0 or not has_sockets else MOMENT)
        if not ready and timeout != 0:
            if not self.loop._scheduled:
                raise RuntimeError("deadlock: nothing is ready and no timer is pending")
            self.loop.now = self.loop._scheduled[0].when()
        return ready


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.now = 0.0
        self.ports = {}
        selector = Selector()
        super().__init__(selector)
        selector.loop = self

    def time(self):
        return self.now

    async def create_server(self, factory, host=None, port=None, **options):
        server = await super().create_server(factory, host, 0, **options)
        self.ports[port] = server.sockets[0].getsockname()[1]
        return server

    async def create_connection(self, factory, host=None, port=None, **options):
        return await super().create_connection(factory, host, self.ports.get(port, port), **options)


def start():
    """The seconds from midnight at which the wall clock starts."""
    hours, minutes, seconds = (sys.argv[1] if len(sys.argv) > 1 else "00:00:00").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


real_strftime = time.strftime
time.strftime = lambda format: real_strftime(format, time.gmtime(start() + asyncio.get_running_loop().time()))
asyncio.run = functools.partial(asyncio.run, loop_factory=Loop)
