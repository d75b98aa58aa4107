import { Socket } from "node:net";
import { READ, WRITE } from "../poller.ts";
import { SocketAddress } from "../socket-address.ts";
import { ByteQueue } from "../streams/byte-queue.ts";

/** Bytes that are received ahead of the program before the other side has to wait. */
const RECEIVE_BUFFER = 256 * 1024;
/** Bytes that Node takes from the program before that has to wait. */
const SEND_BUFFER = 256 * 1024;

const addressOf = (host: string | undefined, port: number | undefined): SocketAddress | null =>
  host === undefined || port === undefined ? null : new SocketAddress(host, port, host.includes(":") ? 6 : 4);

/** A socket of Node, connected or connecting, that is polled: what has arrived waits here. */
export class Connection {
  /** Called when it may be ready for `events` of the poller. */
  onEvents: (events: number) => void = () => {};
  local: SocketAddress | null = null;
  peer: SocketAddress | null = null;
  isConnecting: boolean;
  sawEnd = false;
  isOver = false;
  private readonly _socket: Socket;
  private readonly _received = new ByteQueue();
  private _isClosed = false;
  private _error: NodeJS.ErrnoException | null = null;

  constructor(socket: Socket = new Socket({ allowHalfOpen: true })) {
    this._socket = socket;
    this.isConnecting = socket.pending;
    if (!this.isConnecting) {
      this._noteAddresses();
    }
    socket
      .on("connect", () => this._connected())
      .on("data", (data) => this._arrived(data))
      .on("end", () => this._ended())
      .on("error", (error) => this._failed(error))
      .on("close", () => this._closed());
  }

  /** Begin to connect. */
  connect(options: { host: string; port: number; localAddress?: string; localPort?: number }): void {
    this._socket.connect(options);
  }

  /** Begin to receive, which a connection that was accepted does not do by itself. */
  begin(): void {
    this._socket.resume();
  }

  /** Why it failed, once; `null` if it did not. */
  takeError(): NodeJS.ErrnoException | null {
    const error = this._error;
    this._error = null;
    return error;
  }

  get hasError(): boolean {
    return this._error !== null;
  }

  /** Bytes that wait for the program. */
  get waiting(): number {
    return this._received.length;
  }

  /** Bytes that there is room for to send. */
  get room(): number {
    return SEND_BUFFER - this._socket.writableLength;
  }

  /** Whether so much has gone out that it is worth sending again. */
  get hasRoom(): boolean {
    return this._socket.writableLength <= SEND_BUFFER / 2;
  }

  /** Send what there is room for. @returns How many bytes that was. */
  send(data: Uint8Array): number {
    const count = Math.min(data.length, this.room);
    if (count > 0) {
      // Node keeps what it cannot send at once, and the program may change its bytes meanwhile.
      this._socket.write(data.slice(0, count), () => this.onEvents(WRITE));
    }
    return Math.max(count, 0);
  }

  /** Take up to `limit` bytes of what has come. */
  take(limit: number): Uint8Array {
    const data = this._received.take(limit);
    if (this._received.length < RECEIVE_BUFFER) {
      this._socket.resume();
    }
    return data;
  }

  /** Close the own direction behind what was sent. */
  end(): void {
    this._socket.end();
  }

  /**
   * As an operating system does: reset the connection if something was not received, otherwise close it behind what was
   * sent.
   */
  close(): void {
    this.onEvents = () => {};
    this._isClosed = true;
    if (this.isConnecting) {
      this._socket.destroy();
    } else if (this.waiting > 0) {
      this._received.clear();
      this._socket.resetAndDestroy();
    } else {
      this._socket.destroySoon();
    }
  }

  /** Give up, whatever is on its way, once nothing has moved for so many seconds. */
  abandonAfter(seconds: number): void {
    this._socket.setTimeout(seconds * 1000, () => this._socket.destroy());
  }

  setNoDelay(value: boolean): void {
    this._socket.setNoDelay(value);
  }

  setKeepAlive(idle: number | null): void {
    this._socket.setKeepAlive(idle !== null, (idle ?? 0) * 1000);
  }

  /** Call `callback` when Node has done with it. */
  onceGone(callback: () => void): void {
    this._socket.once("close", callback);
  }

  private _connected(): void {
    this.isConnecting = false;
    this._noteAddresses();
    this.onEvents(WRITE);
  }

  private _noteAddresses(): void {
    const { localAddress, localPort, remoteAddress, remotePort } = this._socket;
    this.local = addressOf(localAddress, localPort);
    this.peer = addressOf(remoteAddress, remotePort);
  }

  private _arrived(data: Uint8Array): void {
    if (this._isClosed) {
      return;
    }
    this._received.push(data);
    if (this._received.length >= RECEIVE_BUFFER) {
      this._socket.pause();
    }
    this.onEvents(READ);
  }

  private _ended(): void {
    this.sawEnd = true;
    this.onEvents(READ);
  }

  private _failed(error: NodeJS.ErrnoException): void {
    this._error = error;
    this.isConnecting = false;
    this.isOver = true;
    this.onEvents(READ | WRITE);
  }

  private _closed(): void {
    this.isConnecting = false;
    this.isOver = true;
    this.onEvents(READ | WRITE);
  }
}
