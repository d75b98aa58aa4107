import test from "ava";
import {
  BufferedProtocol,
  createTask,
  DatagramProtocol,
  type DatagramTransport,
  decode,
  Event,
  encode,
  gather,
  getRunningLoop,
  IncompleteReadError,
  NetworkError,
  openConnection,
  Protocol,
  type Server,
  type StreamReader,
  type StreamWriter,
  simulate,
  sleep,
  startServer,
  type Transport,
} from "../../index.ts";
import { runReal } from "../../real/index.ts";

/*
 * Each program runs twice, on the simulated network and on real sockets, and both times everything above the sockets
 * must happen in the same order.
 */

type Note = (...words: readonly unknown[]) => void;
type Coroutine = AsyncGenerator<unknown, unknown>;

const LOCAL = "127.0.0.1";
const portOf = (server: Server): number => server.addresses[0]?.port as number;
const codeOf = (error: unknown): unknown => (error instanceof NetworkError ? error.code : error);

/** What `main` notes on the simulated network and on real sockets, with the warnings. */
async function logs(main: (note: Note) => Coroutine): Promise<{ simulated: string[]; real: string[] }> {
  const simulated: string[] = [];
  const real: string[] = [];
  const noteIn = (log: string[]): Note => {
    return (...words) => {
      log.push(words.map((word) => (word instanceof Uint8Array ? decode(word) : String(word))).join(" "));
    };
  };
  const result = await simulate(() => main(noteIn(simulated)), { trace: "off" });
  // A simulation also reports what was left open, as CPython does in its development mode.
  simulated.push(...result.warnings.filter((text) => !text.startsWith("unclosed")));
  if ("error" in result) {
    simulated.push(String(result.error));
  }
  await runReal(() => main(noteIn(real)), { errorOutput: (text) => real.push(text) });
  return { simulated, real };
}

/** A test that `main` notes `expected`, simulated and real. */
const same = (title: string, main: (note: Note) => Coroutine, expected: readonly string[]): void => {
  test(`Real sockets: ${title}`, async (t) => {
    t.deepEqual(await logs(main), { simulated: [...expected], real: [...expected] });
  });
};

/**
 * The same of the ends of connections: what happens at one end has an order, and so the lines of each end stand
 * together.
 */
const sameAtEachEnd = (
  title: string,
  main: (note: Note) => Coroutine,
  ...ends: readonly (readonly string[])[]
): void => {
  test(`Real sockets: ${title}`, async (t) => {
    const names = ends.map((lines) => lines[0]?.split(" ")[0] as string);
    const byEnd = (log: readonly string[]): string[] =>
      log.toSorted((a, b) => names.indexOf(a.split(" ")[0]!) - names.indexOf(b.split(" ")[0]!));
    const { simulated, real } = await logs(main);
    t.deepEqual({ simulated: byEnd(simulated), real: byEnd(real) }, { simulated: ends.flat(), real: ends.flat() });
  });
};

/** Logs all its calls; closes at the end of the stream unless `keepsOpen`. */
class Telling extends Protocol {
  transport!: Transport;
  readonly lost = new Event();
  readonly ended = new Event();
  private readonly _note: Note;
  private readonly _name: string;
  private readonly _keepsOpen: boolean;

  constructor(note: Note, name: string, keepsOpen = false) {
    super();
    this._note = note;
    this._name = name;
    this._keepsOpen = keepsOpen;
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this._note(this._name, "made");
  }

  override dataReceived(data: Uint8Array): void {
    this._note(this._name, "received", data);
  }

  override eofReceived(): boolean {
    this._note(this._name, "end of stream");
    this.ended.set();
    return this._keepsOpen;
  }

  override connectionLost(error: Error | null): void {
    this._note(this._name, "lost", codeOf(error));
    this.lost.set();
  }
}

async function* echo(reader: StreamReader, writer: StreamWriter) {
  for (let line = yield* reader.readline(); line.length > 0; line = yield* reader.readline()) {
    writer.write(line);
    yield* writer.drain();
  }
  writer.close();
}

