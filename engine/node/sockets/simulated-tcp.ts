import { AsyncResource } from "node:async_hooks";
import type { Address, AddressFamily } from "../../network/address.ts";
import { READ, WRITE } from "../../network/poller.ts";
import type { SocketAddress } from "../../network/socket-address.ts";
import { SimulatedStreamSocket } from "../../network/sockets/stream-socket.ts";
import { ownerOf, REPORTS_END_WITH_DATA, sharedStreamState } from "../loop/internals.ts";
import type { ProcessWorld, SimulatedProcess } from "../loop/simulated-process.ts";
import type { SimulatedTimeout } from "../loop/simulated-timeout.ts";
import { takeAttemptTimer, triesSeveral } from "./connection-attempts.ts";
import { watchConnections, watchMessages } from "./http-deadlines.ts";
import { type NativeRequest, type NativeTcp, nativeTcp } from "./native-tcp.ts";
import { attempt, UV_EOF, uvError, uvErrorOf } from "./uv-errors.ts";
import { Watches } from "./watches.ts";

/** What libuv reads at once. */
const READ_BYTES = 64 * 1024;
const MAPPED = /^::ffff:(?=[\d.]+$)/i;

/** Bytes that are still to be sent, and the request that waits for it. */
interface PendingWrite {
  readonly request: NativeRequest;
  readonly resource: AsyncResource;
  rest: Uint8Array;
}

const simulated = new WeakMap<object, SimulatedTcp>();
let made = 0;

/**
 * What stands behind a native TCP handle in a simulation: it does with a socket of the simulated network what libuv
 * does with one of the system.
 *
 * All of `node:net`, and what builds on it, runs unchanged above it.
 *
 * @see libuv `src/unix/tcp.c`, `src/unix/stream.c`
 */
export class SimulatedTcp {
  /** Number in order of creation. */
  readonly number = ++made;
  bytesRead = 0;
  bytesWritten = 0;
  protected readonly _handle: NativeTcp;
  protected readonly _process: SimulatedProcess;
  private readonly _resource = new AsyncResource("TCPWRAP");
  /** One for each family that a server listens at. */
  private readonly _sockets: SimulatedStreamSocket[] = [];
  private _writes: PendingWrite[] = [];
  private _shutdown: { readonly request: NativeRequest; readonly resource: AsyncResource } | null = null;
  private _connecting: { readonly request: NativeRequest; readonly resource: AsyncResource } | null = null;
  private readonly _watches: Watches;
  /** Ends the attempt to connect, if there are other addresses to try. */
  private _attempt: SimulatedTimeout | null = null;
  private _isReading = false;
  private _isListening = false;
  private _isRefed = true;
  private _isCounted = false;
  private _isClosed = false;
  private _isMapped = false;
  private _bindStatus = 0;

  protected constructor(process: SimulatedProcess, handle: NativeTcp) {
    this._process = process;
    this._watches = new Watches(process);
    this._handle = handle;
    process.world.leftovers.add(this._free);
  }

  /** The simulated side of `handle`, or `undefined`. */
  static of(handle: NativeTcp): SimulatedTcp | undefined {
    return simulated.get(handle);
  }

  /** Give `handle` a simulated side, in `process`. */
  static adopt(process: SimulatedProcess, handle: NativeTcp): SimulatedTcp {
    return new SimulatedTcp(process, handle)._register();
  }

  /** Let the native handle be this one's. */
  protected _register(): this {
    const { _handle: handle } = this;
    simulated.set(handle, this);
    // http would read from the native side of a handle that has one.
    Object.defineProperties(handle, {
      isStreamBase: { value: false },
      bytesRead: { get: () => this.bytesRead },
      bytesWritten: { get: () => this.bytesWritten },
      writeQueueSize: { get: () => this.writeQueueSize },
    });
    return this;
  }

  get world(): ProcessWorld {
    return this._process.world;
  }

