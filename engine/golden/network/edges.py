"""Log what CPython's asyncio does with streams and transports at their edges, on the loopback of this machine.

    python3.13 edges.py > edges.txt
"""

import asyncio
import logging

logging.disable(logging.CRITICAL)
log = print


def name_of(error):
    return type(error).__name__


async def rest():
    await asyncio.sleep(0.05)


def attempt(what, call):
    try:
        log(what, call())
    except Exception as error:
        log(what, name_of(error))


async def awaited(what, awaitable):
    try:
        result = await awaitable
        log(what, len(result) if isinstance(result, bytes) else result)
    except asyncio.IncompleteReadError as error:
        log(what, name_of(error), len(error.partial), error.expected)
    except asyncio.LimitOverrunError as error:
        log(what, name_of(error), error.consumed)
    except (Exception, asyncio.CancelledError) as error:
        log(what, name_of(error))


def port_of(server):
    return server.sockets[0].getsockname()[1]


class Named(asyncio.Protocol):
    def __init__(self, name, **how):
        self.name = name
        self.how = how

    def connection_made(self, transport):
        self.transport = transport
        log(self.name, "made")
        self.how.get("made", lambda each: None)(self)

    def data_received(self, data):
        log(self.name, "data", len(data))
        self.how.get("data", lambda each: None)(self)

    def eof_received(self):
        log(self.name, "eof")
        return self.how.get("eof", lambda each: None)(self)

    def connection_lost(self, error):
        log(self.name, "lost", name_of(error))
        self.how.get("lost", lambda each: None)(self)

    def pause_writing(self):
        log(self.name, "pauses writing")

    def resume_writing(self):
        log(self.name, "resumes writing")


async def pair(server_how=None, client_how=None):
    loop = asyncio.get_running_loop()
    made = []

    def factory():
        made.append(Named("server", **(server_how or {})))
        return made[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    transport, client = await loop.create_connection(
        lambda: Named("client", **(client_how or {})), "127.0.0.1", port_of(server)
    )
    await rest()
    return server, made[0], client


async def streams(limit=64 * 1024, **options):
    """A server of streams, and both ends of a connection to it."""
    got = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda *ends: got.set_result(ends), "127.0.0.1", 0, limit=limit, **options)
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server), limit=limit)
    return server, reader, writer, *await got


async def limits():
    log("# a line longer than the limit, its end there and not")
    server, reader, writer, _, peer = await streams(10)
    peer.write(b"123456789012345\nabc\n")
    await rest()
    await awaited("readuntil", reader.readuntil(b"\n"))
    await awaited("readuntil", reader.readuntil(b"\n"))
    await awaited("readline", reader.readline())
    await awaited("readline", reader.readline())
    peer.write(b"x" * 25)
    await rest()
    await awaited("readuntil", reader.readuntil(b"\n"))
    await awaited("readline", reader.readline())
    peer.write(b"y" * 8 + b"\n")
    await rest()
    await awaited("readline", reader.readline())
    peer.write(b"abwz\n")
    await rest()
    await awaited("readuntil several", reader.readuntil((b"z\n", b"wz\n", b"\n")))
    await awaited("read none", reader.read(0))
    peer.write(b"q" * 50)
    await awaited("readexactly", reader.readexactly(50))
    peer.write(b"tail")
    peer.close()
    await rest()
    await awaited("readuntil", reader.readuntil(b"\n"))
    await awaited("readexactly", reader.readexactly(3))
    await awaited("readline", reader.readline())
    await awaited("read", reader.read())
    log(reader.at_eof())
    writer.close()
    server.close()


async def exact_limit():
    log("# a line of exactly the limit, and one more")
    for count in [9, 10, 11]:
        server, reader, writer, _, peer = await streams(10)
        peer.write(b"x" * count + b"\n")
        await rest()
        await awaited("readuntil", reader.readuntil(b"\n"))
        writer.close()
        peer.close()
        server.close()


