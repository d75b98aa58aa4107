import { createSocket, type Socket } from "node:dgram";
import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import { READ, type Registration, WRITE } from "../poller.ts";
import { SocketAddress } from "../socket-address.ts";
import type { Datagram, DatagramSocket, Endpoint } from "../sockets/contract.ts";
import type { HostSockets } from "./host-sockets.ts";
import { networkError } from "./node-error.ts";

/** Bytes of datagrams that wait for the program before more are dropped. */
const RECEIVE_BUFFER = 256 * 1024;

/** A UDP socket of the machine. */
export class RealDatagramSocket implements DatagramSocket {
  readonly family: AddressFamily;
  reuseAddress = false;
  mayBroadcast = false;
  unclosed: (() => string | null) | null = null;
  /** @internal */
  _registration: Registration | null = null;
  private readonly _sockets: HostSockets;
  private _socket: Socket | null = null;
  private readonly _waiting: Datagram[] = [];
  private _waitingBytes = 0;
  private _error: Error | null = null;
  private _local: SocketAddress;
  private _remote: SocketAddress | null = null;
  private _multicastLoop = true;
  private _isClosed = false;

  constructor(sockets: HostSockets, family: AddressFamily) {
    this._sockets = sockets;
    this.family = family;
    this._local = new SocketAddress(family === 4 ? "0.0.0.0" : "::", 0, family);
    sockets.opened(this);
  }

  *open(local: Endpoint | null, remote: Endpoint | null): Steps<undefined> {
    const socket = createSocket({
      type: this.family === 4 ? "udp4" : "udp6",
      reuseAddr: this.reuseAddress,
      ipv6Only: this.family === 6,
      // Only addresses get here, which mean themselves.
      lookup: (address, _options, found) => found(null, address, this.family),
    });
    this._socket = socket;
    socket.on("error", (error) => this._failed(networkError(error, "send", this._remote?.host, this._remote?.port)));
    const { address = null, port = 0 } = local ?? {};
    yield* this._until(socket, "bind", address?.text, port, (ready) =>
      socket.bind({ port, ...(address === null ? {} : { address: address.text }), exclusive: true }, ready),
    );
    if (remote !== null) {
      yield* this._until(socket, "connect", remote.address.text, remote.port, (ready) =>
        socket.connect(remote.port, remote.address.text, ready),
      );
      const { address: host, port: remotePort } = socket.remoteAddress();
      this._remote = new SocketAddress(host, remotePort, this.family);
    }
    const bound = socket.address();
    this._local = new SocketAddress(bound.address, bound.port, this.family);
    socket.setBroadcast(this.mayBroadcast);
    socket.on("message", (data, from) => this._arrived(data, from.address, from.port));
    return undefined;
  }

  send(data: Uint8Array, address: Address, port: number): void {
    this._throwError();
    // Node sends later what cannot be sent at once, and the program may change its bytes meanwhile.
    const copy = data.slice();
    const sent = (error: Error | null): void => {
      if (error !== null) {
        this._failed(networkError(error, "send", address.text, port));
      }
    };
    if (this._remote === null) {
      this._socket?.send(copy, port, address.text, sent);
    } else {
      this._socket?.send(copy, sent);
    }
  }

  receive(): Datagram | null {
    this._throwError();
    const datagram = this._waiting.shift();
    if (datagram === undefined) {
      return null;
    }
    this._waitingBytes -= datagram.data.length;
    return datagram;
  }

  joinGroup(group: string): void {
    this._socket?.addMembership(group);
  }

  leaveGroup(group: string): void {
    this._socket?.dropMembership(group);
  }

  get multicastLoop(): boolean {
    return this._multicastLoop;
  }

  set multicastLoop(value: boolean) {
    this._multicastLoop = value;
    this._socket?.setMulticastLoopback(value);
  }

  close(): void {
    if (this._isClosed) {
      return;
    }
    this._isClosed = true;
    this._sockets.closed(this);
    this._socket?.close();
  }

  localAddress(): SocketAddress {
    return this._local;
  }

  peerAddress(): SocketAddress | null {
    return this._remote;
  }

  /** @internal */
  _readiness(): number {
    return (this._waiting.length > 0 || this._error !== null ? READ : 0) | WRITE;
  }

  /** Wait for what `start` begins, which calls its callback, or lets the socket fail. */
  private *_until(
    socket: Socket,
    what: string,
    host: string | undefined,
    port: number,
    start: (ready: () => void) => void,
  ): Steps<undefined> {
    let onError = (_error: Error): void => {};
    try {
      yield* this._sockets.completion<undefined>(what, (done) => {
        onError = (error) => done(networkError(error, what, host, port));
        socket.once("error", onError);
        start(() => done(null, undefined));
      });
    } finally {
      socket.off("error", onError);
    }
    return undefined;
  }

  private _arrived(data: Uint8Array, host: string, port: number): void {
    if (this._isClosed || this._waitingBytes + data.length > RECEIVE_BUFFER) {
      return;
    }
    this._waiting.push({ data: new Uint8Array(data), source: { text: host, family: this.family }, sourcePort: port });
    this._waitingBytes += data.length;
    this._sockets.changed(this, READ);
  }

  private _failed(error: Error): void {
    if (!this._isClosed) {
      this._error = error;
      this._sockets.changed(this, READ | WRITE);
    }
  }

  private _throwError(): void {
    const error = this._error;
    if (error !== null) {
      this._error = null;
      throw error;
    }
  }
}