  /** Bytes that wait to be sent. */
  get writeQueueSize(): number {
    return this._writes.reduce((sum, { rest }) => sum + rest.length, 0);
  }

  /** As libuv does, it keeps quiet about an address in use until {@link listen} or {@link connect}. */
  bind(text: string, port: number, family: AddressFamily, isOnlyIpv6 = false): number {
    const status = attempt(() => {
      const socket = this._open(family);
      socket.reuseAddress = true;
      socket.bind(this._address(text), port);
      if (family === 6 && text === "::" && !isOnlyIpv6) {
        // A server of both families, as Linux has it.
        const other = this._open(4);
        other.reuseAddress = true;
        other.bind(this._address("0.0.0.0"), socket.localAddress().port);
        this._isMapped = true;
      }
    });
    this._bindStatus = status === uvError("EADDRINUSE") ? status : 0;
    return status - this._bindStatus;
  }

  listen(backlog: number): number {
    if (this._bindStatus !== 0) {
      return this._bindStatus;
    }
    return attempt(() => {
      for (const socket of this._sockets) {
        socket.listen(backlog);
      }
      this._isListening = true;
      for (const socket of this._sockets) {
        this._watches.watch(socket, READ, () => this._accept(socket));
      }
      this._count();
      // Node reports in a tick of its own that the server listens, and then sets what is watched.
      process.nextTick(() => process.nextTick(() => watchConnections(this._process, this._handle)));
    });
  }

  connect(request: NativeRequest, text: string, port: number): number {
    if (this._bindStatus !== 0) {
      return this._bindStatus;
    }
    const isMapped = MAPPED.test(text);
    const address = this._address(isMapped ? text.replace(MAPPED, "") : text);
    return attempt(() => {
      const socket = this._sockets[0] ?? this._open(address.family);
      this._isMapped = isMapped;
      socket.connect(address, port);
      this._connecting = { request, resource: new AsyncResource("TCPCONNECTWRAP") };
      this._count();
      this._watches.watch(socket, WRITE, () => this._connected(socket, address, port));
      if (triesSeveral(this._handle)) {
        // Node sets the timer after this.
        process.nextTick(() => {
          this._attempt = this._connecting === null ? null : takeAttemptTimer(this._process, this._handle);
        });
      }
    });
  }

  readStart(): number {
    const [socket] = this._sockets;
    if (!this._isReading && socket !== undefined && !this._isClosed) {
      this._isReading = true;
      this._watches.watch(socket, READ, () => this._read(socket));
      this._count();
    }
    return 0;
  }

  readStop(): number {
    const [socket] = this._sockets;
    if (this._isReading && socket !== undefined) {
      this._isReading = false;
      this._watches.unwatch(socket, READ);
      this._count();
    }
    return 0;
  }

  /** Send `data`: at once what there is room for, and the rest when there is. */
  write(request: NativeRequest, data: Uint8Array): number {
    const [socket] = this._sockets;
    const shared = sharedStreamState();
    let rest = data;
    if (socket === undefined || this._isClosed) {
      return uvError("EBADF");
    }
    if (this._writes.length === 0) {
      try {
        rest = data.subarray(data.length === 0 ? 0 : socket.send(data));
      } catch (error) {
        return uvErrorOf(error);
      }
    }
    this.bytesWritten += data.length;
    shared.state[shared.bytesWritten] = data.length;
    shared.state[shared.lastWriteWasAsync] = rest.length > 0 ? 1 : 0;
    if (rest.length > 0) {
      this._writes.push({ request, resource: new AsyncResource("WRITEWRAP"), rest: rest.slice() });
      if (this._writes.length === 1) {
        this._watches.watch(socket, WRITE, () => this._flush(socket));
      }
      this._count();
    }
    return 0;
  }

