import { made, touched } from "../../loop/touched.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import { NetworkError } from "../errors.ts";
import type { Host } from "../hosts/host.ts";
import { type Poller, READ, type Registration, WRITE } from "../poller.ts";
import type { Binding } from "../ports.ts";
import { SocketAddress } from "../socket-address.ts";
import {
  abort,
  closeSending,
  receiveData,
  release,
  roomToSend,
  sendData,
  setKeepAlive,
  takeError,
} from "../tcp/calls.ts";
import type { ControlBlock, KeepAlive } from "../tcp/control-block.ts";
import type { TcpListener } from "../tcp/listener.ts";
import type { StreamSocket } from "./contract.ts";

/** What sockets need from the network. */
export interface SocketNetwork {
  /** @internal */
  readonly poller: Poller;
  /** Let everything arrive that arrives at once. */
  settle(): void;
}

/** A TCP socket of a simulated host. */
export class SimulatedStreamSocket implements StreamSocket {
  readonly family: AddressFamily;
  /** SO_REUSEADDR, before {@link bind}. */
  reuseAddress = false;
  unclosed: (() => string | null) | null = null;
  /** @internal */
  _registration: Registration | null = null;
  private readonly _network: SocketNetwork;
  private readonly _host: Host;
  private _binding: Binding | null = null;
  private _listener: TcpListener | null = null;
  private _connection: ControlBlock | null = null;
  private _isConnecting = false;
  private _isSendClosed = false;
  private _isClosed = false;
  private _noDelay = false;
  private _keepAlive: KeepAlive | null = null;

  constructor(network: SocketNetwork, host: Host, family: AddressFamily) {
    this._network = network;
    this._host = host;
    this.family = family;
    host._sockets.add(this);
    made(this);
  }

  /**
   * Take a port; 0 stands for any.
   *
   * @throws NetworkError EADDRINUSE, EADDRNOTAVAIL if the host does not have `address`.
   */
  bind(address: Address, port: number): void {
    const { ports } = this._host._tcp;
    if (!address.isUnspecified && !this._host._has(address)) {
      throw new NetworkError("EADDRNOTAVAIL", "bind", address.text, port);
    }
    const now = this._host.now();
    if (port !== 0 && !this.reuseAddress && this._host._tcp.isInUse(port, now)) {
      throw new NetworkError("EADDRINUSE", "bind", address.text, port);
    }
    const chosen = port === 0 ? this._host._tcp.unusedPort(now) : port;
    this._binding = ports.bind(address, chosen, this.reuseAddress);
  }

  *bindToListen(address: Address, port: number): Steps<undefined> {
    this.bind(address, port);
    return undefined;
  }

  /**
   * Wait for connections at the port that was bound.
   *
   * @throws NetworkError EADDRINUSE if another socket listens there.
   */
  listen(backlog: number): void {
    const binding = this._binding!;
    const others = this._host._tcp.ports.bindingsOf(binding.port);
    if (others.some((other) => other !== binding && other.isListening && other.address === binding.address)) {
      throw new NetworkError("EADDRINUSE", "listen", binding.address.text, binding.port);
    }
    binding.isListening = true;
    this._listener = this._host._tcp.listen(binding.address, binding.port, backlog);
    this._listener.observer = { readable: () => this._network.poller.notify(this, READ), writable: () => {} };
  }

  /** The next connection that is complete; `null` when none is. */
  accept(): SimulatedStreamSocket | null {
    touched(this, "w");
    const connection = this._listener!.complete.shift();
    if (connection === undefined) {
      return null;
    }
    const socket = new SimulatedStreamSocket(this._network, this._host, this.family);
    socket._keepAlive = this._keepAlive;
    socket._attach(connection);
    return socket;
  }

  /** Begin to connect; the socket becomes writable when that has succeeded or failed. */
  connect(address: Address, port: number): void {
    const target = address.isUnspecified ? this._host._loopback(address.family) : address;
    const bound = this._binding?.address;
    const local = bound === undefined || bound.isUnspecified ? this._host._sourceFor(target) : bound;
    if (local === null) {
      throw new NetworkError("ENETUNREACH", "connect", address.text, port);
    }
    if (local.isLoopback && !this._host._has(target)) {
      throw new NetworkError("EINVAL", "connect", address.text, port);
    }
    const now = this._host.now();
    const tcp = this._host._tcp;
    const isFree = (each: number): boolean => tcp.find(local, each, target, port, now) === null;
    const localPort = this._binding?.port ?? tcp.ephemeralPort(local, target, port, now);
    if (this._binding !== null && !isFree(localPort)) {
      throw new NetworkError("EADDRNOTAVAIL", "connect", address.text, port);
    }
    this._isConnecting = true;
    this._attach(tcp.connect({ local, localPort, remote: target, remotePort: port }, now));
    this._network.settle();
  }

  /** Why the attempt to connect failed, once; `null` if it succeeded. */
  connectError(address: Address, port: number): NetworkError | null {
    const code = takeError(this._connection!);
    return code === null ? null : new NetworkError(code, "connect", address.text, port);
  }

  /**
   * Send what there is room for of `data`.
   *
   * @returns How many bytes; 0 when there is no room now.
   * @throws NetworkError ECONNRESET, EPIPE …
   */
  send(data: Uint8Array): number {
    touched(this, "w");
    const connection = this._connection!;
    const code = takeError(connection);
    if (code !== null) {
      throw this._error(code, "write");
    }
    if (this._isSendClosed || connection.state === "CLOSED") {
      throw this._error("EPIPE", "write");
    }
    const count = sendData(connection, data, this._host.now());
    this._network.settle();
    return count;
  }

