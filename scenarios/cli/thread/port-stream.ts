import { Writable } from "node:stream";
import type { FromThread, StreamFailure, StreamKind, StreamNumber } from "./messages.ts";

/** The way to the main thread. */
export interface ThreadPort {
  post(message: FromThread): void;
  /** Keep the thread alive, or stop doing so: the number of reasons grows by `change`. */
  keepAlive(change: 1 | -1): void;
}

/** Characters or bytes that may be on their way to the main thread before a writer has to wait. */
const WINDOW = 1 << 20;

/**
 * A standard stream of the main thread, as the thread of the command has it.
 *
 * What is written is sent at once, so that it arrives even if the thread never lets its own event loop turn again;
 * Node's own stream of a worker sends one chunk and keeps the next until that is acknowledged.
 */
export class PortStream extends Writable {
  /** Width of the terminal; the property is missing if it is not a terminal. */
  declare readonly columns?: number;
  /** Whether it is a terminal, as programs ask that write to it themselves. */
  readonly isTTY: boolean;
  private readonly _hasColours: boolean;
  private readonly _to: StreamNumber;
  private readonly _port: ThreadPort;
  /** What was sent and is not yet written. */
  private _pending = 0;
  /** Goes on with the chunk that waits; `null` if none does. */
  private _waiting: { readonly below: number; readonly done: (error?: Error) => void } | null = null;

  constructor(to: StreamNumber, { columns, hasColours }: StreamKind, port: ThreadPort) {
    super({ decodeStrings: false });
    this._to = to;
    if (columns !== undefined) {
      this.columns = columns;
    }
    this.isTTY = columns !== undefined;
    this._hasColours = hasColours;
    this._port = port;
  }

  /** Whether to format for this stream. */
  hasColors(): boolean {
    return this._hasColours;
  }

  /** An empty chunk waits until everything before it is written. */
  override _write(chunk: string | Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    if (chunk.length > 0) {
      this._pending += chunk.length;
      this._port.post({ kind: "write", to: this._to, chunk });
    }
    this._waiting = { below: chunk.length > 0 ? WINDOW : 1, done };
    this._port.keepAlive(1);
    this._goOn();
  }

  /** The main thread has written `size` characters or bytes. */
  written(size: number): void {
    this._pending -= size;
    this._goOn();
  }

  /** The stream of the main thread has broken. */
  broke({ message, code, syscall }: StreamFailure): void {
    const error = Object.assign(new Error(message), { code, syscall });
    const waiting = this._waiting;
    if (waiting === null) {
      this.destroy(error);
    } else {
      this._release(waiting.done, error);
    }
  }

  private _goOn(): void {
    const waiting = this._waiting;
    if (waiting !== null && this._pending < waiting.below) {
      this._release(waiting.done);
    }
  }

  private _release(done: (error?: Error) => void, error?: Error): void {
    this._waiting = null;
    this._port.keepAlive(-1);
    done(error);
  }
}
