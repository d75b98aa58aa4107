import { CancelledError, RuntimeError } from "../../base/errors.ts";
import type { Future } from "../../tasks/future.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import { sleep } from "../../tasks/sleep.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { SocketAddress } from "../socket-address.ts";
import type { StreamSocket } from "../sockets/contract.ts";
import { TransportSocket } from "../sockets/transport-socket.ts";
import type { BaseTransport } from "./contract.ts";
import type { TransportOwner } from "./selector-transport.ts";

/** How a server's sockets are made to listen, and to stop. */
export interface Listening {
  start(socket: StreamSocket, server: Server): void;
}

/**
 * Sockets that accept connections.
 *
 * @see asyncio.Server. Differs: where Python has `async with`, write `using server = …`, which closes it, or call
 * `close()`.
 */
export class Server implements TransportOwner, Disposable {
  private readonly _loop: TaskEventLoop;
  private readonly _listening: Listening;
  private _sockets: readonly StreamSocket[] | null;
  private readonly _clients = new Set<BaseTransport>();
  private _waiters: Future<undefined>[] | null = [];
  private _isServing = false;
  private _servingForever: Future<undefined> | null = null;

  /** @internal Servers are made by `loop.createServer()`. */
  constructor(loop: TaskEventLoop, sockets: readonly StreamSocket[], listening: Listening) {
    this._loop = loop;
    this._sockets = sockets;
    this._listening = listening;
    for (const socket of sockets) {
      socket.unclosed = () => `unclosed ${new TransportSocket(socket)}`;
    }
  }

  /** The loop that it belongs to. @see asyncio `Server.get_loop` */
  getLoop(): TaskEventLoop {
    return this._loop;
  }

  /** Whether it accepts connections. @see asyncio `Server.is_serving` */
  isServing(): boolean {
    return this._isServing;
  }

  /** The sockets that it listens on; none once it is closed. @see asyncio `Server.sockets` */
  get sockets(): readonly TransportSocket[] {
    return (this._sockets ?? []).map((socket) => new TransportSocket(socket));
  }

  /** Where it listens; nowhere once it is closed. */
  get addresses(): readonly SocketAddress[] {
    return (this._sockets ?? []).map((socket) => socket.localAddress());
  }

  /**
   * Stop accepting. Connections that were accepted stay; `serveForever` is cancelled. Twice does nothing more.
   *
   * @see asyncio `Server.close`
   */
  close(): void {
    const sockets = this._sockets;
    if (sockets === null) {
      return;
    }
    this._sockets = null;
    for (const socket of sockets) {
      socket.close();
    }
    this._isServing = false;
    this._servingForever?.cancel();
    this._servingForever = null;
    if (this._clients.size === 0) {
      this._wakeUp();
    }
  }

  /** The same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Close all connections that it accepted. @see asyncio `Server.close_clients` */
  closeClients(): void {
    for (const transport of [...this._clients]) {
      transport.close();
    }
  }

  /** Abort all connections that it accepted. @see asyncio `Server.abort_clients` */
  abortClients(): void {
    for (const transport of [...this._clients]) {
      transport.abort();
    }
  }

  /**
   * Accept connections; does nothing more if it does already.
   *
   * @throws RuntimeError if it is closed.
   * @see asyncio `Server.start_serving`
   */
  startServing(): Operation<undefined> {
    return new GeneratorOperation("Server.startServing", this._startServingSteps());
  }

  /**
   * Accept connections until the awaiting task is cancelled or the server closed, which also ends with
   * `CancelledError`.
   *
   * @throws RuntimeError if it is closed, or another task awaits this already.
   * @see asyncio `Server.serve_forever`
   */
  serveForever(): Operation<undefined> {
    return new GeneratorOperation("Server.serveForever", this._serveForeverSteps());
  }

  /** Wait until the server is closed and its last connection is over. @see asyncio `Server.wait_closed` */
  waitClosed(): Operation<undefined> {
    return new GeneratorOperation("Server.waitClosed", this._waitClosedSteps());
  }

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return `<Server sockets=(${this.sockets.join(", ")})>`;
  }

  /** @internal */
  _attach(transport: BaseTransport): void {
    this._clients.add(transport);
  }

  /** @internal */
  _detach(transport: BaseTransport): void {
    this._clients.delete(transport);
    if (this._clients.size === 0 && this._sockets === null) {
      this._wakeUp();
    }
  }

  /** @internal */
  _startServing(): void {
    if (this._isServing) {
      return;
    }
    if (this._sockets === null) {
      throw new RuntimeError(`server ${this} is closed`);
    }
    this._isServing = true;
    for (const socket of this._sockets) {
      this._listening.start(socket, this);
    }
  }

  private _wakeUp(): void {
    const waiters = this._waiters ?? [];
    this._waiters = null;
    for (const waiter of waiters) {
      if (!waiter.done()) {
        waiter.setResult(undefined);
      }
    }
  }

  private *_startServingSteps(): Steps<undefined> {
    this._startServing();
    yield* sleep(0);
    return undefined;
  }

  private *_serveForeverSteps(): Steps<undefined> {
    if (this._servingForever !== null) {
      throw new RuntimeError(`server ${this} is already being awaited on serveForever()`);
    }
    this._startServing();
    const forever = this._loop._futureFor<undefined>("Server.serveForever");
    this._servingForever = forever;
    try {
      yield* forever;
    } catch (error) {
      if (error instanceof CancelledError) {
        this.close();
        yield* this._waitClosedSteps();
      }
      throw error;
    } finally {
      this._servingForever = null;
    }
    return undefined;
  }

  private *_waitClosedSteps(): Steps<undefined> {
    if (this._waiters !== null) {
      const waiter = this._loop._futureFor<undefined>("Server.waitClosed");
      this._waiters.push(waiter);
      yield* waiter;
    }
    return undefined;
  }
}