  /**
   * Receive up to `limit` bytes: empty at the end of the stream, `null` when nothing is there now.
   *
   * @throws NetworkError ECONNRESET, ETIMEDOUT …
   */
  receive(limit: number): Uint8Array | null {
    touched(this, "w");
    const connection = this._connection!;
    if (connection.receiving.length > 0) {
      const data = receiveData(connection, limit, this._host.now());
      this._network.settle();
      return data;
    }
    // The end of the stream, once it was seen, comes before an error of later.
    const code = connection.sawEnd ? null : takeError(connection);
    if (code !== null) {
      throw this._error(code, "read");
    }
    return connection.isReceiveClosed ? new Uint8Array(0) : null;
  }

  /**
   * Send nothing more: the other side gets the end of the stream.
   *
   * @throws NetworkError ENOTCONN if the connection is over.
   */
  shutdown(): void {
    const connection = this._connection!;
    this._isSendClosed = true;
    touched(this, "w");
    if (connection.state === "CLOSED") {
      throw this._error("ENOTCONN", "shutdown");
    }
    closeSending(connection, this._host.now());
    this._network.settle();
  }

  /** Give everything up. What was sent still goes out. Twice does nothing more. */
  close(): void {
    if (this._isClosed) {
      return;
    }
    touched(this, "w");
    this._vanish();
    const now = this._host.now();
    if (this._listener !== null) {
      this._host._tcp.unlisten(this._listener, now);
    }
    if (this._connection !== null) {
      release(this._connection, now);
    }
    if (this._binding !== null) {
      this._host._tcp.ports.release(this._binding);
    }
    this._network.settle();
  }

  /**
   * Give everything up at once: the other side gets a reset, and what was not sent yet is lost. Does nothing once it is
   * closed.
   */
  reset(): void {
    if (!this._isClosed && this._connection !== null) {
      touched(this, "w");
      abort(this._connection, this._host.now());
    }
    this.close();
  }

  /** Where this end is; with port 0 before it is bound. */
  localAddress(): SocketAddress {
    if (this._connection !== null) {
      const { local, localPort } = this._connection.ends;
      return new SocketAddress(local.text, localPort, local.family);
    }
    const { address, port } = this._binding ?? {};
    return new SocketAddress(address?.text ?? (this.family === 4 ? "0.0.0.0" : "::"), port ?? 0, this.family);
  }

  /** Where the other end is; `null` before it is connected. */
  peerAddress(): SocketAddress | null {
    if (this._connection === null) {
      return null;
    }
    const { remote, remotePort } = this._connection.ends;
    return new SocketAddress(remote.text, remotePort, remote.family);
  }

  /** TCP_NODELAY: send small pieces at once. */
  get noDelay(): boolean {
    return this._noDelay;
  }

  set noDelay(value: boolean) {
    this._noDelay = value;
    if (this._connection !== null) {
      this._connection.noDelay = value;
    }
  }

  /** SO_KEEPALIVE with its three times; `null` when off. */
  get keepAlive(): KeepAlive | null {
    return this._keepAlive;
  }

  set keepAlive(value: KeepAlive | null) {
    this._keepAlive = value;
    if (this._connection !== null) {
      setKeepAlive(this._connection, value, this._host.now());
    }
  }

  /** @internal The host is gone, and this with it. */
  _vanish(): void {
    this._isClosed = true;
    this._host._sockets.delete(this);
    this._network.poller.removeReader(this);
    this._network.poller.removeWriter(this);
    if (this._connection !== null) {
      this._connection.observer = null;
    }
  }

  /** @internal @see Linux `tcp_poll` */
  _readiness(): number {
    if (this._host._isFrozen) {
      return 0;
    }
    if (this._listener !== null) {
      return this._listener.complete.length > 0 ? READ : 0;
    }
    const connection = this._connection;
    if (connection === null || connection.state === "CLOSED") {
      return READ | WRITE;
    }
    if (connection.state === "SYN-SENT" || connection.state === "SYN-RECEIVED") {
      return 0;
    }
    const canRead = connection.receiving.length > 0 || connection.isReceiveClosed;
    return (canRead ? READ : 0) | (this._isSendClosed || hasRoom(connection) ? WRITE : 0);
  }

  /**
   * @internal Both directions are closed, which `poll` on Linux reports as POLLHUP; there may still be data to receive.
   */
  get _isHungUp(): boolean {
    return this._isSendClosed && this._connection?.isReceiveClosed === true;
  }

  private _attach(connection: ControlBlock): void {
    this._connection = connection;
    connection.noDelay = this._noDelay;
    if (this._keepAlive !== null) {
      setKeepAlive(connection, this._keepAlive, this._host.now());
    }
    connection.observer = {
      readable: () => this._network.poller.notify(this, READ),
      writable: () => this._noteWritable(connection),
    };
  }

  private _noteWritable(connection: ControlBlock): void {
    if (this._isConnecting || hasRoom(connection) || connection.state === "CLOSED") {
      this._isConnecting = false;
      this._network.poller.notify(this, WRITE);
    }
  }

  private _error(code: NetworkError["code"], syscall: string): NetworkError {
    const { remote, remotePort } = this._connection!.ends;
    return new NetworkError(code, syscall, remote.text, remotePort);
  }
}

/** A socket counts as writable when a third of its buffer is free. @see Linux `sk_stream_is_writeable` */
const hasRoom = (connection: ControlBlock): boolean => roomToSend(connection) >= connection.sending.length / 2;
