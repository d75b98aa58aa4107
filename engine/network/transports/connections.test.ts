import test from "ava";
import { withoutPlaces } from "../../golden/recorded-logs.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { NetworkError } from "../errors.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import { decode, encode } from "../text.ts";
import { Protocol, type Transport } from "./contract.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** Run `program` to its end; its whole log, each line with its time. */
async function logOf(program: (log: Log, loop: EventLoop) => Steps<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* program((...words) => lines.push([loop.time(), ...words].join(" ")), loop);
    },
    { trace: "off" },
  );
  if (error !== undefined) {
    throw error;
  }
  // What they leave open is not what these programs are about.
  return [...lines, ...warnings.filter((warning) => !warning.startsWith("unclosed"))];
}

/** The error that awaiting throws, as a string. */
function* failure(awaitable: Iterable<unknown>): Steps<string> {
  try {
    yield* awaitable as Steps<unknown>;
    return "no failure";
  } catch (error) {
    return error instanceof NetworkError ? `${error.code}: ${error.message}` : String(error);
  }
}

/** Answers each piece after `delay` seconds, then closes. */
class SlowAnswer extends Protocol {
  readonly log: Log;
  readonly loop: EventLoop;
  transport!: Transport;

  constructor(log: Log, loop: EventLoop) {
    super();
    this.log = log;
    this.loop = loop;
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.log(`Connection from ${transport.getExtraInfo("peername")}`);
  }

  override dataReceived(data: Uint8Array): void {
    const delay = decode(data) === "slow" ? 10 : 0;
    this.loop.callLater(delay, () => {
      this.transport.write(encode("done"));
      this.transport.close();
    });
  }
}

class Client extends Protocol {
  readonly log: Log;
  readonly request: string;

  constructor(log: Log, request: string) {
    super();
    this.log = log;
    this.request = request;
  }

  override connectionMade(transport: Transport): void {
    transport.write(encode(this.request));
  }

  override dataReceived(data: Uint8Array): void {
    this.log(this.request, "got", decode(data));
  }

  override connectionLost(error: Error | null): void {
    this.log(this.request, "lost", error);
  }
}

test("Server: one client does not wait for another", async (t) => {
  const lines = await logOf(function* (log, loop) {
    yield* loop.createServer(() => new SlowAnswer(log, loop), "127.0.0.1", 8888);
    for (const request of ["slow", "fast", "quick"]) {
      yield* loop.createConnection(() => new Client(log, request), "127.0.0.1", 8888);
      yield* sleep(1);
    }
    yield* sleep(20);
  });
  t.deepEqual(lines, [
    "0 Connection from ('127.0.0.1', 33720)",
    "1 Connection from ('127.0.0.1', 33721)",
    "1 fast got done",
    "1 fast lost ",
    "2 Connection from ('127.0.0.1', 33722)",
    "2 quick got done",
    "2 quick lost ",
    "10 slow got done",
    "10 slow lost ",
  ]);
});

test("Server: a port that is in use, refused connections, names without meaning: each has its code", async (t) => {
  const lines = await logOf(function* (log, loop) {
    const factory = () => new Protocol();
    const server = yield* loop.createServer(factory, "127.0.0.1", 8888);
    log(yield* failure(loop.createServer(factory, "127.0.0.1", 8888)));
    log(yield* failure(loop.createServer(factory, null, 8888)));
    log(yield* failure(loop.createServer(factory, "10.1.1.1", 8888)));
    log(yield* failure(loop.createConnection(factory, "127.0.0.1", 8889)));
    log(yield* failure(loop.createConnection(factory, "localhost", 8889)));
    log(yield* failure(loop.createConnection(factory, "::1", 8888)));
    log(yield* failure(loop.createConnection(factory, "10.1.1.1", 8888)));
    log(yield* failure(loop.createConnection(factory, "nowhere", 8888)));
    log(yield* failure(loop.createConnection(factory, "localhost", 8889, { allErrors: true })));
    server.close();
    yield* server.waitClosed();
    log(yield* failure(loop.createConnection(factory, "127.0.0.1", 8888)));
    log(yield* loop.createServer(factory, "127.0.0.1", 8888));
  });
  t.deepEqual(lines, [
    "0 EADDRINUSE: bind EADDRINUSE 127.0.0.1:8888: address already in use",
    "0 EADDRINUSE: bind EADDRINUSE 0.0.0.0:8888: address already in use",
    "0 EADDRNOTAVAIL: bind EADDRNOTAVAIL 10.1.1.1:8888: cannot assign requested address",
    "0 ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:8889: connection refused",
    "0 ECONNREFUSED: Multiple exceptions: connect ECONNREFUSED 127.0.0.1:8889: connection refused, " +
      "connect ECONNREFUSED [::1]:8889: connection refused",
    "0 ECONNREFUSED: connect ECONNREFUSED [::1]:8888: connection refused",
    "0 EHOSTUNREACH: connect EHOSTUNREACH 10.1.1.1:8888: no route to host",
    "0 ENOTFOUND: getaddrinfo ENOTFOUND nowhere: name or service not known",
    "0 ExceptionGroup: createConnection failed",
    "0 ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:8888: connection refused",
    "0 <Server sockets=(<TransportSocket laddr=('127.0.0.1', 8888)>)>",
  ]);
});

