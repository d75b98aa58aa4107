import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import { NetworkError } from "../errors.ts";
import type { Pollable, Poller } from "../poller.ts";
import type { Closable } from "../sockets/contract.ts";
import { type InspectableSocket, TransportSocket } from "../sockets/transport-socket.ts";
import type { BaseProtocol, BaseTransport, ExtraInfo, WriteBufferLimits } from "./contract.ts";
import { FlowControl } from "./flow-control.ts";
import { requireProtocol } from "./protocol-for.ts";
import { socketHandle } from "./socket-handle.ts";

/** What a transport needs of its socket. */
export interface TransportableSocket extends Pollable, InspectableSocket, Closable {
  close(): void;
}

/** What a transport needs of the server that it was made by. */
export interface TransportOwner {
  /** @internal */
  _attach(transport: BaseTransport): void;
  /** @internal */
  _detach(transport: BaseTransport): void;
}

/** From this many writes after the connection was lost on, each is reported. */
const REPORTED_LOST_WRITES = 5;

/**
 * What stream and datagram transports have in common: how they begin, read, and end.
 *
 * Invariants:
 * 1. once `_lost` is not 0, the call of `connectionLost` is scheduled or done;
 * 2. `connectionLost` is called once, although the protocol may close or abort the transport in any of its methods.
 *
 * @see asyncio `_SelectorTransport`
 */
export abstract class SelectorTransport<P extends BaseProtocol, S extends TransportableSocket>
  implements BaseTransport
{
  protected readonly _loop: TaskEventLoop;
  protected readonly _poller: Poller;
  protected readonly _socket: S;
  protected readonly _flow: FlowControl;
  protected _protocol: P;
  protected _isClosing = false;
  /** How often sending was tried in vain, and whether the connection is lost at all. */
  protected _lost = 0;
  /** @internal What the program holds instead of the transport, for the report that it was not closed. */
  _holder: object | null = null;
  private _isOver = false;
  private readonly _owner: TransportOwner | null;
  private _isReadingPaused = false;
  private _shownSocket: TransportSocket | null = null;

  constructor(loop: TaskEventLoop, poller: Poller, socket: S, protocol: P, owner: TransportOwner | null) {
    this._loop = loop;
    this._poller = poller;
    this._socket = socket;
    this._protocol = protocol;
    this._flow = new FlowControl(loop, this);
    this._owner = owner;
    owner?._attach(this);
    socket.unclosed = () => this._unclosedText();
  }

  abstract getWriteBufferSize(): number;

  close(): void {
    if (this._isClosing) {
      return;
    }
    this._isClosing = true;
    this._poller.removeReader(this._socket);
    if (this.getWriteBufferSize() === 0) {
      this._lost++;
      this._poller.removeWriter(this._socket);
      this._loop.callSoon(() => this._callConnectionLost(null));
    }
  }

  abort(): void {
    this._forceClose(null);
  }

  isClosing(): boolean {
    return this._isClosing;
  }

  isReading(): boolean {
    return !this._isClosing && !this._isReadingPaused;
  }

  pauseReading(): void {
    if (this.isReading()) {
      this._isReadingPaused = true;
      this._poller.removeReader(this._socket);
    }
  }

  resumeReading(): void {
    if (!this._isClosing && this._isReadingPaused) {
      this._isReadingPaused = false;
      this._startReading();
    }
  }

  getProtocol(): P | null {
    return this._isOver ? null : this._protocol;
  }

  setProtocol(protocol: P): void {
    this._protocol = requireProtocol("setProtocol", protocol);
  }

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K];
  getExtraInfo<T = null>(name: string, fallback?: T): unknown;
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    switch (name) {
      case "peername":
        return this._socket.peerAddress();
      case "sockname":
        return this._socket.localAddress();
      case "socket":
        this._shownSocket ??= new TransportSocket(this._socket);
        return this._shownSocket;
      default:
        return fallback;
    }
  }

  getWriteBufferLimits(): [low: number, high: number] {
    return this._flow.limits;
  }

  setWriteBufferLimits(limits: WriteBufferLimits = {}): void {
    this._flow.setLimits(limits);
    this._flow.maybePause();
  }

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    const state = this._lost > 0 ? " closed" : this._isClosing ? " closing" : "";
    const peer = this._socket.peerAddress();
    return `<${this.constructor.name}${state} ${this._socket.localAddress()}${peer === null ? "" : ` peer=${peer}`} bufsize=${this.getWriteBufferSize()}>`;
  }

  /** There is something to receive. */
  protected abstract _readReady(): void;

  /** Forget what waits to be sent. */
  protected abstract _clearBuffer(): void;

  /** Call `connectionMade`; then read; then call `onReady`, each in a call of its own. */
  protected _begin(tellProtocol: () => void, onReady: () => void): void {
    this._loop.callSoon(tellProtocol);
    this._loop.callSoon(() => this._startReading());
    this._loop.callSoon(onReady);
  }

  protected _startReading(): void {
    if (this.isReading()) {
      this._poller.addReader(
        this._socket,
        socketHandle(this._loop, () => this._readReady()),
      );
    }
  }

  /** A write after the connection was lost. */
  protected _countLostWrite(): void {
    if (this._lost >= REPORTED_LOST_WRITES) {
      this._loop._reportError("socket.send() raised exception.");
    }
    this._lost++;
  }

  /** Something failed for good. What the network does concerns only the protocol; everything else is reported. */
  protected _fatalError(exception: unknown, message: string): void {
    if (!(exception instanceof NetworkError)) {
      const { _protocol: protocol } = this;
      this._loop.callExceptionHandler({ message, exception, transport: this, protocol });
    }
    this._forceClose(exception instanceof Error ? exception : new Error(String(exception), { cause: exception }));
  }

  protected _forceClose(error: Error | null): void {
    if (this._lost > 0) {
      return;
    }
    if (this.getWriteBufferSize() > 0) {
      this._clearBuffer();
      this._poller.removeWriter(this._socket);
    }
    if (!this._isClosing) {
      this._isClosing = true;
      this._poller.removeReader(this._socket);
    }
    this._lost++;
    this._loop.callSoon(() => this._callConnectionLost(error));
  }

  protected _callConnectionLost(error: Error | null): void {
    if (this._isOver) {
      // The protocol closed the transport in a call during which it was closed anyway: both plan this one.
      return;
    }
    this._lost++;
    this._isOver = true;
    try {
      this._protocol.connectionLost(error);
    } finally {
      this._socket.close();
      this._owner?._detach(this);
    }
  }

  /** In CPython's words that the program has not closed the transport; `null` if it has. */
  private _unclosedText(): string | null {
    if (this._isClosing) {
      return null;
    }
    return this._holder === null ? `unclosed transport ${this}` : `unclosed ${this._holder}`;
  }
}