  shutdown(request: NativeRequest): number {
    if (this._sockets.length === 0 || this._isClosed) {
      return uvError("ENOTCONN");
    }
    this._shutdown = { request, resource: new AsyncResource("SHUTDOWNWRAP") };
    this._count();
    if (this._writes.length === 0) {
      // As libuv does: not at once, but before it polls next. @see `uv_shutdown`
      this._later(this._finish, "complete");
    }
    return 0;
  }

  close(callback: (() => void) | undefined, isReset = false): void {
    if (this._isClosed) {
      return;
    }
    this._isClosed = true;
    this._watches.clear();
    this._attempt?.close();
    const { world } = this;
    world.leftovers.delete(this._free);
    if (!world.isSilent) {
      for (const socket of this._sockets) {
        if (isReset) {
          socket.reset();
        } else {
          socket.close();
        }
      }
    }
    this._isReading = false;
    this._isListening = false;
    this._count();
    this._later(() => {
      this._cancelRequests();
      if (callback !== undefined) {
        this._resource.runInAsyncScope(callback, this._handle);
      }
    });
  }

  setRef(isRefed: boolean): void {
    this._isRefed = isRefed;
    this._count();
  }

  get isRefed(): boolean {
    return this._isRefed && !this._isClosed;
  }

  setNoDelay(isOn: boolean): number {
    for (const socket of this._sockets) {
      socket.noDelay = isOn;
    }
    return 0;
  }

  /** @param idle - Seconds of silence before the first probe. libuv asks each second, ten times. */
  setKeepAlive(isOn: boolean, idle: number): number {
    for (const socket of this._sockets) {
      socket.keepAlive = isOn ? { idle: Math.max(1, idle), interval: 1, count: 10 } : null;
    }
    return 0;
  }

  /** Write into `out` where this end is. */
  localAddress(out: object): number {
    const [socket] = this._sockets;
    return socket === undefined ? uvError("EBADF") : this._tell(socket.localAddress(), out);
  }

  /** Write into `out` where the other end is. */
  peerAddress(out: object): number {
    const address = this._sockets[0]?.peerAddress() ?? null;
    return address === null ? uvError("ENOTCONN") : this._tell(address, out);
  }

  private _tell({ host, port, family }: SocketAddress, out: object): number {
    const isMapped = this._isMapped && family === 4 && !this._isListening;
    Object.assign(out, {
      address: isMapped ? `::ffff:${host}` : host,
      family: isMapped || family === 6 ? "IPv6" : "IPv4",
      port,
    });
    return 0;
  }

  private _open(family: AddressFamily): SimulatedStreamSocket {
    const socket = new SimulatedStreamSocket(this.world.network, this._process.host, family);
    this._sockets.push(socket);
    return socket;
  }

  private _address(text: string): Address {
    return this.world.network.address(text);
  }

  private _connected(socket: SimulatedStreamSocket, address: Address, port: number): void {
    this._watches.unwatch(socket, WRITE);
    const error = socket.connectError(address, port);
    const { request, resource } = this._connecting ?? {};
    this._connecting = null;
    this._attempt?.close();
    this._count();
    const status = error === null ? 0 : uvError(error.code);
    resource?.runInAsyncScope(() => request?.oncomplete?.(status, this._handle, request, true, true));
  }

  private _accept(listener: SimulatedStreamSocket): void {
    const socket = listener.accept();
    if (socket === null) {
      return;
    }
    const { handle, accepted } = this._createAccepted();
    accepted._sockets.push(socket);
    accepted._isMapped = this._isMapped;
    this._resource.runInAsyncScope(() => this._handle.onconnection(0, handle));
    watchMessages(this._process, handle);
  }

  /** A handle for a connection that was accepted. */
  protected _createAccepted(): { readonly handle: NativeTcp; readonly accepted: SimulatedTcp } {
    const { TCP, constants } = nativeTcp();
    const handle = new TCP(constants.SOCKET);
    return { handle, accepted: SimulatedTcp.adopt(this._process, handle) };
  }

