import { readFileSync } from "node:fs";
import test from "ava";
import { CancelledError } from "../../base/errors.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { wait } from "../../tasks/wait.ts";
import { NetworkError } from "../errors.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import { encode } from "../text.ts";
import { DatagramProtocol, Protocol, type Transport } from "../transports/contract.ts";
import type { Server } from "../transports/server.ts";
import { IncompleteReadError, LimitOverrunError } from "./errors.ts";
import { openConnection } from "./open-connection.ts";
import { startServer } from "./start-server.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";

/*
 * The program of engine/golden/network/edges.py, function by function, and the log that CPython 3.13 wrote for it:
 * streams, transports and endpoints at their edges.
 */

type Steps<T = void> = Generator<unknown, T, unknown>;
type Act = (each: Named) => unknown;

interface How {
  readonly made?: Act;
  readonly data?: Act;
  readonly eof?: Act;
  readonly lost?: Act;
}

const output: string[] = [];
let loop: EventLoop;

function inPython(value: unknown): string {
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  return value === undefined || value === null ? "None" : String(value);
}

const log = (...words: unknown[]): void => void output.push(words.map(inPython).join(" "));

const PYTHON_NAMES = new Map<string | undefined, string>([
  ["ECONNRESET", "ConnectionResetError"],
  ["ECONNREFUSED", "ConnectionRefusedError"],
  ["EPIPE", "BrokenPipeError"],
  ["RangeError", "ValueError"],
]);

function nameOf(error: unknown): string {
  if (error === null) {
    return "NoneType";
  }
  const { name } = error as Error;
  return PYTHON_NAMES.get(error instanceof NetworkError ? error.code : name) ?? name;
}

const rest = () => sleep(0.05);
const fail = (): never => {
  throw new RangeError("planned");
};

function attempt(what: string, call: () => unknown): void {
  try {
    log(what, call());
  } catch (error) {
    log(what, nameOf(error));
  }
}

function* awaited(what: string, awaitable: { [Symbol.iterator](): Iterator<unknown, unknown, unknown> }): Steps {
  try {
    const result = yield* awaitable;
    log(what, result instanceof Uint8Array ? result.length : result);
  } catch (error) {
    if (error instanceof IncompleteReadError) {
      log(what, nameOf(error), error.partial.length, error.expected);
    } else if (error instanceof LimitOverrunError) {
      log(what, nameOf(error), error.consumed);
    } else {
      log(what, nameOf(error));
    }
  }
}

const portOf = (server: Server): number => server.addresses[0]?.port as number;

class Named extends Protocol {
  readonly name: string;
  transport!: Transport;
  private readonly _how: How;

  constructor(name: string, how: How = {}) {
    super();
    this.name = name;
    this._how = how;
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    log(this.name, "made");
    this._how.made?.(this);
  }

  override dataReceived(data: Uint8Array): void {
    log(this.name, "data", data.length);
    this._how.data?.(this);
  }

  override eofReceived(): unknown {
    log(this.name, "eof");
    return this._how.eof?.(this);
  }

  override connectionLost(error: Error | null): void {
    log(this.name, "lost", nameOf(error));
    this._how.lost?.(this);
  }

  override pauseWriting(): void {
    log(this.name, "pauses writing");
  }

  override resumeWriting(): void {
    log(this.name, "resumes writing");
  }
}

function* pair(serverHow: How = {}, clientHow: How = {}): Steps<[Server, Named, Named]> {
  const made: Named[] = [];
  const server = yield* loop.createServer(
    () => {
      made.push(new Named("server", serverHow));
      return made.at(-1)!;
    },
    "127.0.0.1",
    0,
  );
  const [, client] = yield* loop.createConnection(() => new Named("client", clientHow), "127.0.0.1", portOf(server));
  yield* rest();
  return [server, made[0]!, client];
}

type Ends = [StreamReader, StreamWriter];