test("Server: a malformed argument is refused at the call", async (t) => {
  const lines = await logOf(function* (log, loop) {
    const factory = () => new Protocol();
    const tryIt = (call: () => unknown): void => {
      try {
        call();
        log("accepted");
      } catch (error) {
        log(error);
      }
    };
    tryIt(() => loop.createServer(factory, "127.0.0.1", 65536));
    tryIt(() => loop.createServer(factory, "127.0.0.1", -1));
    tryIt(() => loop.createServer(factory, "127.0.0.1", 80.5));
    tryIt(() => loop.createServer(factory));
    tryIt(() => loop.createServer(new Protocol() as never, "127.0.0.1", 80));
    tryIt(() => loop.createServer(factory, 80 as never, 80));
    tryIt(() => loop.createServer(factory, "127.0.0.1", 80, { backlog: -1 }));
    tryIt(() => loop.createServer(factory, "127.0.0.1", 80, { family: 5 as never }));
    tryIt(() => loop.createConnection(factory, "127.0.0.1", "80" as never));
    tryIt(() => loop.createConnection(factory, "127.0.0.1", 80, { localAddress: ["127.0.0.1", 70_000] }));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "0 RangeError: createServer: expected a port from 0 to 65535, got 65536",
    "0 RangeError: createServer: expected a port from 0 to 65535, got -1",
    "0 RangeError: createServer: expected a port from 0 to 65535, got 80.5",
    "0 TypeError: createServer: expected a host or a port, got neither",
    "0 TypeError: createServer: expected a function to call, got [object Object]",
    "0 TypeError: createServer: expected a host name or an address, got 80",
    "0 RangeError: createServer: expected a backlog that is not negative, got -1",
    "0 RangeError: createServer: expected the family 4, 6 or 0 for both, got 5",
    '0 RangeError: createConnection: expected a port from 0 to 65535, got "80"',
    "0 RangeError: createConnection: expected a port from 0 to 65535, got 70000",
  ]);
});

test("Server: it can listen on all addresses, and on several", async (t) => {
  const lines = await logOf(function* (log, loop) {
    const factory = () => new Protocol();
    const all = yield* loop.createServer(factory, null, 80);
    log(all.addresses.join(" "));
    const both = yield* loop.createServer(factory, ["127.0.0.1", "localhost"], 0);
    log(both.addresses.join(" "));
    for (const host of ["127.0.0.1", "127.0.0.2", "::1", "0.0.0.0", null]) {
      const [transport] = yield* loop.createConnection(factory, host, 80);
      log(`${transport.getExtraInfo("sockname")} to ${transport.getExtraInfo("peername")}`);
    }
  });
  t.deepEqual(lines, [
    "0 ('0.0.0.0', 80) ('::', 80, 0, 0)",
    "0 ('127.0.0.1', 33720) ('::1', 33721, 0, 0)",
    "0 ('127.0.0.1', 33722) to ('127.0.0.1', 80)",
    "0 ('127.0.0.1', 33723) to ('127.0.0.2', 80)",
    "0 ('::1', 33724, 0, 0) to ('::1', 80, 0, 0)",
    "0 ('127.0.0.1', 33725) to ('127.0.0.1', 80)",
    "0 ('127.0.0.1', 33726) to ('127.0.0.1', 80)",
  ]);
});

test("Server: with a backlog of 0 one connection at a time may wait, and all are served", async (t) => {
  const lines = await logOf(function* (log, loop) {
    yield* loop.createServer(() => new SlowAnswer(() => {}, loop), "127.0.0.1", 80, { backlog: 0 });
    for (const text of ["one", "two"]) {
      yield* loop.createConnection(() => new Client(log, text), "127.0.0.1", 80);
      yield* sleep(1);
    }
  });
  t.deepEqual(
    lines.filter((line) => line.includes("got")),
    ["0 one got done", "1 two got done"],
  );
});

test("Server: a factory that fails is reported, and its connection closed", async (t) => {
  const lines = await logOf(function* (log, loop) {
    const factory = (): Protocol => {
      throw new Error("no protocol today");
    };
    yield* loop.createServer(factory, "127.0.0.1", 80);
    yield* loop.createConnection(() => new Client(log, "hello"), "127.0.0.1", 80);
    yield* sleep(1);
  });
  t.deepEqual(withoutPlaces(lines), [
    "0 hello lost ",
    "Error on transport creation for incoming connection\nError: no protocol today",
  ]);
});