  private _read(socket: SimulatedStreamSocket): void {
    let data: Uint8Array | null;
    try {
      data = socket.receive(READ_BYTES);
    } catch (error) {
      this.readStop();
      this._deliver(uvErrorOf(error), undefined);
      return;
    }
    if (data === null) {
      return;
    }
    if (data.length === 0) {
      this.readStop();
      this._deliver(UV_EOF, undefined);
      return;
    }
    this.bytesRead += data.length;
    if (REPORTS_END_WITH_DATA && socket._isHungUp && data.length < READ_BYTES) {
      // In a callback of its own.
      this.world.loop._putFirst(this._process.handleFor(() => this._readRest(socket)));
    }
    this._deliver(data.length, data.slice().buffer as ArrayBuffer);
  }

  private _readRest(socket: SimulatedStreamSocket): void {
    if (this._isReading) {
      this._read(socket);
    }
  }

  private _deliver(bytesOrError: number, buffer: ArrayBuffer | undefined): void {
    const shared = sharedStreamState();
    this._resource.runInAsyncScope(() => {
      shared.state[shared.readBytesOrError] = bytesOrError;
      shared.state[shared.arrayBufferOffset] = 0;
      this._handle.onread(buffer);
    });
  }

  /** There is room again. One request is completed at a time, as each is a callback of its own. */
  private _flush(socket: SimulatedStreamSocket): void {
    const [first] = this._writes;
    if (first === undefined) {
      this._watches.unwatch(socket, WRITE);
      return;
    }
    let status = 0;
    try {
      first.rest = first.rest.subarray(socket.send(first.rest));
    } catch (error) {
      status = uvErrorOf(error);
    }
    if (status !== 0 || first.rest.length === 0) {
      this._writes.shift();
      if (this._writes.length === 0) {
        this._watches.unwatch(socket, WRITE);
        if (this._shutdown !== null) {
          this.world.loop._putFirst(this._process.handleFor(this._finish));
        }
      }
      this._count();
      first.resource.runInAsyncScope(() => first.request.oncomplete?.(status, this._handle, undefined));
    }
  }

  /** All is sent: close this direction, and complete the request for it. */
  private readonly _finish = (): void => {
    const shutdown = this._shutdown;
    this._shutdown = null;
    if (shutdown !== null) {
      const status = attempt(() => this._sockets[0]?.shutdown());
      this._count();
      shutdown.resource.runInAsyncScope(() => shutdown.request.oncomplete?.(status));
    }
  };

  private _cancelRequests(): void {
    const status = uvError("ECANCELED");
    const cancelled = [this._connecting, ...this._writes, this._shutdown];
    this._connecting = null;
    this._shutdown = null;
    this._writes = [];
    this._count();
    for (const pending of cancelled) {
      pending?.resource.runInAsyncScope(() => pending.request.oncomplete?.(status, this._handle, undefined));
    }
  }

  /** Call `callback` in a phase to come; when the program is over, and no phase comes, as a tick. */
  private _later(callback: () => void, phase: "close" | "complete" = "close"): void {
    if (this.world.isSilent) {
      process.nextTick(callback);
    } else {
      this._process[phase](callback);
    }
  }

  /** Let this keep the process alive, or not. */
  private _count(): void {
    const isActive = this._isReading || this._isListening || this._connecting !== null || this._shutdown !== null;
    const counts = this._isRefed && !this._isClosed && (isActive || this._writes.length > 0);
    if (counts !== this._isCounted) {
      this._isCounted = counts;
      this._process.active += counts ? 1 : -1;
    }
  }

  /** The program is over: let whoever has this handle give it up. */
  private readonly _free = (): void => {
    const owner = ownerOf(this._handle) as
      | { destroy?(): void; close?(): void; closeAllConnections?(): void }
      | undefined;
    owner?.closeAllConnections?.();
    if (owner?.destroy !== undefined) {
      owner.destroy();
    } else {
      owner?.close?.();
    }
    this._handle.close();
  };
}
