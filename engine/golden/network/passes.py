"""Log, with the number of the loop's pass, what CPython's asyncio does on the loopback of this machine.

    python3.13 passes.py > passes.txt

Every pass first gives the operating system a moment, so that what was sent in one pass can be read in the next.
"""

import asyncio
import selectors
import time


class SettledSelector(selectors.DefaultSelector):
    def select(self, timeout=None):
        time.sleep(0.004)
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    passes = 0

    def _run_once(self):
        self.passes += 1
        super()._run_once()


loop = Loop(SettledSelector())
base = 0


def mark(title):
    global base
    base = loop.passes
    print(f"# {title}")


def log(*words):
    print(loop.passes - base, *words)


async def rest(passes):
    for _ in range(passes):
        await asyncio.sleep(0)


class Named(asyncio.Protocol):
    def __init__(self, name):
        self.name = name

    def connection_made(self, transport):
        self.transport = transport
        log(self.name, "made")

    def data_received(self, data):
        log(self.name, "data", data.decode())

    def eof_received(self):
        log(self.name, "eof")

    def connection_lost(self, error):
        log(self.name, "lost", "-" if error is None else type(error).__name__)


class Echo(Named):
    def __init__(self, name):
        log(name, "factory")
        super().__init__(name)

    def data_received(self, data):
        super().data_received(data)
        if data == b"fail":
            raise ValueError("as asked")
        self.transport.write(b"re:" + data)
        if data == b"bye":
            self.transport.close()


class HalfOpen(Named):
    def eof_received(self):
        super().eof_received()
        self.transport.write(b"late")
        loop.call_soon(self.transport.close)
        return True


class Greeting(Named):
    def connection_made(self, transport):
        super().connection_made(transport)
        transport.write(b"hello")
        transport.close()


class Eager(Named):
    def connection_made(self, transport):
        super().connection_made(transport)
        transport.write(b"one")


async def serve(factory):
    server = await loop.create_server(factory, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def connect(name, port, protocol=Named):
    transport, _ = await loop.create_connection(lambda: protocol(name), "127.0.0.1", port)
    log(name, "connected")
    return transport


async def main():
    mark("a server is made")
    server = await loop.create_server(lambda: Echo("server"), "127.0.0.1", 0)
    log("made")
    port = server.sockets[0].getsockname()[1]

    mark("a client connects and writes at once")
    transport = await connect("client", port, Eager)
    await rest(5)

    mark("pieces written in one pass arrive together")
    for piece in (b"a", b"b", b"c"):
        transport.write(piece)
    await rest(5)

    mark("the server answers and closes")
    transport.write(b"bye")
    await rest(6)

    mark("the client closes")
    transport = await connect("client", port)
    await rest(3)
    log("close")
    transport.close()
    await rest(5)

    mark("the client writes and closes")
    transport = await connect("client", port)
    await rest(3)
    log("write, close")
    transport.write(b"last")
    transport.close()
    await rest(6)

    mark("the client ends its stream")
    transport = await connect("client", port)
    await rest(3)
    log("write_eof")
    transport.write_eof()
    await rest(6)

    mark("the client aborts")
    transport = await connect("client", port)
    await rest(3)
    log("abort")
    transport.abort()
    await rest(5)

    mark("the server's protocol fails")
    loop.set_exception_handler(lambda _, context: log("handler:", context["message"]))
    transport = await connect("client", port)
    await rest(3)
    log("write")
    transport.write(b"fail")
    await rest(6)

    mark("reading is paused and resumed")
    transport = await connect("client", port, Eager)
    transport.pause_reading()
    await rest(4)
    log("resume")
    transport.resume_reading()
    await rest(3)

    mark("the server closes while a client is there")
    waiting = asyncio.create_task(server.wait_closed())
    waiting.add_done_callback(lambda _: log("server closed"))
    server.close()
    await rest(3)
    log("close")
    transport.close()
    await rest(6)

    mark("nobody listens")
    try:
        await connect("client", port)
    except ConnectionRefusedError:
        log("refused")

    mark("three clients connect at once")
    server, port = await serve(lambda: Echo("server"))
    log("serving")
    tasks = [asyncio.create_task(connect(f"client {i}", port, Eager)) for i in range(3)]
    transports = await asyncio.gather(*tasks)
    log("all connected")
    await rest(4)
    for transport in transports:
        transport.close()
    await rest(6)
    server.close()

    mark("the server greets and closes")
    server, port = await serve(lambda: Greeting("server"))
    log("serving")
    await connect("client", port)
    await rest(5)
    server.close()

    mark("the server keeps its direction open")
    server, port = await serve(lambda: HalfOpen("server"))
    log("serving")
    transport = await connect("client", port)
    await rest(3)
    log("write_eof")
    transport.write_eof()
    await rest(8)

    mark("serve_forever is cancelled")
    task = asyncio.create_task(server.serve_forever())
    task.add_done_callback(lambda task: log("cancelled" if task.cancelled() else "done"))
    await rest(3)
    log("cancel")
    task.cancel()
    await rest(5)


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, name, answers):
        log(name, "factory")
        self.name = name
        self.answers = answers

    def connection_made(self, transport):
        self.transport = transport
        log(self.name, "made")

    def datagram_received(self, data, address):
        log(self.name, "data", data.decode())
        if self.answers:
            self.transport.sendto(b"re:" + data, address)

    def error_received(self, error):
        log(self.name, "error", type(error).__name__)

    def connection_lost(self, error):
        log(self.name, "lost", "-" if error is None else type(error).__name__)


async def datagrams():
    mark("endpoints for datagrams are made")
    server, _ = await loop.create_datagram_endpoint(
        lambda: Datagrams("server", True), local_addr=("127.0.0.1", 0)
    )
    log("server there")
    address = server.get_extra_info("sockname")
    client, _ = await loop.create_datagram_endpoint(
        lambda: Datagrams("client", False), remote_addr=address
    )
    log("client there")

    mark("three datagrams are answered, one a pass")
    for data in (b"one", b"two", b"three"):
        client.sendto(data)
    await rest(6)

    mark("the server closes, and datagrams are refused")
    server.close()
    await rest(3)
    log("sendto")
    client.sendto(b"four")
    await rest(3)
    log("sendto")
    client.sendto(b"five")
    client.sendto(b"six")
    await rest(3)
    log("close")
    client.close()
    await rest(3)


asyncio.set_event_loop(loop)
loop.run_until_complete(main())
loop.run_until_complete(datagrams())
