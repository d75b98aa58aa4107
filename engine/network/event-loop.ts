import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { LoopOptions } from "../loop/options.ts";
import { requireRunning } from "../loop/running.ts";
import type { Context } from "../tasks/context.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { currentLife } from "./hosts/life.ts";
import { Network } from "./network.ts";
import { type NetworkOptions, requireNetworkOptions } from "./network-options.ts";
import { requirePort } from "./ports.ts";
import { SocketAddress } from "./socket-address.ts";
import type { Internet } from "./sockets/contract.ts";
import { SimulatedStreamSocket } from "./sockets/stream-socket.ts";
import type { DatagramProtocol, DatagramTransport, StreamProtocol, Transport } from "./transports/contract.ts";
import { type ConnectionOptions, createConnection } from "./transports/create-connection.ts";
import { createDatagramEndpoint, type DatagramOptions } from "./transports/create-datagram-endpoint.ts";
import { createServer, type ServerHost, type ServerOptions } from "./transports/create-server.ts";
import { requireFamily, requireHostName, resolve, type WantedFamily } from "./transports/resolve.ts";
import type { Server } from "./transports/server.ts";

/** Options of an {@link EventLoop}. All have defaults. */
export interface EventLoopOptions extends LoopOptions {
  /** What the simulated network is like. */
  readonly network?: NetworkOptions;
}

/** @internal The names of {@link EventLoopOptions}. */
export const EVENT_LOOP_OPTIONS = optionNames<EventLoopOptions>({
  seed: true,
  start: true,
  timeZone: true,
  network: true,
  output: true,
  errorOutput: true,
  timerTies: true,
  realAwait: true,
  maxSteps: true,
  maxStepsPerInstant: true,
  maxTime: true,
  signal: true,
  onProgress: true,
  ordering: true,
  instrument: true,
});

const LOOKUP_OPTIONS = optionNames<{ readonly family?: WantedFamily }>({ family: true });

/** simloop's event loop: asyncio's, on virtual time, with a simulated network. @see asyncio.EventLoop */
export class EventLoop extends TaskEventLoop {
  private readonly _networkOptions: NetworkOptions | undefined;
  private _network: Network | null = null;

  /** @throws TypeError for unknown options, and RangeError or TypeError for those that have no sensible value. */
  constructor(options?: EventLoopOptions);
  /** @internal For those who have looked at the names already, and may give more of them. */
  constructor(options: EventLoopOptions, hasKnownOptions: true);
  constructor(options: EventLoopOptions = NO_OPTIONS, hasKnownOptions = false) {
    if (!hasKnownOptions) {
      requireOptions("EventLoop", options, EVENT_LOOP_OPTIONS);
    }
    super(options);
    if (options.network !== undefined) {
      requireNetworkOptions(options.network);
    }
    this._networkOptions = options.network;
  }

  /** The simulated network; it comes into being when it is first asked for. */
  get network(): Network {
    this._network ??= new Network(this, this._networkOptions);
    return this._network;
  }

  /** @internal What its sockets are made of. */
  get _internet(): Internet {
    return this.network;
  }

  /** @internal */
  override _localTime(): number {
    return this._network === null ? this.time() : this._network.here.time();
  }

  override _hostName(context: object | null): string | undefined {
    return (context as Context | null)?.get(currentLife)?.host.name;
  }

  /** @internal The ends of TCP connections that programs have not closed, in words. */
  _openConnections(): readonly string[] {
    const open: string[] = [];
    for (const host of this._network?.hosts ?? []) {
      for (const socket of host._sockets) {
        const peer = socket instanceof SimulatedStreamSocket ? socket.peerAddress() : null;
        if (socket instanceof SimulatedStreamSocket && peer !== null) {
          open.push(`${host.name}: ${socket.localAddress()} to ${peer}`);
        }
      }
    }
    return open;
  }

  /**
   * @internal Report what the program has not closed, unless it was cut off. CPython does so in its development mode.
   */
  _reportUnclosed(): void {
    if (!this._wasCutOff) {
      for (const text of this._network?.unclosed() ?? []) {
        this._reportError(text);
      }
    }
  }

  /** @internal Let paused hosts go on, so that what runs on them can end. */
  _resumeHosts(): void {
    for (const host of this._network?.hosts ?? []) {
      if (host.state === "paused") {
        host.resume();
      }
    }
  }

  /**
   * Listen for connections at `host` (a name or address, several of them, or `null` for all addresses of the present
   * host) and `port` (0 for any), and call `factory` for the protocol of each.
   *
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError EADDRINUSE,
   * EADDRNOTAVAIL, ENOTFOUND.
   * @see asyncio `loop.create_server`
   */
  createServer(
    factory: () => StreamProtocol,
    host?: ServerHost,
    port?: number | null,
    options: ServerOptions = NO_OPTIONS,
  ): Operation<Server> {
    return createServer(this, this._internet, factory, host, port, options);
  }

  /**
   * Connect to `port` of `host`, a name or address, from the present host; call `factory` for the protocol.
   *
   * @returns The transport and the protocol.
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError ECONNREFUSED, ETIMEDOUT,
   * EHOSTUNREACH, ENOTFOUND …
   * @see asyncio `loop.create_connection`
   */
  createConnection<P extends StreamProtocol>(
    factory: () => P,
    host: string | null | undefined,
    port: number,
    options: ConnectionOptions = NO_OPTIONS,
  ): Operation<[Transport, P]> {
    return createConnection(this, this._internet, factory, host, port, options);
  }

  /**
   * Send and receive datagrams, at a local address, with a remote one, or with any (see {@link DatagramOptions}); call
   * `factory` for the protocol.
   *
   * @returns The transport and the protocol.
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError EADDRINUSE,
   * EADDRNOTAVAIL, ENOTFOUND …
   * @see asyncio `loop.create_datagram_endpoint`
   */
  createDatagramEndpoint<P extends DatagramProtocol>(
    factory: () => P,
    options: DatagramOptions,
  ): Operation<[DatagramTransport, P]> {
    return createDatagramEndpoint(this, this._internet, factory, options);
  }

  /**
   * Look up the addresses of `host`, a name or address (`null` for the loopback).
   *
   * @returns An address for each, with `port`, in the order in which they are to be tried.
   * @throws TypeError, RangeError at the call for malformed arguments; awaiting: NetworkError ENOTFOUND, EAI_AGAIN.
   * @see asyncio `loop.getaddrinfo`. Differs: it returns the addresses only.
   */
  getaddrinfo(
    host: string | null,
    port: number | null,
    options: { readonly family?: WantedFamily } = NO_OPTIONS,
  ): Operation<readonly SocketAddress[]> {
    requireOptions("getaddrinfo", options, LOOKUP_OPTIONS);
    requireHostName("getaddrinfo", host);
    requirePort("getaddrinfo", port ?? 0);
    requireFamily("getaddrinfo", options.family);
    return new GeneratorOperation("getaddrinfo", this._getaddrinfoSteps(host || null, port ?? 0, options.family ?? 0));
  }

  private *_getaddrinfoSteps(host: string | null, port: number, family: WantedFamily): Steps<readonly SocketAddress[]> {
    const addresses = yield* resolve(this._internet, host, family, false);
    return addresses.map((address) => new SocketAddress(address.text, port, address.family));
  }
}

/**
 * The loop that runs the present coroutine or callback.
 *
 * @throws RuntimeError if there is none.
 * @see asyncio.get_running_loop
 */
export const getRunningLoop = (): EventLoop => requireRunning() as EventLoop;
