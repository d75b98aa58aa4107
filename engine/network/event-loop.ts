import type { LoopOptions } from "../loop/options.ts";
import { requireRunning } from "../loop/running.ts";
import type { Operation } from "../tasks/operation.ts";
import { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { Network, type NetworkOptions } from "./network.ts";
import type { StreamProtocol, Transport } from "./transports/contract.ts";
import { type ConnectionOptions, createConnection } from "./transports/create-connection.ts";
import { createServer, type ServerHost, type ServerOptions } from "./transports/create-server.ts";
import type { Server } from "./transports/server.ts";

/** Options of an {@link EventLoop}. All have defaults. */
export interface EventLoopOptions extends LoopOptions {
  /** What the simulated network is like. */
  readonly network?: NetworkOptions;
}

/** simloop's event loop: asyncio's, on virtual time, with a simulated network. @see asyncio.EventLoop */
export class EventLoop extends TaskEventLoop {
  private readonly _networkOptions: NetworkOptions | undefined;
  private _network: Network | null = null;

  constructor(options: EventLoopOptions = {}) {
    super(options);
    this._networkOptions = options.network;
  }

  /** The simulated network; it comes into being when it is first asked for. */
  get network(): Network {
    this._network ??= new Network(this, this._networkOptions);
    return this._network;
  }

  /**
   * Listen for connections at `host` (a name or address, several of them, or `null` for all addresses of the present host) and `port` (0 for
   * any), and call `factory` for the protocol of each.
   *
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError EADDRINUSE, EADDRNOTAVAIL, ENOTFOUND.
   * @see asyncio `loop.create_server`
   */
  createServer(
    factory: () => StreamProtocol,
    host?: ServerHost,
    port?: number | null,
    options: ServerOptions = {},
  ): Operation<Server> {
    return createServer(this, this.network, factory, host, port, options);
  }

  /**
   * Connect to `port` of `host`, a name or address, from the present host; call `factory` for the protocol.
   *
   * @returns The transport and the protocol.
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENOTFOUND …
   * @see asyncio `loop.create_connection`
   */
  createConnection<P extends StreamProtocol>(
    factory: () => P,
    host: string | null | undefined,
    port: number,
    options: ConnectionOptions = {},
  ): Operation<[Transport, P]> {
    return createConnection(this, this.network, factory, host, port, options);
  }
}

/** The loop that runs the present coroutine or callback. @throws RuntimeError if there is none. @see asyncio.get_running_loop */
export const getRunningLoop = (): EventLoop => requireRunning() as EventLoop;
