import { readFileSync } from "node:fs";
import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { NetworkError } from "../errors.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import type { SocketAddress } from "../socket-address.ts";
import { decode, encode } from "../text.ts";
import { DatagramProtocol, type DatagramTransport, Protocol, type Transport } from "./contract.ts";
import type { Server } from "./server.ts";

/*
 * The program of engine/golden/network/passes.py, line by line, and the log that CPython 3.13 wrote for it: what
 * happens in which pass, and in which order within one.
 */

const lines: string[] = [];
let passes = 0;
let base = 0;
let loop: EventLoop;

function mark(title: string): void {
  base = passes;
  lines.push(`# ${title}`);
}

const log = (...words: unknown[]): number => lines.push([passes - base, ...words].join(" "));

function* rest(count: number): Generator<unknown, void, unknown> {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
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
    log(this.name, "data", decode(data));
  }

  override eofReceived(): unknown {
    log(this.name, "eof");
    return false;
  }

  override connectionLost(error: Error | null): void {
    log(this.name, "lost", error === null ? "-" : error.message);
  }
}

class Echo extends Named {
  constructor(name: string) {
    log(name, "factory");
    super(name);
  }

  override dataReceived(data: Uint8Array): void {
    super.dataReceived(data);
    const text = decode(data);
    if (text === "fail") {
      throw new Error("ValueError");
    }
    this.transport.write(encode(`re:${text}`));
    if (text === "bye") {
      this.transport.close();
    }
  }
}

class HalfOpen extends Named {
  override eofReceived(): boolean {
    super.eofReceived();
    this.transport.write(encode("late"));
    loop.callSoon(() => this.transport.close());
    return true;
  }
}

class Greeting extends Named {
  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    transport.write(encode("hello"));
    transport.close();
  }
}

class Eager extends Named {
  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    transport.write(encode("one"));
  }
}

class Datagrams extends DatagramProtocol {
  readonly name: string;
  readonly answers: boolean;
  transport!: DatagramTransport;

  constructor(name: string, answers: boolean) {
    log(name, "factory");
    super();
    this.name = name;
    this.answers = answers;
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    log(this.name, "made");
  }

  override datagramReceived(data: Uint8Array, address: SocketAddress): void {
    log(this.name, "data", decode(data));
    if (this.answers) {
      this.transport.sendto(encode(`re:${decode(data)}`), address);
    }
  }

  override errorReceived(error: NetworkError): void {
    log(this.name, "error", error.code === "ECONNREFUSED" ? "ConnectionRefusedError" : error);
  }

  override connectionLost(error: Error | null): void {
    log(this.name, "lost", error ?? "-");
  }
}

type Wait<T> = Generator<unknown, T, unknown>;

function* serve(factory: () => Protocol): Wait<[Server, number]> {
  const server = yield* loop.createServer(factory, "127.0.0.1", 0);
  return [server, (server.addresses[0] as { port: number }).port];
}

function* connect(name: string, port: number, protocol: new (name: string) => Protocol = Named): Wait<Transport> {
  const [transport] = yield* loop.createConnection(() => new protocol(name), "127.0.0.1", port);
  log(name, "connected");
  return transport;
}