same(
  "lines go there and back through streams, to the end of the stream",
  async function* (note) {
    const server = yield* startServer(echo, LOCAL, 0);
    const [reader, writer] = yield* openConnection(LOCAL, portOf(server));
    for (const line of ["one\n", "two\n", "three"]) {
      writer.write(encode(line));
      if (line.endsWith("\n")) {
        note("got", (yield* reader.readuntil(encode("\n"))).length);
      }
    }
    writer.writeEof();
    note(yield* reader.read(), reader.atEof());
    writer.close();
    yield* writer.waitClosed();
    server.close();
    yield* server.waitClosed();
    note("closed");
  },
  ["got 4", "got 4", "three true", "closed"],
);

same(
  "a stream that ends too soon is reported with what had arrived",
  async function* (note) {
    const server = yield* startServer(
      (_reader: StreamReader, writer: StreamWriter) => {
        writer.write(encode("only this"));
        writer.close();
      },
      LOCAL,
      0,
    );
    const [reader, writer] = yield* openConnection(LOCAL, portOf(server));
    try {
      yield* reader.readexactly(100);
    } catch (error) {
      note(error instanceof IncompleteReadError ? error.partial : error);
    }
    writer.close();
    server.close();
  },
  ["only this"],
);

sameAtEachEnd(
  "either side may end its stream and still receive",
  async function* (note) {
    const loop = getRunningLoop();
    const accepted = new Event();
    const there = new Telling(
      (...words) => {
        note(...words);
        accepted.set();
      },
      "server",
      true,
    );
    const server = yield* loop.createServer(() => there, LOCAL, 0);
    const here = new Telling(note, "client", true);
    const [transport] = yield* loop.createConnection(() => here, LOCAL, portOf(server));
    yield* accepted.wait();
    transport.writeEof();
    yield* there.ended.wait();
    there.transport.write(encode("still here"));
    there.transport.writeEof();
    yield* here.ended.wait();
    note("client closing", transport.isClosing(), there.transport.isClosing());
    transport.close();
    there.transport.close();
    yield* gather(here.lost.wait(), there.lost.wait());
    server.close();
  },
  [
    "client made",
    "client received still here",
    "client end of stream",
    "client closing false false",
    "client lost null",
  ],
  ["server made", "server end of stream", "server lost null"],
);

same(
  "without a listener, the connection is refused",
  async function* (note) {
    const loop = getRunningLoop();
    const server = yield* loop.createServer(() => new Protocol(), LOCAL, 0);
    const port = portOf(server);
    server.close();
    try {
      yield* loop.createConnection(() => new Protocol(), LOCAL, port);
    } catch (error) {
      note(String(error).replace(String(port), "PORT"), (error as NetworkError).port === port);
    }
  },
  [`NetworkError: connect ECONNREFUSED ${LOCAL}:PORT: connection refused true`],
);

same(
  "a port can be taken once, and again when it is free",
  async function* (note) {
    const loop = getRunningLoop();
    const first = yield* loop.createServer(() => new Protocol(), LOCAL, 0);
    const port = portOf(first);
    try {
      yield* loop.createServer(() => new Protocol(), LOCAL, port);
    } catch (error) {
      note(String(error).replace(String(port), "PORT"));
    }
    first.close();
    const second = yield* loop.createServer(() => new Protocol(), LOCAL, port);
    note(portOf(second) === port, second.isServing());
    second.close();
  },
  [`NetworkError: bind EADDRINUSE ${LOCAL}:PORT: address already in use`, "true true"],
);

same(
  "an address that the machine has not cannot be listened at, nor connected from",
  async function* (note) {
    const loop = getRunningLoop();
    const [elsewhere, port] = ["192.0.2.1", 0];
    const server = yield* loop.createServer(() => new Protocol(), LOCAL, 0);
    for (const attempt of [
      loop.createServer(() => new Protocol(), elsewhere, port),
      loop.createConnection(() => new Protocol(), LOCAL, portOf(server), { localAddress: [elsewhere, port] }),
      loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress: [elsewhere, port] }),
    ]) {
      try {
        yield* attempt;
      } catch (error) {
        note(codeOf(error));
      }
    }
    server.close();
  },
  ["EADDRNOTAVAIL", "EADDRNOTAVAIL", "EADDRNOTAVAIL"],
);

