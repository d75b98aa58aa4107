import { createServer, type Server } from "node:net";
import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import { NetworkError, type NetworkErrorCode } from "../errors.ts";
import { READ, type Registration, WRITE } from "../poller.ts";
import { SocketAddress } from "../socket-address.ts";
import type { Endpoint, StreamSocket } from "../sockets/contract.ts";
import type { KeepAlive } from "../tcp/control-block.ts";
import { Connection } from "./connection.ts";
import type { HostSockets } from "./host-sockets.ts";
import { networkError } from "./node-error.ts";

/** A TCP socket of the machine. */
export class RealStreamSocket implements StreamSocket {
  readonly family: AddressFamily;
  reuseAddress = true;
  unclosed: (() => string | null) | null = null;
  /** @internal */
  _registration: Registration | null = null;
  private readonly _sockets: HostSockets;
  private _bound: Endpoint | null = null;
  private _server: Server | null = null;
  private readonly _complete: Connection[] = [];
  private _connection: Connection | null = null;
  private _isSendClosed = false;
  private _isClosed = false;
  private _noDelay = false;
  private _keepAlive: KeepAlive | null = null;

  constructor(sockets: HostSockets, family: AddressFamily) {
    this._sockets = sockets;
    this.family = family;
    sockets.opened(this);
  }

  bind(address: Address, port: number): void {
    this._bound = { address, port };
  }

  /** Node binds and listens in one go: from here on clients can connect, and wait to be accepted. */
  *bindToListen(address: Address, port: number, backlog: number): Steps<undefined> {
    if (!this.reuseAddress) {
      throw new RangeError("createServer: expected reuseAddress to be true, as Node sets it for all real sockets");
    }
    this.bind(address, port);
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    this._server = server;
    server.on("connection", (socket) => {
      this._complete.push(new Connection(socket));
      this._sockets.changed(this, READ);
    });
    const ipv6Only = this.family === 6;
    yield* this._sockets.completion<undefined>("bind", (done) => {
      server.once("error", (error) => done(networkError(error, "bind", address.text, port)));
      // A backlog of 0 means to Node that none was given.
      server.listen({ host: address.text, port, backlog: Math.max(backlog, 1), ipv6Only, exclusive: true }, () =>
        done(null, undefined),
      );
    });
    server.on("error", (error) => this._sockets.report("accepting a connection failed", error));
    return undefined;
  }

  listen(): void {
    // It does since it was bound.
  }

  accept(): RealStreamSocket | null {
    const connection = this._complete.shift();
    if (connection === undefined) {
      return null;
    }
    const socket = new RealStreamSocket(this._sockets, this.family);
    socket._attach(connection);
    socket.keepAlive = this._keepAlive;
    connection.begin();
    return socket;
  }

  connect(address: Address, port: number): void {
    const connection = new Connection();
    this._attach(connection);
    connection.setNoDelay(this._noDelay);
    connection.connect({
      host: address.text,
      port,
      ...(this._bound === null ? {} : { localAddress: this._bound.address.text, localPort: this._bound.port }),
    });
  }

  connectError(address: Address, port: number): Error | null {
    const error = this._connection?.takeError() ?? null;
    if (error === null) {
      return null;
    }
    const { _bound: bound } = this;
    return error.syscall === "bind" && bound !== null
      ? networkError(error, "bind", bound.address.text, bound.port)
      : networkError(error, "connect", address.text, port);
  }

  send(data: Uint8Array): number {
    const connection = this._connection!;
    this._throwError(connection, "write");
    if (this._isSendClosed || connection.isOver) {
      throw this._error("EPIPE", "write");
    }
    return connection.send(data);
  }

  receive(limit: number): Uint8Array | null {
    const connection = this._connection!;
    if (connection.waiting > 0) {
      return connection.take(limit);
    }
    if (!connection.sawEnd) {
      this._throwError(connection, "read");
    }
    return connection.sawEnd || connection.isOver ? new Uint8Array(0) : null;
  }

  shutdown(): void {
    const connection = this._connection!;
    this._isSendClosed = true;
    if (connection.isOver) {
      throw this._error("ENOTCONN", "shutdown");
    }
    connection.end();
  }

  close(): void {
    if (this._isClosed) {
      return;
    }
    this._isClosed = true;
    this._sockets.closed(this);
    if (this._server !== null) {
      stopServer(this._server);
    }
    for (const connection of this._complete.splice(0)) {
      connection.close();
    }
    if (this._connection !== null) {
      this._sockets.lingers(this._connection);
      this._connection.close();
    }
  }

  localAddress(): SocketAddress {
    const bound = this._server?.address() ?? null;
    if (bound !== null && typeof bound === "object") {
      return new SocketAddress(bound.address, bound.port, this.family);
    }
    const { address, port } = this._bound ?? {};
    const any = this.family === 4 ? "0.0.0.0" : "::";
    return this._connection?.local ?? new SocketAddress(address?.text ?? any, port ?? 0, this.family);
  }

  peerAddress(): SocketAddress | null {
    return this._connection?.peer ?? null;
  }

  get noDelay(): boolean {
    return this._noDelay;
  }

  set noDelay(value: boolean) {
    this._noDelay = value;
    this._connection?.setNoDelay(value);
  }

  /** Of its times, Node takes `idle` only. */
  get keepAlive(): KeepAlive | null {
    return this._keepAlive;
  }

  set keepAlive(value: KeepAlive | null) {
    this._keepAlive = value;
    this._connection?.setKeepAlive(value?.idle ?? null);
  }

  /** @internal */
  _readiness(): number {
    if (this._server !== null) {
      return this._complete.length > 0 ? READ : 0;
    }
    const connection = this._connection;
    if (connection === null || connection.isOver) {
      return READ | WRITE;
    }
    if (connection.isConnecting) {
      return 0;
    }
    const canRead = connection.waiting > 0 || connection.sawEnd;
    return (canRead ? READ : 0) | (this._isSendClosed || connection.hasRoom ? WRITE : 0);
  }

  private _attach(connection: Connection): void {
    this._connection = connection;
    connection.onEvents = (events) => this._sockets.changed(this, events);
  }

  private _throwError(connection: Connection, syscall: string): void {
    const error = connection.takeError();
    if (error !== null) {
      throw networkError(error, syscall, connection.peer?.host, connection.peer?.port);
    }
  }

  private _error(code: NetworkErrorCode, syscall: string): NetworkError {
    const { peer } = this._connection!;
    return new NetworkError(code, syscall, peer?.host, peer?.port);
  }
}

/** Stop listening, also if it is only about to begin. */
function stopServer(server: Server): void {
  server.on("listening", () => server.close());
  server.close(() => {});
}