test("Transport: closing with unread data resets the connection", async (t) => {
  const lines = await logOf(function* (log, loop) {
    class Deaf extends Protocol {
      override connectionMade(transport: Transport): void {
        transport.pauseReading();
        loop.callLater(1, () => transport.close());
      }
    }
    yield* loop.createServer(() => new Deaf(), "127.0.0.1", 80);
    yield* loop.createConnection(() => new Client(log, "hello"), "127.0.0.1", 80);
    yield* sleep(5);
  });
  t.deepEqual(lines, ["1 hello lost NetworkError: read ECONNRESET 127.0.0.1:80: connection reset by peer"]);
});

test("Transport: what is written to a connection that is over is dropped, with a report from the fifth time on", async (t) => {
  const lines = await logOf(function* (log, loop) {
    class Closing extends Protocol {
      override connectionMade(transport: Transport): void {
        transport.abort();
        for (let i = 0; i < 6; i++) {
          transport.write(encode("too late"));
        }
        log(transport.isClosing(), transport.getWriteBufferSize());
      }
    }
    yield* loop.createServer(() => new Protocol(), "127.0.0.1", 80);
    yield* loop.createConnection(() => new Closing(), "127.0.0.1", 80);
  });
  t.deepEqual(lines, ["0 true 0", "socket.send() raised exception.", "socket.send() raised exception."]);
});

test("Transport: only bytes can be written, and nothing after writeEof", async (t) => {
  const lines = await logOf(function* (log, loop) {
    yield* loop.createServer(() => new Protocol(), "127.0.0.1", 80);
    const [transport] = yield* loop.createConnection(() => new Protocol(), "127.0.0.1", 80);
    const tryIt = (call: () => unknown): void => {
      try {
        call();
      } catch (error) {
        log(error);
      }
    };
    tryIt(() => transport.write("text" as never));
    tryIt(() => transport.writelines([encode("a"), [1, 2] as never]));
    transport.writeEof();
    tryIt(() => transport.write(encode("more")));
    tryIt(() => transport.writelines([encode("more")]));
  });
  t.deepEqual(lines, [
    '0 TypeError: write: expected bytes in a Uint8Array, got the string "text"; write encode("…")',
    "0 TypeError: writelines: expected bytes in a Uint8Array, got [1,2]",
    "0 RuntimeError: cannot call write() after writeEof()",
    "0 RuntimeError: cannot call writelines() after writeEof()",
  ]);
});

test("Transport: a slow reader makes the writer pause at the high-water mark and resume at the low one", async (t) => {
  const lines = await logOf(function* (log, loop) {
    let sink!: Transport;
    let received = 0;
    class Sink extends Protocol {
      override connectionMade(transport: Transport): void {
        sink = transport;
        transport.pauseReading();
      }
      override dataReceived(data: Uint8Array): void {
        received += data.length;
      }
    }
    class Source extends Protocol {
      override pauseWriting(): void {
        log("pause");
      }
      override resumeWriting(): void {
        log("resume");
      }
    }
    yield* loop.createServer(() => new Sink(), "127.0.0.1", 80);
    const [transport] = yield* loop.createConnection(() => new Source(), "127.0.0.1", 80);
    log(transport.getWriteBufferLimits());
    transport.setWriteBufferLimits({ high: 1000 });
    log(transport.getWriteBufferLimits());
    transport.write(new Uint8Array(4_000_000));
    const waiting = transport.getWriteBufferSize();
    log(waiting > 1000 && waiting < 4_000_000);
    yield* sleep(1);
    log(transport.getWriteBufferSize() === waiting);
    sink.resumeReading();
    yield* sleep(1);
    log(transport.getWriteBufferSize(), received);
  });
  t.deepEqual(lines, ["0 16384,65536", "0 250,1000", "0 pause", "0 true", "1 true", "1 resume", "2 0 4000000"]);
});

test("Transport: a thousand clients at once are all served", async (t) => {
  const lines = await logOf(function* (log, loop) {
    let served = 0;
    class Hello extends Protocol {
      override connectionMade(transport: Transport): void {
        transport.write(encode("hello"));
        transport.close();
        served++;
      }
    }
    yield* loop.createServer(() => new Hello(), "127.0.0.1", 80, { backlog: 2000 });
    const connecting = Array.from({ length: 1000 }, () =>
      createTask(loop.createConnection(() => new Protocol(), "127.0.0.1", 80)),
    );
    yield* gather(connecting);
    yield* sleep(0);
    log(served);
  });
  t.deepEqual(lines, ["0 1000"]);
});