sameAtEachEnd(
  "a connection that is closed with something unread is reset",
  async function* (note) {
    const loop = getRunningLoop();
    const there = new Telling(note, "server");
    const server = yield* loop.createServer(() => there, LOCAL, 0);
    const here = new Telling(note, "client");
    const [transport] = yield* loop.createConnection(() => here, LOCAL, portOf(server));
    while (there.transport === undefined) {
      yield* sleep(0);
    }
    there.transport.pauseReading();
    transport.write(encode("never read"));
    // When this is there and back, that has come for sure.
    const echoing = yield* startServer(echo, LOCAL, 0);
    const [reader, writer] = yield* openConnection(LOCAL, portOf(echoing));
    writer.writeEof();
    yield* reader.read();
    writer.close();
    echoing.close();
    there.transport.abort();
    yield* here.lost.wait();
    server.close();
  },
  ["client made", "client lost ECONNRESET"],
  ["server made", "server lost null"],
);

sameAtEachEnd(
  "a server that closes its clients waits for their ends",
  async function* (note) {
    const loop = getRunningLoop();
    const there = new Telling(note, "server");
    const server = yield* loop.createServer(() => there, LOCAL, 0);
    const here = new Telling(note, "client");
    yield* loop.createConnection(() => here, LOCAL, portOf(server));
    const waiting = createTask(
      (async function* () {
        yield* server.waitClosed();
        note("server closed");
      })(),
    );
    while (there.transport === undefined) {
      yield* sleep(0);
    }
    server.close();
    server.closeClients();
    yield* gather(here.lost.wait(), there.lost.wait(), waiting);
  },
  ["client made", "client end of stream", "client lost null"],
  ["server made", "server lost null", "server closed"],
);

same(
  "a writer that is faster than its reader has to pause, and all arrives",
  async function* (note) {
    const loop = getRunningLoop();
    const total = 8 * 1024 * 1024;
    let received = 0;
    const all = new Event();
    class Slow extends BufferedProtocol {
      private readonly _buffer = new Uint8Array(65536);
      override getBuffer(): Uint8Array {
        return this._buffer;
      }
      override bufferUpdated(count: number): void {
        received += count;
        if (received === total) {
          all.set();
        }
      }
    }
    class Writing extends Protocol {
      pauses = 0;
      resumes = 0;
      override pauseWriting(): void {
        this.pauses++;
      }
      override resumeWriting(): void {
        this.resumes++;
      }
    }
    const server = yield* loop.createServer(() => new Slow(), LOCAL, 0);
    const [transport, protocol] = yield* loop.createConnection(() => new Writing(), LOCAL, portOf(server));
    transport.write(new Uint8Array(total));
    note("waits", transport.getWriteBufferSize() > 0, "pauses", protocol.pauses);
    yield* all.wait();
    note("received all", received === total, "resumed", protocol.pauses === protocol.resumes);
    transport.close();
    server.close();
  },
  ["waits true pauses 1", "received all true resumed true"],
);

same(
  "a side that does not read makes the other wait",
  async function* (note) {
    const loop = getRunningLoop();
    const there = new Telling(() => {}, "server");
    const server = yield* loop.createServer(() => there, LOCAL, 0);
    const [transport] = yield* loop.createConnection(() => new Protocol(), LOCAL, portOf(server));
    while (there.transport === undefined) {
      yield* sleep(0);
    }
    there.transport.pauseReading();
    transport.write(new Uint8Array(64 * 1024 * 1024));
    for (let pass = 0; pass < 2000; pass++) {
      yield* sleep(0);
    }
    note("waits", transport.getWriteBufferSize() > 1024 * 1024);
    transport.abort();
    there.transport.abort();
    server.close();
  },
  ["waits true"],
);

same(
  "both ends know the addresses of each other",
  async function* (note) {
    const loop = getRunningLoop();
    const there = new Telling(() => {}, "server");
    const server = yield* loop.createServer(() => there, "localhost", 0, { family: 4 });
    const [transport] = yield* loop.createConnection(() => new Protocol(), "localhost", portOf(server), { family: 4 });
    while (there.transport === undefined) {
      yield* sleep(0);
    }
    const [own, peer] = [transport.getExtraInfo("sockname"), transport.getExtraInfo("peername")];
    note(there.transport.getExtraInfo("peername")?.equals(own), there.transport.getExtraInfo("sockname").equals(peer!));
    note(own.host, peer?.port === portOf(server), transport.getExtraInfo("socket").noDelay);
    transport.close();
    server.close();
  },
  ["true true", "127.0.0.1 true true"],
);

