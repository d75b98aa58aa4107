import {
  type Future,
  gather,
  getRunningLoop,
  openConnection,
  Protocol,
  type StreamReader,
  type StreamWriter,
  startServer,
  type Transport,
} from "../../../engine/index.ts";
import { echo } from "../workloads/w5-echo.ts";
import { simulated, type Trace } from "./run-all.ts";

type Plain<T> = Generator<unknown, T, unknown>;

class EchoProtocol extends Protocol {
  private transport!: Transport;
  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }
  override dataReceived(data: Uint8Array): void {
    this.transport.write(data);
  }
}

class ClientProtocol extends Protocol {
  private readonly message = new Uint8Array(echo.bytes);
  private readonly done: Future<number>;
  private readonly wanted: number;
  private received = 0;
  private transport!: Transport;
  constructor(requests: number, done: Future<number>) {
    super();
    this.wanted = requests * echo.bytes;
    this.done = done;
  }
  override connectionMade(transport: Transport): void {
    this.transport = transport;
    transport.write(this.message);
  }
  override dataReceived(data: Uint8Array): void {
    this.received += data.length;
    if (this.received < this.wanted) {
      this.transport.write(this.message);
    } else {
      this.transport.close();
      this.done.setResult(this.received);
    }
  }
}

/** W5 on protocols or on streams. */
export function runEcho(scale: number, flavour: string, trace: Trace): Promise<string> {
  const requests = echo.requests(scale);
  const sum = (counts: readonly number[]): string => String(counts.reduce((total, count) => total + count, 0));
  function* protocols(): Plain<string> {
    const loop = getRunningLoop();
    yield* loop.createServer(() => new EchoProtocol(), "127.0.0.1", 80);
    const all: Future<number>[] = [];
    for (let i = 0; i < echo.clients; i++) {
      const done = loop.createFuture<number>();
      all.push(done);
      yield* loop.createConnection(() => new ClientProtocol(requests, done), "127.0.0.1", 80);
    }
    return sum(yield* gather(all));
  }
  function* serve(reader: StreamReader, writer: StreamWriter): Plain<void> {
    for (;;) {
      const data = yield* reader.read(65_536);
      if (data.length === 0) break;
      writer.write(data);
    }
    writer.close();
  }
  function* client(): Plain<number> {
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    const message = new Uint8Array(echo.bytes);
    let received = 0;
    for (let i = 0; i < requests; i++) {
      writer.write(message);
      received += (yield* reader.readexactly(echo.bytes)).length;
    }
    writer.close();
    return received;
  }
  function* streams(): Plain<string> {
    yield* startServer(serve, "127.0.0.1", 80);
    return sum(yield* gather(Array.from({ length: echo.clients }, client)));
  }
  return simulated<string>(flavour === "protocols" ? protocols : streams, trace);
}