/** A server of streams, and both ends of a connection to it. */
function* streams(limit = 64 * 1024): Steps<[Server, ...Ends, ...Ends]> {
  const got = loop.createFuture<Ends>();
  const connected = (...ends: Ends): void => got.setResult(ends);
  const server = yield* startServer(connected, "127.0.0.1", 0, { limit });
  const ends = yield* openConnection("127.0.0.1", portOf(server), { limit });
  return [server, ...ends, ...(yield* got)];
}

function* limits(): Steps {
  log("# a line longer than the limit, its end there and not");
  const [server, reader, writer, , peer] = yield* streams(10);
  peer.write(encode("123456789012345\nabc\n"));
  yield* rest();
  yield* awaited("readuntil", reader.readuntil(encode("\n")));
  yield* awaited("readuntil", reader.readuntil(encode("\n")));
  yield* awaited("readline", reader.readline());
  yield* awaited("readline", reader.readline());
  peer.write(encode("x".repeat(25)));
  yield* rest();
  yield* awaited("readuntil", reader.readuntil(encode("\n")));
  yield* awaited("readline", reader.readline());
  peer.write(encode(`${"y".repeat(8)}\n`));
  yield* rest();
  yield* awaited("readline", reader.readline());
  peer.write(encode("abwz\n"));
  yield* rest();
  yield* awaited("readuntil several", reader.readuntil([encode("z\n"), encode("wz\n"), encode("\n")]));
  yield* awaited("read none", reader.read(0));
  peer.write(encode("q".repeat(50)));
  yield* awaited("readexactly", reader.readexactly(50));
  peer.write(encode("tail"));
  peer.close();
  yield* rest();
  yield* awaited("readuntil", reader.readuntil(encode("\n")));
  yield* awaited("readexactly", reader.readexactly(3));
  yield* awaited("readline", reader.readline());
  yield* awaited("read", reader.read());
  log(reader.atEof());
  writer.close();
  server.close();
}

function* exactLimit(): Steps {
  log("# a line of exactly the limit, and one more");
  for (const count of [9, 10, 11]) {
    const [server, reader, writer, , peer] = yield* streams(10);
    peer.write(encode(`${"x".repeat(count)}\n`));
    yield* rest();
    yield* awaited("readuntil", reader.readuntil(encode("\n")));
    writer.close();
    peer.close();
    server.close();
  }
}

function* peerClosed(): Steps {
  log("# writing on after the other side closed");
  const [server, reader, writer, , peer] = yield* streams();
  peer.close();
  yield* rest();
  yield* awaited("read", reader.read());
  log(writer.isClosing());
  for (let i = 0; i < 3; i++) {
    writer.write(encode("x"));
    yield* awaited("drain", writer.drain());
    yield* rest();
  }
  log(writer.isClosing(), nameOf(reader.exception()));
  yield* awaited("read", reader.read());
  yield* awaited("wait_closed", writer.waitClosed());
  server.close();
}

function* halfClose(): Steps {
  log("# both sides end their directions, one after the other");
  const [server, reader, writer, peerReader, peer] = yield* streams();
  writer.write(encode("abc"));
  writer.writeEof();
  yield* awaited("peer reads", peerReader.read());
  peer.write(encode("defg"));
  yield* rest();
  log(writer.isClosing(), peer.isClosing());
  peer.writeEof();
  yield* awaited("reads", reader.read());
  yield* rest();
  log(writer.isClosing(), peer.isClosing());
  attempt("write", () => writer.write(encode("x")));
  writer.close();
  peer.close();
  yield* awaited("wait_closed", writer.waitClosed());
  yield* awaited("wait_closed", peer.waitClosed());
  server.close();
}

function* aborted(): Steps {
  log("# abort with much unsent");
  let [server, one, client] = yield* pair();
  one.transport.pauseReading();
  client.transport.write(new Uint8Array(50_000_000));
  log(client.transport.getWriteBufferSize() > 0);
  client.transport.abort();
  log(client.transport.getWriteBufferSize(), client.transport.isClosing());
  yield* rest();
  server.close();
  log("# abort while the other side has unread data of mine, and I of it");
  [server, one, client] = yield* pair();
  client.transport.pauseReading();
  yield* rest();
  one.transport.write(encode("abc"));
  yield* rest();
  client.transport.abort();
  yield* rest();
  server.close();
}

