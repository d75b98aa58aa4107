import { NO_OPTIONS, requireOptions } from "../../base/require-options.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import { CONNECTION_OPTIONS, type ConnectionOptions } from "../transports/create-connection.ts";
import { StreamReaderProtocol } from "./stream-protocol.ts";
import { DEFAULT_LIMIT, StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";

/** Options of {@link openConnection}. All have defaults. */
export interface StreamConnectionOptions extends ConnectionOptions {
  /** The limit of the reader, in bytes; 65536 by default. */
  readonly limit?: number;
}

const STREAM_CONNECTION_OPTIONS = ["limit", ...CONNECTION_OPTIONS];

/**
 * Connect to `port` of `host`, a name or address, and get the two sides of the connection.
 *
 * @returns The reader and the writer.
 * @throws TypeError, RangeError at the call for malformed arguments; RuntimeError if no loop runs; awaiting: as
 * `loop.createConnection`.
 * @see asyncio.open_connection
 */
export function openConnection(
  host: string | null | undefined,
  port: number,
  options: StreamConnectionOptions = NO_OPTIONS,
): Operation<[StreamReader, StreamWriter]> {
  requireOptions("openConnection", options, STREAM_CONNECTION_OPTIONS);
  const loop = getRunningLoop();
  const { limit = DEFAULT_LIMIT, ...others } = options;
  const reader = new StreamReader({ limit, loop });
  const protocol = new StreamReaderProtocol(loop, reader);
  const connecting = loop.createConnection(() => protocol, host, port, others);
  return new GeneratorOperation("openConnection", connectSteps(connecting, reader, protocol));
}

function* connectSteps(
  connecting: ReturnType<EventLoop["createConnection"]>,
  reader: StreamReader,
  protocol: StreamReaderProtocol,
): Steps<[StreamReader, StreamWriter]> {
  const [transport] = yield* connecting;
  return [reader, new StreamWriter(transport, protocol, reader)];
}
