import type { Instrument } from "../base/instrument.ts";
import type { OrderingPolicy } from "../base/ordering-policy.ts";
import type { ExceptionContext } from "./exceptions.ts";
import type { Timer } from "./timers.ts";

/** The side of a loop that handles work with. */
export interface HandleOwner {
  /** @internal */
  readonly _instrument: Instrument | null;
  /** @internal Who chooses where reality could decide otherwise. */
  readonly _ordering: OrderingPolicy | null;
  /** @internal Steps and callbacks run so far. */
  _steps: number;
  /** @internal The context that code runs in now. */
  _context: object | null;
  /** @internal A number nobody has had yet, for what needs to be told apart. */
  _nextId(): number;
  /** @internal A timer that is in the queue was withdrawn; it stays there until its turn or a sweep. */
  _timerCancelled(): void;
  callExceptionHandler(context: ExceptionContext): void;
}

/** A function that the loop calls. */
export type Callback<A extends readonly unknown[] = readonly unknown[]> = (...args: A) => unknown;

const NO_ARGUMENTS: readonly unknown[] = [];

/**
 * A call that waits in the ready queue; what `callSoon` returns.
 *
 * @see asyncio.Handle
 */
export class Handle {
  /** Number in order of creation within its loop. */
  readonly id: number;
  /** @internal */
  _cancelled = false;
  private _callback: Callback | null;
  private _args: readonly unknown[];
  /** @internal The context that the call is made in. */
  readonly _context: object | null;
  protected readonly _loop: HandleOwner;

  constructor(loop: HandleOwner, callback: Callback, args: readonly unknown[], context: object | null) {
    this.id = loop._nextId();
    this._loop = loop;
    this._callback = callback;
    this._args = args.length === 0 ? NO_ARGUMENTS : args;
    this._context = context;
  }

  /** Withdraw the call. Once it has run, or twice, does nothing. @see asyncio.Handle.cancel */
  cancel(): void {
    if (!this._cancelled) {
      this._loop._ordering?.cancelRequested(this);
      this._cancelled = true;
      this._callback = null;
      this._args = NO_ARGUMENTS;
      this._loop._instrument?.handleCancelled(this.id);
    }
  }

  /** Whether the call was withdrawn. @see asyncio.Handle.cancelled */
  cancelled(): boolean {
    return this._cancelled;
  }

  /** @internal Make the call; what it throws goes to the loop's exception handler. */
  _run(): void {
    const callback = this._callback;
    const loop = this._loop;
    if (callback === null) {
      loop._steps--;
      return;
    }
    loop._instrument?.handleRun(this.id);
    loop._context = this._context;
    try {
      if (this._args.length === 0) {
        callback();
      } else {
        callback(...this._args);
      }
    } catch (exception) {
      loop.callExceptionHandler({ message: `Exception in callback ${this}`, exception, handle: this });
    }
  }

  toString(): string {
    return this._cancelled ? `<${this._kind()} cancelled>` : `<${this._kind()} ${this._callback?.name || "anonymous"}>`;
  }

  protected _kind(): string {
    return "Handle";
  }
}

/**
 * A call that is due at an instant; what `callLater` and `callAt` return.
 *
 * @see asyncio.TimerHandle
 */
export class TimerHandle extends Handle implements Timer {
  /** @internal */
  _scheduled = false;
  private readonly _when: number;

  constructor(loop: HandleOwner, when: number, callback: Callback, args: readonly unknown[], context: object | null) {
    super(loop, callback, args, context);
    this._when = when;
  }

  /** The instant at which the call is due, in seconds of the loop's clock. @see asyncio.TimerHandle.when */
  when(): number {
    return this._when;
  }

  override cancel(): void {
    if (!this._cancelled && this._scheduled) {
      this._loop._timerCancelled();
    }
    super.cancel();
  }

  protected override _kind(): string {
    return `TimerHandle when=${this._when}`;
  }
}