class Counting extends Protocol {
  private _count = 0;

  override dataReceived(data: Uint8Array): void {
    this._count += data.length;
  }

  override connectionLost(error: Error | null): void {
    log("counted", this._count, nameOf(error));
  }
}

function* closeFlushes(): Steps {
  log("# close with much unsent");
  const server = yield* loop.createServer(() => new Counting(), "127.0.0.1", 0);
  const [transport] = yield* loop.createConnection(() => new Named("client"), "127.0.0.1", portOf(server));
  transport.write(new Uint8Array(10_000_000));
  transport.close();
  attempt("write", () => transport.write(encode("x")));
  log(transport.isClosing(), transport.getWriteBufferSize() > 0);
  yield* sleep(0.5);
  server.close();
}

function* serverClosed(): Steps {
  log("# a server that is closed, its clients still there");
  const [server, , client] = yield* pair();
  server.close();
  client.transport.write(encode("abc"));
  yield* rest();
  const waiting = createTask(awaited("server.wait_closed", server.waitClosed()));
  yield* rest();
  log("waiting", !waiting.done(), server.isServing(), server.sockets.length);
  client.transport.close();
  yield* waiting;
  yield* awaited("server.wait_closed", server.waitClosed());
}

function* orders(): Steps {
  log("# who hears of the end first");
  const [server, reader, writer, peerReader, peer] = yield* streams();
  const tasks = [
    createTask(awaited("server.wait_closed", server.waitClosed())),
    createTask(awaited("peer.wait_closed", peer.waitClosed())),
    createTask(awaited("peer reads", peerReader.read())),
    createTask(awaited("writer.wait_closed", writer.waitClosed())),
    createTask(awaited("reads", reader.read())),
  ];
  yield* rest();
  server.close();
  writer.close();
  yield* rest();
  peer.close();
  yield* wait(tasks);
}

function* lostWith(): Steps {
  log("# what connection_lost is told");
  for (const what of ["close", "abort", "writeEof"] as const) {
    const [server, one, client] = yield* pair();
    client.transport[what]();
    yield* rest();
    one.transport.close();
    yield* rest();
    server.close();
  }
  let [server, one, client] = yield* pair({ data: fail });
  client.transport.write(encode("abc"));
  yield* rest();
  server.close();
  [server, one, client] = yield* pair();
  one.transport.pauseReading();
  client.transport.write(encode("abc"));
  yield* rest();
  one.transport.abort();
  yield* rest();
  server.close();
}

function* pauses(): Steps {
  log("# reading is paused by the data");
  let [server, one, client] = yield* pair({ data: (each) => each.transport.pauseReading() });
  client.transport.write(encode("abc"));
  yield* rest();
  client.transport.write(encode("defgh"));
  client.transport.writeEof();
  yield* rest();
  log("resume");
  one.transport.resumeReading();
  yield* rest();
  log("resume");
  one.transport.resumeReading();
  yield* rest();
  server.close();
  log("# the other side resets while reading is paused");
  [server, one, client] = yield* pair();
  one.transport.pauseReading();
  client.transport.pauseReading();
  yield* rest();
  one.transport.write(encode("abc"));
  yield* rest();
  client.transport.abort();
  yield* rest();
  log("closing", one.transport.isClosing());
  one.transport.write(encode("x"));
  yield* rest();
  server.close();
}

function* noBuffer(): Steps {
  log("# write buffer limits of 0");
  const [server, one, client] = yield* pair();
  client.transport.setWriteBufferLimits({ high: 0 });
  client.transport.write(encode("abc"));
  yield* rest();
  one.transport.pauseReading();
  yield* rest();
  client.transport.write(new Uint8Array(20_000_000));
  log("paused");
  client.transport.abort();
  yield* rest();
  one.transport.abort();
  yield* rest();
  server.close();
}

