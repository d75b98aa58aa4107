import { readFileSync } from "node:fs";
import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { NetworkError } from "../errors.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import { BufferedProtocol, Protocol, type StreamProtocol, type Transport } from "./contract.ts";
import type { Server } from "./server.ts";

/*
 * The program of engine/golden/network/transports.py, line by line, and the log that CPython 3.13 wrote for it: which
 * calls protocols receive, in which order, and what is refused with which error.
 */

type Steps<T = void> = Generator<unknown, T, unknown>;

const lines: string[] = [];
let loop: EventLoop;

const inPython = (value: unknown): string => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

function log(...words: unknown[]): void {
  lines.push(words.map(inPython).join(" "));
}

const PYTHON_NAMES = new Map<string | undefined, string>([
  ["ECONNRESET", "ConnectionResetError"],
  ["ECONNREFUSED", "ConnectionRefusedError"],
  ["RangeError", "ValueError"],
]);

function nameOf(error: unknown): string {
  if (error === null) {
    return "NoneType";
  }
  const { name } = error as Error;
  return PYTHON_NAMES.get(error instanceof NetworkError ? error.code : name) ?? name;
}

class Named extends Protocol {
  readonly name: string;
  transport!: Transport;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    log(this.name, "made");
  }

  override dataReceived(data: Uint8Array): void {
    log(this.name, "data", data.length);
  }

  override eofReceived(): unknown {
    log(this.name, "eof");
    return false;
  }

  override connectionLost(error: Error | null): void {
    log(this.name, "lost", nameOf(error));
  }
}

class Buffered extends BufferedProtocol {
  private readonly _name: string;
  private readonly _size: number;

  constructor(name: string, size: number) {
    super();
    this._name = name;
    this._size = size;
  }

  override connectionMade(): void {
    log(this._name, "made");
  }

  override getBuffer(sizeHint: number): Uint8Array {
    log(this._name, "lends", this._size, "when asked for", sizeHint);
    return new Uint8Array(this._size);
  }

  override bufferUpdated(count: number): void {
    log(this._name, "got", count);
  }

  override eofReceived(): unknown {
    log(this._name, "eof");
    return false;
  }

  override connectionLost(error: Error | null): void {
    log(this._name, "lost", nameOf(error));
  }
}

class FailsWhenMade extends Named {
  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    throw new RangeError("told to fail");
  }
}

class FailsAtEof extends Named {
  override eofReceived(): unknown {
    super.eofReceived();
    throw new RangeError("told to fail");
  }
}

class FailsWhenLost extends Named {
  override connectionLost(error: Error | null): void {
    super.connectionLost(error);
    throw new RangeError("told to fail");
  }
}

class HalfOpen extends Named {
  override eofReceived(): unknown {
    super.eofReceived();
    return true;
  }
}

class Deaf extends Named {
  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    transport.pauseReading();
    transport.pauseReading();
    log("reading", transport.isReading());
  }
}

function attempt(what: string, call: () => void): void {
  try {
    call();
    log(what, "ok");
  } catch (error) {
    log(what, nameOf(error));
  }
}

function* awaited(what: string, awaitable: Iterable<unknown>): Steps {
  try {
    yield* awaitable as Steps<unknown>;
    log(what, "ok");
  } catch (error) {
    log(what, nameOf(error));
  }
}

function* rest(): Steps {
  yield* sleep(0.05);
}

function* connect(server: Server, name = "client"): Steps<Transport> {
  const port = server.addresses[0]?.port as number;
  const [transport] = yield* loop.createConnection(() => new Named(name), "127.0.0.1", port);
  return transport;
}

function* pair(factory: () => StreamProtocol): Steps<[Server, Transport]> {
  const server = yield* loop.createServer(factory, "127.0.0.1", 0);
  return [server, yield* connect(server)];
}

function* buffers(): Steps {
  log("# a protocol lends its buffer");
  let [server, client] = yield* pair(() => new Buffered("server", 10));
  client.write(new Uint8Array(25));
  yield* rest();
  client.writeEof();
  yield* rest();
  log("closing", client.isClosing());
  server.close();

  log("# an empty buffer is an error");
  [server, client] = yield* pair(() => new Buffered("server", 0));
  client.write(new Uint8Array(25));
  yield* rest();
  server.close();
}

function* clients(): Steps {
  log("# close_clients");
  let [server] = yield* pair(() => new Named("server"));
  yield* connect(server, "other client");
  yield* rest();
  server.close();
  log("closed");
  server.closeClients();
  yield* awaited("wait_closed", server.waitClosed());
  yield* rest();

  log("# abort_clients");
  [server] = yield* pair(() => new Named("server"));
  yield* rest();
  server.close();
  server.abortClients();
  yield* awaited("wait_closed", server.waitClosed());
  yield* rest();
}

