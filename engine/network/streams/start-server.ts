import { NO_OPTIONS, requireOptions } from "../../base/require-options.ts";
import { requireCallback } from "../../loop/validate.ts";
import type { Operation } from "../../tasks/operation.ts";
import { getRunningLoop } from "../event-loop.ts";
import { SERVER_OPTIONS, type ServerHost, type ServerOptions } from "../transports/create-server.ts";
import type { Server } from "../transports/server.ts";
import { type ClientConnected, StreamReaderProtocol } from "./stream-protocol.ts";
import { DEFAULT_LIMIT, StreamReader } from "./stream-reader.ts";

/** Options of {@link startServer}. All have defaults. */
export interface StreamServerOptions extends ServerOptions {
  /** The limit of the readers, in bytes; 65536 by default. */
  readonly limit?: number;
}

const STREAM_SERVER_OPTIONS = ["limit", ...SERVER_OPTIONS];

/**
 * Listen for connections, and call `clientConnected` with the reader and the writer of each. It may be a coroutine
 * function: then each connection is served by a task of its own; an error of it is reported, and closes the connection.
 *
 * @throws TypeError, RangeError at the call for malformed arguments; RuntimeError if no loop runs; awaiting: as
 * `loop.createServer`.
 * @see asyncio.start_server
 */
export function startServer(
  clientConnected: ClientConnected,
  host?: ServerHost,
  port?: number | null,
  options: StreamServerOptions = NO_OPTIONS,
): Operation<Server> {
  if (typeof clientConnected !== "function") {
    requireCallback("startServer", clientConnected);
  }
  requireOptions("startServer", options, STREAM_SERVER_OPTIONS);
  const loop = getRunningLoop();
  const { limit = DEFAULT_LIMIT, ...others } = options;
  // A limit that no reader takes is refused here rather than when the first client comes.
  new StreamReader({ limit, loop });
  const factory = (): StreamReaderProtocol =>
    new StreamReaderProtocol(loop, new StreamReader({ limit, loop }), clientConnected);
  return loop.createServer(factory, host, port, others);
}