function* inMade(): Steps {
  log("# close, abort, write and close when the connection is made");
  const acts: Act[] = [
    ({ transport }) => transport.close(),
    ({ transport }) => transport.abort(),
    ({ transport }) => [transport.write(encode("abc")), transport.close()],
    ({ transport }) => [transport.write(encode("abc")), transport.writeEof()],
    ({ transport }) => transport.pauseReading(),
  ];
  for (const made of acts) {
    const [server, , client] = yield* pair({ made });
    client.transport.write(encode("12345"));
    yield* rest();
    client.transport.close();
    yield* rest();
    server.close();
    server.closeClients();
    yield* rest();
  }
}

function* inEof(): Steps {
  log("# writing when the other side has ended");
  for (const result of [null, true]) {
    const eof: Act = ({ transport }) => {
      transport.write(encode("abc"));
      return result;
    };
    const [server, one, client] = yield* pair({ eof });
    client.transport.writeEof();
    yield* rest();
    client.transport.close();
    one.transport.close();
    yield* rest();
    server.close();
  }
}

function* inLost(): Steps {
  log("# writing and closing when the connection is lost");
  const lost: Act = ({ transport }) => {
    attempt("write", () => transport.write(encode("x")));
    attempt("write_eof", () => transport.writeEof());
    attempt("close", () => transport.close());
    attempt("abort", () => transport.abort());
    log(transport.isClosing(), transport.isReading());
  };
  const [server, , client] = yield* pair({ lost });
  client.transport.close();
  yield* rest();
  server.close();
}

function* extra(): Steps {
  log("# extra information");
  const [server, one, client] = yield* pair();
  const info = (each: Named, key: string): string => String(each.transport.getExtraInfo(key));
  log(info(client, "peername") === info(one, "sockname"));
  log(info(one, "peername") === info(client, "sockname"));
  for (const key of ["sslcontext", "cipher", "compression", "nothing"]) {
    log(key, client.transport.getExtraInfo(key), client.transport.getExtraInfo(key, 5));
  }
  const name = info(client, "peername");
  client.transport.close();
  yield* rest();
  log(info(client, "peername") === name);
  server.close();
}

class Dgram extends DatagramProtocol {
  private readonly _name: string;

  constructor(name: string) {
    super();
    this._name = name;
  }

  override connectionMade(): void {
    log(this._name, "made");
  }

  override datagramReceived(data: Uint8Array): void {
    log(this._name, "got", data.length);
  }

  override errorReceived(error: Error): void {
    log(this._name, "error", nameOf(error));
  }

  override connectionLost(error: Error | null): void {
    log(this._name, "lost", nameOf(error));
  }
}

function* datagrams(): Steps {
  log("# datagrams: nobody there, wrong addresses, none, after close");
  const [bound] = yield* loop.createDatagramEndpoint(() => new Dgram("bound"), { localAddress: ["127.0.0.1", 0] });
  const port = bound.getExtraInfo("sockname").port;
  const [connected] = yield* loop.createDatagramEndpoint(() => new Dgram("connected"), {
    remoteAddress: ["127.0.0.1", port],
  });
  connected.sendto(encode("abc"));
  connected.sendto(encode(""));
  connected.sendto(encode("abcd"), ["127.0.0.1", port]);
  yield* rest();
  attempt("other address", () => connected.sendto(encode("x"), ["127.0.0.1", port + 1]));
  log(connected.getWriteBufferSize(), connected.isClosing());
  bound.close();
  yield* rest();
  connected.sendto(encode("1"));
  yield* rest();
  connected.sendto(encode("2"));
  yield* rest();
  connected.abort();
  yield* rest();
  attempt("after close", () => connected.sendto(encode("x")));
  try {
    yield* loop.createDatagramEndpoint(() => new Dgram("nowhere"), {});
  } catch (error) {
    log(nameOf(error));
  }
}

function* cancelled(): Steps {
  log("# cancelled in read, drain and wait_closed");
  const [server, reader, writer, peerReader, peer] = yield* streams();
  for (const [name, operation] of [
    ["read", reader.read(5)],
    ["readline", reader.readline()],
    ["wait_closed", writer.waitClosed()],
  ] as const) {
    const task = createTask(awaited(name, operation));
    yield* rest();
    task.cancel();
    yield* task;
  }
  peer.write(encode("abc\n"));
  yield* awaited("readline", reader.readline());
  writer.close();
  yield* awaited("wait_closed", writer.waitClosed());
  yield* awaited("peer reads", peerReader.read());
  peer.close();
  server.close();
}

