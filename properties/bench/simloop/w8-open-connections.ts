import {
  createTask,
  gather,
  openConnection,
  type StreamReader,
  type StreamWriter,
  startServer,
} from "../../../engine/index.ts";
import { openConnections } from "../workloads/w8-open-connections.ts";
import { simulated, type Trace } from "./run-all.ts";

type Plain<T> = Generator<unknown, T, unknown>;

/** W8: every connection stays open until all have exchanged their message. */
export function runOpenConnections(scale: number, trace: Trace): Promise<string> {
  const count = openConnections.units(scale);
  const message = new Uint8Array(64);
  function* serve(reader: StreamReader, writer: StreamWriter): Plain<void> {
    writer.write(yield* reader.readexactly(message.length));
  }
  function* client(): Plain<StreamWriter> {
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    writer.write(message);
    yield* reader.readexactly(message.length);
    return writer;
  }
  return simulated<string>(function* () {
    yield* startServer(serve, "127.0.0.1", 80, { backlog: count });
    const open = yield* gather(Array.from({ length: count }, () => createTask(client())));
    return String(open.filter((writer) => !writer.isClosing()).length);
  }, trace);
}
