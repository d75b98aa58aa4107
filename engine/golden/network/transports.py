"""Log what CPython's asyncio tells protocols on the loopback of this machine: in which order, and with which errors.

    python3.13 transports.py > transports.txt
"""

import asyncio
import logging

logging.disable(logging.CRITICAL)
log = print


class Named(asyncio.Protocol):
    def __init__(self, name):
        self.name = name

    def connection_made(self, transport):
        self.transport = transport
        log(self.name, "made")

    def data_received(self, data):
        log(self.name, "data", len(data))

    def eof_received(self):
        log(self.name, "eof")

    def connection_lost(self, error):
        log(self.name, "lost", type(error).__name__)


class Buffered(asyncio.BufferedProtocol):
    def __init__(self, name, size):
        self.name = name
        self.size = size

    def connection_made(self, transport):
        log(self.name, "made")

    def get_buffer(self, size_hint):
        log(self.name, "lends", self.size, "when asked for", size_hint)
        return bytearray(self.size)

    def buffer_updated(self, count):
        log(self.name, "got", count)

    def eof_received(self):
        log(self.name, "eof")

    def connection_lost(self, error):
        log(self.name, "lost", type(error).__name__)


class FailsWhenMade(Named):
    def connection_made(self, transport):
        super().connection_made(transport)
        raise ValueError


class FailsAtEof(Named):
    def eof_received(self):
        super().eof_received()
        raise ValueError


class FailsWhenLost(Named):
    def connection_lost(self, error):
        super().connection_lost(error)
        raise ValueError


class HalfOpen(Named):
    def eof_received(self):
        super().eof_received()
        return True


class Deaf(Named):
    def connection_made(self, transport):
        super().connection_made(transport)
        transport.pause_reading()
        transport.pause_reading()
        log("reading", transport.is_reading())


def attempt(what, call):
    try:
        call()
        log(what, "ok")
    except Exception as error:
        log(what, type(error).__name__)


async def awaited(what, awaitable):
    try:
        await awaitable
        log(what, "ok")
    except (Exception, asyncio.CancelledError) as error:
        log(what, type(error).__name__)


async def rest():
    await asyncio.sleep(0.05)


def port_of(server):
    return server.sockets[0].getsockname()[1]


async def connect(server, name="client"):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(lambda: Named(name), "127.0.0.1", port_of(server))
    return transport


async def pair(factory):
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    return server, await connect(server)


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: log("reported", type(context["exception"]).__name__))

    log("# a protocol lends its buffer")
    server, client = await pair(lambda: Buffered("server", 10))
    client.write(bytes(25))
    await rest()
    client.write_eof()
    await rest()
    log("closing", client.is_closing())
    server.close()

    log("# an empty buffer is an error")
    server, client = await pair(lambda: Buffered("server", 0))
    client.write(bytes(25))
    await rest()
    server.close()

    log("# close_clients")
    server, client = await pair(lambda: Named("server"))
    await connect(server, "other client")
    await rest()
    server.close()
    log("closed")
    server.close_clients()
    await awaited("wait_closed", server.wait_closed())
    await rest()

    log("# abort_clients")
    server, client = await pair(lambda: Named("server"))
    await rest()
    server.close()
    server.abort_clients()
    await awaited("wait_closed", server.wait_closed())
    await rest()

    log("# what a closed transport takes")
    server, client = await pair(lambda: Named("server"))
    client.close()
    client.close()
    attempt("write", lambda: client.write(b"x"))
    attempt("write_eof", client.write_eof)
    attempt("pause_reading", client.pause_reading)
    attempt("resume_reading", client.resume_reading)
    attempt("abort", client.abort)
    log(client.is_closing(), client.is_reading(), client.get_write_buffer_size())
    await rest()
    attempt("write", lambda: client.write(b"x"))
    server.close()
    server.close()
    await awaited("serve_forever", server.serve_forever())
    log(server.is_serving(), len(server.sockets))

    log("# what may follow write_eof")
    server, client = await pair(lambda: Named("server"))
    client.write(b"ab")
    client.write_eof()
    attempt("write_eof", client.write_eof)
    attempt("write", lambda: client.write(b"x"))
    attempt("write nothing", lambda: client.write(b""))
    attempt("writelines", lambda: client.writelines([]))
    log(client.can_write_eof(), client.is_closing())
    await rest()
    log(client.is_closing())
    server.close()

    log("# water marks")
    server, client = await pair(lambda: Named("server"))
    log(*client.get_write_buffer_limits())
    for limits in [{"high": 100}, {"low": 100}, {"high": 10, "low": 5}, {"high": 0}, {}]:
        client.set_write_buffer_limits(**limits)
        log(*client.get_write_buffer_limits())
    attempt("high below low", lambda: client.set_write_buffer_limits(high=1, low=2))
    attempt("high below 0", lambda: client.set_write_buffer_limits(high=-1))
    client.abort()
    await rest()
    server.close()

    log("# another protocol takes over")
    server, client = await pair(lambda: Named("server"))
    client.set_protocol(Named("successor"))
    client.write(b"1")
    log(client.get_protocol().name)
    await rest()
    client.close()
    await rest()
    server.close()

    for failing in [FailsWhenMade, FailsAtEof, FailsWhenLost]:
        log("#", failing.__name__)
        server, client = await pair(lambda: failing("server"))
        await rest()
        client.write(b"abc")
        await rest()
        client.close()
        await rest()
        server.close()
        await awaited("wait_closed", server.wait_closed())

    log("# eof_received keeps the connection open")
    server, client = await pair(lambda: HalfOpen("server"))
    client.write_eof()
    await rest()
    log("closing", client.is_closing())
    server.close_clients()
    await rest()
    log("closing", client.is_closing())
    server.close()

    log("# the other side closes while reading is paused")
    deaf = Deaf("server")
    server, client = await pair(lambda: deaf)
    client.write(b"abc")
    client.close()
    await rest()
    deaf.transport.resume_reading()
    log("reading", deaf.transport.is_reading())
    await rest()
    server.close()

    log("# a server that begins later")
    server = await loop.create_server(lambda: Named("server"), "127.0.0.1", 0, start_serving=False)
    log("serving", server.is_serving())
    await awaited("connect", connect(server))
    await server.start_serving()
    await server.start_serving()
    log("serving", server.is_serving())
    client = await connect(server)
    forever = asyncio.create_task(server.serve_forever())
    await rest()
    await awaited("serve_forever again", server.serve_forever())
    forever.cancel()
    client.close()
    await awaited("serve_forever", forever)
    log("serving", server.is_serving())
    await rest()

    log("# written and aborted at once")
    server, client = await pair(lambda: Named("server"))
    client.write(bytes(10))
    client.abort()
    await rest()
    server.close()


asyncio.run(main())