function* takesOver(): Steps {
  log("# another protocol takes over in the middle of data");
  const [server, , client] = yield* pair({ data: (each) => each.transport.setProtocol(new Named("successor")) });
  client.transport.write(encode("abc"));
  yield* rest();
  client.transport.write(encode("defgh"));
  yield* rest();
  client.transport.close();
  yield* rest();
  server.close();
}

function* factories(): Steps {
  log("# a factory that fails, and nobody who listens");
  const server = yield* loop.createServer(() => new Named("server"), "127.0.0.1", 0);
  yield* awaited("create_connection", loop.createConnection(fail, "127.0.0.1", portOf(server)));
  yield* rest();
  server.close();
  yield* awaited(
    "create_connection",
    loop.createConnection(() => new Named("client"), "127.0.0.1", 1),
  );
}

function* forever(): Steps {
  log("# serve_forever ends");
  for (const how of ["cancel", "close"]) {
    const [server, one, client] = yield* pair();
    const task = createTask(awaited("serve_forever", server.serveForever()));
    yield* rest();
    if (how === "cancel") {
      task.cancel();
    } else {
      server.close();
    }
    yield* rest();
    log("done", task.done(), server.isServing());
    client.transport.close();
    yield* rest();
    log("done", task.done());
    if (!task.done()) {
      one.transport.abort();
      yield* rest();
      log("done", task.done());
    }
  }
}

async function* lines() {
  log("# all lines, one after the other");
  const [server, reader, writer, , peer] = yield* streams();
  peer.write(encode("a\nbcd\nlast"));
  peer.writeEof();
  for (let line = yield* reader.readline(); line.length > 0; line = yield* reader.readline()) {
    log(line.length);
  }
  log(reader.atEof());
  peer.close();
  writer.close();
  server.close();
}

function* handlers(): Steps {
  log("# handlers: plain, failing, cancelled");
  function* fails(): Steps {
    yield* [];
    fail();
  }
  function* cancels(): Steps {
    yield* [];
    throw new CancelledError();
  }
  const plain = (_: StreamReader, writer: StreamWriter): void => {
    writer.write(encode("abc"));
    writer.close();
  };
  for (const handler of [fails, cancels, plain]) {
    const server = yield* startServer(handler, "127.0.0.1", 0);
    const [reader, writer] = yield* openConnection("127.0.0.1", portOf(server));
    yield* awaited("read", reader.read());
    writer.close();
    yield* awaited("wait_closed", writer.waitClosed());
    server.close();
    yield* awaited("server.wait_closed", server.waitClosed());
  }
}

const PROGRAMS = [
  limits,
  exactLimit,
  peerClosed,
  halfClose,
  aborted,
  closeFlushes,
  serverClosed,
  orders,
  lostWith,
  pauses,
  noBuffer,
  inMade,
  inEof,
  inLost,
  extra,
  datagrams,
  cancelled,
  takesOver,
  factories,
  forever,
  lines,
  handlers,
];

const expected = readFileSync(new URL("../../golden/network/edges.txt", import.meta.url), "utf8").split(/^(?=#)/m);

for (const program of PROGRAMS) {
  test.serial(`Edges: ${program.name} has the log that CPython gave it`, async (t) => {
    output.length = 0;
    const { error } = await simulate(
      function* () {
        loop = getRunningLoop();
        loop.setExceptionHandler((_, { exception }) => log("reported", nameOf(exception)));
        yield* loop.createTask(program());
        yield* rest();
      },
      { trace: "off" },
    );
    t.is(error, undefined);
    const titles = output.filter((line) => line.startsWith("#"));
    const wanted = expected.filter((section) => titles.includes(section.slice(0, section.indexOf("\n"))));
    t.deepEqual(output, wanted.join("").trim().split("\n"));
  });
}