async def peer_closed():
    log("# writing on after the other side closed")
    server, reader, writer, _, peer = await streams()
    peer.close()
    await rest()
    await awaited("read", reader.read())
    log(writer.is_closing())
    for _ in range(3):
        writer.write(b"x")
        await awaited("drain", writer.drain())
        await rest()
    log(writer.is_closing(), name_of(reader.exception()))
    await awaited("read", reader.read())
    await awaited("wait_closed", writer.wait_closed())
    server.close()


async def half_close():
    log("# both sides end their directions, one after the other")
    server, reader, writer, peer_reader, peer = await streams()
    writer.write(b"abc")
    writer.write_eof()
    await awaited("peer reads", peer_reader.read())
    peer.write(b"defg")
    await rest()
    log(writer.is_closing(), peer.is_closing())
    peer.write_eof()
    await awaited("reads", reader.read())
    await rest()
    log(writer.is_closing(), peer.is_closing())
    attempt("write", lambda: writer.write(b"x"))
    writer.close()
    peer.close()
    await awaited("wait_closed", writer.wait_closed())
    await awaited("wait_closed", peer.wait_closed())
    server.close()


async def aborted():
    log("# abort with much unsent")
    server, one, client = await pair()
    one.transport.pause_reading()
    client.transport.write(bytes(50_000_000))
    log(client.transport.get_write_buffer_size() > 0)
    client.transport.abort()
    log(client.transport.get_write_buffer_size(), client.transport.is_closing())
    await rest()
    server.close()
    log("# abort while the other side has unread data of mine, and I of it")
    server, one, client = await pair()
    client.transport.pause_reading()
    await rest()
    one.transport.write(b"abc")
    await rest()
    client.transport.abort()
    await rest()
    server.close()


async def close_flushes():
    log("# close with much unsent")
    count = 0

    class Counting(asyncio.Protocol):
        def data_received(self, data):
            nonlocal count
            count += len(data)

        def connection_lost(self, error):
            log("counted", count, name_of(error))

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Counting, "127.0.0.1", 0)
    transport, _ = await loop.create_connection(lambda: Named("client"), "127.0.0.1", port_of(server))
    transport.write(bytes(10_000_000))
    transport.close()
    attempt("write", lambda: transport.write(b"x"))
    log(transport.is_closing(), transport.get_write_buffer_size() > 0)
    await asyncio.sleep(0.5)
    server.close()


async def server_closed():
    log("# a server that is closed, its clients still there")
    server, one, client = await pair()
    server.close()
    client.transport.write(b"abc")
    await rest()
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(awaited("server.wait_closed", server.wait_closed()))
    await rest()
    log("waiting", not waiting.done(), server.is_serving(), len(server.sockets))
    client.transport.close()
    await waiting
    await awaited("server.wait_closed", server.wait_closed())


async def orders():
    log("# who hears of the end first")
    server, reader, writer, peer_reader, peer = await streams()
    tasks = [
        asyncio.create_task(awaited(name, awaitable))
        for name, awaitable in [
            ("server.wait_closed", server.wait_closed()),
            ("peer.wait_closed", peer.wait_closed()),
            ("peer reads", peer_reader.read()),
            ("writer.wait_closed", writer.wait_closed()),
            ("reads", reader.read()),
        ]
    ]
    await rest()
    server.close()
    writer.close()
    await rest()
    peer.close()
    await asyncio.wait(tasks)


async def lost_with():
    log("# what connection_lost is told")
    for what in ["close", "abort", "write_eof"]:
        server, one, client = await pair()
        getattr(client.transport, what)()
        await rest()
        one.transport.close()
        await rest()
        server.close()

    def fail(each):
        raise ValueError

    server, one, client = await pair({"data": fail})
    client.transport.write(b"abc")
    await rest()
    server.close()
    server, one, client = await pair()
    one.transport.pause_reading()
    client.transport.write(b"abc")
    await rest()
    one.transport.abort()
    await rest()
    server.close()