/** Logs the calls that an endpoint for datagrams receives. */
class Hearing extends DatagramProtocol {
  transport!: DatagramTransport;
  readonly heard = new Event();
  private readonly _note: Note;
  private readonly _answers: boolean;

  constructor(note: Note, answers: boolean) {
    super();
    this._note = note;
    this._answers = answers;
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    this._note("endpoint made");
  }

  override datagramReceived(data: Uint8Array, address: { readonly host: string; readonly port: number }): void {
    this._note("heard", data, "from", address.host);
    if (this._answers) {
      this.transport.sendto(encode(`${decode(data)}!`), [address.host, address.port]);
    }
    this.heard.set();
  }

  override errorReceived(error: NetworkError): void {
    this._note("error", error.code);
    this.heard.set();
  }

  override connectionLost(error: Error | null): void {
    this._note("endpoint lost", error);
  }
}

same(
  "datagrams go there and back",
  async function* (note) {
    const loop = getRunningLoop();
    const [there] = yield* loop.createDatagramEndpoint(() => new Hearing(note, true), { localAddress: [LOCAL, 0] });
    const remoteAddress = [LOCAL, there.getExtraInfo("sockname").port] as const;
    const [here, protocol] = yield* loop.createDatagramEndpoint(() => new Hearing(note, false), { remoteAddress });
    here.sendto(encode("ping"));
    yield* protocol.heard.wait();
    note(here.getExtraInfo("peername")?.equals(there.getExtraInfo("sockname")));
    here.close();
    there.close();
    yield* sleep(0);
  },
  [
    "endpoint made",
    "endpoint made",
    `heard ping from ${LOCAL}`,
    `heard ping! from ${LOCAL}`,
    "true",
    "endpoint lost null",
    "endpoint lost null",
  ],
);

same(
  "a datagram to a closed port comes back as an error",
  async function* (note) {
    const loop = getRunningLoop();
    const [gone] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress: [LOCAL, 0] });
    const remoteAddress = [LOCAL, gone.getExtraInfo("sockname").port] as const;
    gone.close();
    yield* sleep(0);
    const [here, protocol] = yield* loop.createDatagramEndpoint(() => new Hearing(note, false), { remoteAddress });
    here.sendto(encode("anybody?"));
    yield* protocol.heard.wait();
    here.close();
    yield* sleep(0);
  },
  ["endpoint made", "error ECONNREFUSED", "endpoint lost null"],
);

/** Ends its transport when it may write again: all is sent. */
class EndsWhenSent extends Protocol {
  private readonly _note: Note;
  private readonly _end: "close" | "abort";
  private _transport!: Transport;

  constructor(note: Note, end: "close" | "abort") {
    super();
    this._note = note;
    this._end = end;
  }

  override connectionMade(transport: Transport): void {
    this._transport = transport;
    transport.setWriteBufferLimits({ high: 0 });
    this._note("made");
  }

  override pauseWriting(): void {
    this._note("pause");
  }

  override resumeWriting(): void {
    this._note("resume");
    this._transport[this._end]();
  }

  override connectionLost(error: Error | null): void {
    this._note("lost", error, this._transport.getProtocol());
  }
}

same(
  "connectionLost is called once, also if the transport is closed or aborted in resumeWriting",
  async function* (note) {
    const loop = getRunningLoop();
    for (const end of ["close", "abort"] as const) {
      const done = loop.createFuture<undefined>();
      class Sink extends Protocol {
        override connectionLost(): void {
          done.setResult(undefined);
        }
      }
      const server = yield* loop.createServer(() => new Sink(), LOCAL, 0);
      const [transport] = yield* loop.createConnection(() => new EndsWhenSent(note, end), LOCAL, portOf(server));
      transport.write(new Uint8Array(20_000_000));
      yield* done;
      yield* sleep(0.01);
      server.close();
    }
  },
  // As CPython 3.13.0 has it, whose second call finds no protocol any more and is only logged.
  ["made", "pause", "resume", "lost null null", "made", "pause", "resume", "lost null null"],
);