function* main(): Wait<void> {
  loop = getRunningLoop();
  const count = (): void => {
    passes++;
    loop.callSoon(count);
  };
  count();
  yield* sleep(0);

  mark("a server is made");
  let server = yield* loop.createServer(() => new Echo("server"), "127.0.0.1", 0);
  log("made");
  let port = (server.sockets[0] as { getsockname(): { port: number } }).getsockname().port;

  mark("a client connects and writes at once");
  let transport = yield* connect("client", port, Eager);
  yield* rest(5);

  mark("pieces written in one pass arrive together");
  for (const piece of ["a", "b", "c"]) {
    transport.write(encode(piece));
  }
  yield* rest(5);

  mark("the server answers and closes");
  transport.write(encode("bye"));
  yield* rest(6);

  mark("the client closes");
  transport = yield* connect("client", port);
  yield* rest(3);
  log("close");
  transport.close();
  yield* rest(5);

  mark("the client writes and closes");
  transport = yield* connect("client", port);
  yield* rest(3);
  log("write, close");
  transport.write(encode("last"));
  transport.close();
  yield* rest(6);

  mark("the client ends its stream");
  transport = yield* connect("client", port);
  yield* rest(3);
  log("write_eof");
  transport.writeEof();
  yield* rest(6);

  mark("the client aborts");
  transport = yield* connect("client", port);
  yield* rest(3);
  log("abort");
  transport.abort();
  yield* rest(5);

  mark("the server's protocol fails");
  loop.setExceptionHandler((_, context) => log("handler:", context.message));
  transport = yield* connect("client", port);
  yield* rest(3);
  log("write");
  transport.write(encode("fail"));
  yield* rest(6);

  mark("reading is paused and resumed");
  transport = yield* connect("client", port, Eager);
  transport.pauseReading();
  yield* rest(4);
  log("resume");
  transport.resumeReading();
  yield* rest(3);

  mark("the server closes while a client is there");
  const waiting = createTask(server.waitClosed());
  waiting.addDoneCallback(() => log("server closed"));
  server.close();
  yield* rest(3);
  log("close");
  transport.close();
  yield* rest(6);

  mark("nobody listens");
  try {
    yield* connect("client", port);
  } catch (error) {
    log(error instanceof NetworkError && error.code === "ECONNREFUSED" ? "refused" : error);
  }

  mark("three clients connect at once");
  [server, port] = yield* serve(() => new Echo("server"));
  log("serving");
  const tasks = [0, 1, 2].map((i) => createTask(connect(`client ${i}`, port, Eager)));
  const transports = yield* gather(tasks);
  log("all connected");
  yield* rest(4);
  for (const each of transports) {
    each.close();
  }
  yield* rest(6);
  server.close();

  mark("the server greets and closes");
  [server, port] = yield* serve(() => new Greeting("server"));
  log("serving");
  yield* connect("client", port);
  yield* rest(5);
  server.close();

  mark("the server keeps its direction open");
  [server, port] = yield* serve(() => new HalfOpen("server"));
  log("serving");
  transport = yield* connect("client", port);
  yield* rest(3);
  log("write_eof");
  transport.writeEof();
  yield* rest(8);

  mark("serve_forever is cancelled");
  const task = createTask(server.serveForever());
  task.addDoneCallback(() => log(task.cancelled() ? "cancelled" : "done"));
  yield* rest(3);
  log("cancel");
  task.cancel();
  yield* rest(5);
}

function* datagrams(): Wait<void> {
  mark("endpoints for datagrams are made");
  const [server] = yield* loop.createDatagramEndpoint(() => new Datagrams("server", true), {
    localAddress: ["127.0.0.1", 0],
  });
  log("server there");
  const { host, port } = server.getExtraInfo("sockname");
  const [client] = yield* loop.createDatagramEndpoint(() => new Datagrams("client", false), {
    remoteAddress: [host, port],
  });
  log("client there");

  mark("three datagrams are answered, one a pass");
  for (const data of ["one", "two", "three"]) {
    client.sendto(encode(data));
  }
  yield* rest(6);

  mark("the server closes, and datagrams are refused");
  server.close();
  yield* rest(3);
  log("sendto");
  client.sendto(encode("four"));
  yield* rest(3);
  log("sendto");
  client.sendto(encode("five"));
  client.sendto(encode("six"));
  yield* rest(3);
  log("close");
  client.close();
  yield* rest(3);
}

test("Transport: everything happens in the pass, and in the order, in which CPython has it", async (t) => {
  const program = function* (): Wait<void> {
    yield* main();
    yield* datagrams();
  };
  const { error, time } = await simulate(program, { trace: "off" });
  const recorded = readFileSync(new URL("../../golden/network/passes.txt", import.meta.url), "utf8")
    .replaceAll(".data_received()", ".dataReceived()")
    .trimEnd()
    .split("\n");
  t.is(error, undefined);
  t.is(time, 0);
  t.deepEqual(lines, recorded);
});