async def pauses():
    log("# reading is paused by the data")
    server, one, client = await pair({"data": lambda each: each.transport.pause_reading()})
    client.transport.write(b"abc")
    await rest()
    client.transport.write(b"defgh")
    client.transport.write_eof()
    await rest()
    log("resume")
    one.transport.resume_reading()
    await rest()
    log("resume")
    one.transport.resume_reading()
    await rest()
    server.close()
    log("# the other side resets while reading is paused")
    server, one, client = await pair()
    one.transport.pause_reading()
    client.transport.pause_reading()
    await rest()
    one.transport.write(b"abc")
    await rest()
    client.transport.abort()
    await rest()
    log("closing", one.transport.is_closing())
    one.transport.write(b"x")
    await rest()
    server.close()


async def no_buffer():
    log("# write buffer limits of 0")
    server, one, client = await pair()
    client.transport.set_write_buffer_limits(0)
    client.transport.write(b"abc")
    await rest()
    one.transport.pause_reading()
    await rest()
    client.transport.write(bytes(20_000_000))
    log("paused")
    client.transport.abort()
    await rest()
    one.transport.abort()
    await rest()
    server.close()


async def in_made():
    log("# close, abort, write and close when the connection is made")
    for act in [
        lambda each: each.transport.close(),
        lambda each: each.transport.abort(),
        lambda each: (each.transport.write(b"abc"), each.transport.close()),
        lambda each: (each.transport.write(b"abc"), each.transport.write_eof()),
        lambda each: each.transport.pause_reading(),
    ]:
        server, one, client = await pair({"made": act})
        client.transport.write(b"12345")
        await rest()
        client.transport.close()
        await rest()
        server.close()
        server.close_clients()
        await rest()


async def in_eof():
    log("# writing when the other side has ended")
    for result in [None, True]:

        def eof(each):
            each.transport.write(b"abc")
            return result

        server, one, client = await pair({"eof": eof})
        client.transport.write_eof()
        await rest()
        client.transport.close()
        one.transport.close()
        await rest()
        server.close()


async def in_lost():
    log("# writing and closing when the connection is lost")

    def lost(each):
        attempt("write", lambda: each.transport.write(b"x"))
        attempt("write_eof", lambda: each.transport.write_eof())
        attempt("close", lambda: each.transport.close())
        attempt("abort", lambda: each.transport.abort())
        log(each.transport.is_closing(), each.transport.is_reading())

    server, one, client = await pair({"lost": lost})
    client.transport.close()
    await rest()
    server.close()


async def extra():
    log("# extra information")
    server, one, client = await pair()
    log(client.transport.get_extra_info("peername") == one.transport.get_extra_info("sockname"))
    log(one.transport.get_extra_info("peername") == client.transport.get_extra_info("sockname"))
    for key in ["sslcontext", "cipher", "compression", "nothing"]:
        log(key, client.transport.get_extra_info(key), client.transport.get_extra_info(key, 5))
    name = client.transport.get_extra_info("peername")
    client.transport.close()
    await rest()
    log(client.transport.get_extra_info("peername") == name)
    server.close()


class Dgram(asyncio.DatagramProtocol):
    def __init__(self, name):
        self.name = name

    def connection_made(self, transport):
        log(self.name, "made")

    def datagram_received(self, data, address):
        log(self.name, "got", len(data))

    def error_received(self, error):
        log(self.name, "error", name_of(error))

    def connection_lost(self, error):
        log(self.name, "lost", name_of(error))