function* refusals(): Steps {
  log("# what a closed transport takes");
  let [server, client] = yield* pair(() => new Named("server"));
  client.close();
  client.close();
  attempt("write", () => client.write(new Uint8Array(1)));
  attempt("write_eof", () => client.writeEof());
  attempt("pause_reading", () => client.pauseReading());
  attempt("resume_reading", () => client.resumeReading());
  attempt("abort", () => client.abort());
  log(client.isClosing(), client.isReading(), client.getWriteBufferSize());
  yield* rest();
  attempt("write", () => client.write(new Uint8Array(1)));
  server.close();
  server.close();
  yield* awaited("serve_forever", server.serveForever());
  log(server.isServing(), server.sockets.length);

  log("# what may follow write_eof");
  [server, client] = yield* pair(() => new Named("server"));
  client.write(new Uint8Array(2));
  client.writeEof();
  attempt("write_eof", () => client.writeEof());
  attempt("write", () => client.write(new Uint8Array(1)));
  attempt("write nothing", () => client.write(new Uint8Array(0)));
  attempt("writelines", () => client.writelines([]));
  log(client.canWriteEof(), client.isClosing());
  yield* rest();
  log(client.isClosing());
  server.close();

  log("# water marks");
  [server, client] = yield* pair(() => new Named("server"));
  log(...client.getWriteBufferLimits());
  for (const limits of [{ high: 100 }, { low: 100 }, { high: 10, low: 5 }, { high: 0 }, {}]) {
    client.setWriteBufferLimits(limits);
    log(...client.getWriteBufferLimits());
  }
  attempt("high below low", () => client.setWriteBufferLimits({ high: 1, low: 2 }));
  attempt("high below 0", () => client.setWriteBufferLimits({ high: -1 }));
  client.abort();
  yield* rest();
  server.close();
}

function* protocols(): Steps {
  log("# another protocol takes over");
  let [server, client] = yield* pair(() => new Named("server"));
  client.setProtocol(new Named("successor"));
  client.write(new Uint8Array(1));
  log((client.getProtocol() as Named).name);
  yield* rest();
  client.close();
  yield* rest();
  server.close();

  for (const Failing of [FailsWhenMade, FailsAtEof, FailsWhenLost]) {
    log("#", Failing.name);
    [server, client] = yield* pair(() => new Failing("server"));
    yield* rest();
    client.write(new Uint8Array(3));
    yield* rest();
    client.close();
    yield* rest();
    server.close();
    yield* awaited("wait_closed", server.waitClosed());
  }

  log("# eof_received keeps the connection open");
  [server, client] = yield* pair(() => new HalfOpen("server"));
  client.writeEof();
  yield* rest();
  log("closing", client.isClosing());
  server.closeClients();
  yield* rest();
  log("closing", client.isClosing());
  server.close();

  log("# the other side closes while reading is paused");
  const deaf = new Deaf("server");
  [server, client] = yield* pair(() => deaf);
  client.write(new Uint8Array(3));
  client.close();
  yield* rest();
  deaf.transport.resumeReading();
  log("reading", deaf.transport.isReading());
  yield* rest();
  server.close();
}

function* servers(): Steps {
  log("# a server that begins later");
  let server = yield* loop.createServer(() => new Named("server"), "127.0.0.1", 0, { startServing: false });
  log("serving", server.isServing());
  yield* awaited("connect", connect(server));
  yield* server.startServing();
  yield* server.startServing();
  log("serving", server.isServing());
  let client = yield* connect(server);
  const forever = createTask(server.serveForever());
  yield* rest();
  yield* awaited("serve_forever again", server.serveForever());
  forever.cancel();
  client.close();
  yield* awaited("serve_forever", forever);
  log("serving", server.isServing());
  yield* rest();

  log("# written and aborted at once");
  [server, client] = yield* pair(() => new Named("server"));
  client.write(new Uint8Array(10));
  client.abort();
  yield* rest();
  server.close();
}

test("Transport: protocols receive the calls that CPython makes, in its order, and the same is refused", async (t) => {
  const { error } = await simulate(
    function* (): Steps {
      loop = getRunningLoop();
      loop.setExceptionHandler((_, { exception }) => log("reported", nameOf(exception)));
      yield* buffers();
      yield* clients();
      yield* refusals();
      yield* protocols();
      yield* servers();
    },
    { trace: "off" },
  );
  t.is(error, undefined);
  t.deepEqual(
    lines,
    readFileSync(new URL("../../golden/network/transports.txt", import.meta.url), "utf8")
      .trimEnd()
      .split("\n"),
  );
});