async def datagrams():
    log("# datagrams: nobody there, wrong addresses, none, after close")
    loop = asyncio.get_running_loop()
    bound, _ = await loop.create_datagram_endpoint(lambda: Dgram("bound"), local_addr=("127.0.0.1", 0))
    port = bound.get_extra_info("sockname")[1]
    connected, _ = await loop.create_datagram_endpoint(lambda: Dgram("connected"), remote_addr=("127.0.0.1", port))
    connected.sendto(b"abc")
    connected.sendto(b"")
    connected.sendto(b"abcd", ("127.0.0.1", port))
    await rest()
    attempt("other address", lambda: connected.sendto(b"x", ("127.0.0.1", port + 1)))
    log(connected.get_write_buffer_size(), connected.is_closing())
    bound.close()
    await rest()
    connected.sendto(b"1")
    await rest()
    connected.sendto(b"2")
    await rest()
    connected.abort()
    await rest()
    attempt("after close", lambda: connected.sendto(b"x"))
    try:
        await loop.create_datagram_endpoint(lambda: Dgram("nowhere"))
    except Exception as error:
        log(name_of(error))


async def cancelled():
    log("# cancelled in read, drain and wait_closed")
    server, reader, writer, peer_reader, peer = await streams()
    for name, awaitable in [("read", reader.read(5)), ("readline", reader.readline()), ("wait_closed", writer.wait_closed())]:
        task = asyncio.create_task(awaited(name, awaitable))
        await rest()
        task.cancel()
        await task
    peer.write(b"abc\n")
    await awaited("readline", reader.readline())
    writer.close()
    await awaited("wait_closed", writer.wait_closed())
    await awaited("peer reads", peer_reader.read())
    peer.close()
    server.close()


async def takes_over():
    log("# another protocol takes over in the middle of data")
    server, one, client = await pair({"data": lambda each: each.transport.set_protocol(Named("successor"))})
    client.transport.write(b"abc")
    await rest()
    client.transport.write(b"defgh")
    await rest()
    client.transport.close()
    await rest()
    server.close()


async def factories():
    log("# a factory that fails, and nobody who listens")

    def fail():
        raise ValueError

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Named("server"), "127.0.0.1", 0)
    await awaited("create_connection", loop.create_connection(fail, "127.0.0.1", port_of(server)))
    await rest()
    server.close()
    await awaited("create_connection", loop.create_connection(lambda: Named("client"), "127.0.0.1", 1))


async def forever():
    log("# serve_forever ends")
    loop = asyncio.get_running_loop()
    for how in ["cancel", "close"]:
        server, one, client = await pair()
        task = asyncio.create_task(awaited("serve_forever", server.serve_forever()))
        await rest()
        if how == "cancel":
            task.cancel()
        else:
            server.close()
        await rest()
        log("done", task.done(), server.is_serving())
        client.transport.close()
        await rest()
        log("done", task.done())
        if not task.done():
            one.transport.abort()
            await rest()
            log("done", task.done())


async def lines():
    log("# all lines, one after the other")
    server, reader, writer, _, peer = await streams()
    peer.write(b"a\nbcd\nlast")
    peer.write_eof()
    async for line in reader:
        log(len(line))
    log(reader.at_eof())
    peer.close()
    writer.close()
    server.close()


async def handlers():
    log("# handlers: plain, failing, cancelled")

    async def fails(reader, writer):
        raise ValueError

    async def cancels(reader, writer):
        raise asyncio.CancelledError

    def plain(reader, writer):
        writer.write(b"abc")
        writer.close()

    for handler in [fails, cancels, plain]:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        await awaited("read", reader.read())
        writer.close()
        await awaited("wait_closed", writer.wait_closed())
        server.close()
        await awaited("server.wait_closed", server.wait_closed())


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda _, context: log("reported", name_of(context.get("exception")))
    )
    for program in [limits, exact_limit, peer_closed, half_close, aborted, close_flushes, server_closed, orders, lost_with, pauses,
                    no_buffer, in_made, in_eof, in_lost, extra, datagrams, cancelled, takes_over, factories, forever, lines, handlers]:
        await program()
        await rest()


asyncio.run(main())
