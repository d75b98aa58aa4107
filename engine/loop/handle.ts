import type { Instrument } from "../base/instrument.ts";
import type { OrderingPolicy } from "../base/ordering-policy.ts";
import type { Chained } from "../base/rung.ts";
import type { ExceptionContext } from "./exceptions.ts";
import { refuseLoop } from "./refuse-loop.ts";
import type { Timer } from "./timers.ts";

/** The side of a loop that handles work with. */
export interface HandleOwner {
  /** @internal */
  readonly _instrument: Instrument | null;
  /** @internal Chooses where a real system could decide otherwise. */
  readonly _ordering: OrderingPolicy | null;
  /** @internal Steps and callbacks run so far. */
  _steps: number;
  /** @internal The context that code runs in now. */
  _context: object | null;
  /** @internal A fresh number, for what needs an identity. */
  _nextId(): number;
  /** @internal A timer in the queue was cancelled; it stays there until its turn or a sweep. */
  _timerCancelled(): void;
  callExceptionHandler(context: ExceptionContext): void;
}

/** A function that the loop calls. */
export type Callback<A extends readonly unknown[] = readonly unknown[]> = (...args: A) => unknown;

/** What a handle calls that has arguments; the others do without an object and a field. */
class CallWithArguments {
  readonly callback: Callback;
  readonly args: readonly unknown[];

  constructor(callback: Callback, args: readonly unknown[]) {
    this.callback = callback;
    this.args = args;
  }
}

const nameOf = (call: Callback | CallWithArguments): string =>
  (typeof call === "function" ? call : call.callback).name || "anonymous";

/**
 * A call that waits in the ready queue; what `callSoon` returns.
 *
 * @see asyncio.Handle
 */
export class Handle {
  /** Number in order of creation within its loop. */
  readonly id: number;
  /** `null` when it was cancelled. */
  private _call: Callback | CallWithArguments | null;
  /** @internal The context that the call is made in. */
  readonly _context: object | null;
  protected readonly _loop: HandleOwner;

  constructor(loop: HandleOwner, callback: Callback, args: readonly unknown[], context: object | null) {
    if (typeof loop?._nextId !== "function") {
      refuseLoop("Handle", loop);
    }
    this.id = loop._nextId();
    this._loop = loop;
    this._call = args.length === 0 ? callback : new CallWithArguments(callback, args);
    this._context = context;
  }

  /** Withdraw the call. Once it has run, or twice, does nothing. @see asyncio.Handle.cancel */
  cancel(): void {
    if (!this._cancelled) {
      this._loop._ordering?.cancelRequested(this);
      this._call = null;
      this._loop._instrument?.handleCancelled(this.id);
    }
  }

  /** @internal What is called; `null` when it was cancelled. */
  get _callback(): Callback | null {
    return this._call instanceof CallWithArguments ? this._call.callback : this._call;
  }

  /** @internal */
  get _cancelled(): boolean {
    return this._call === null;
  }

  /** Whether the call was cancelled. @see asyncio.Handle.cancelled */
  cancelled(): boolean {
    return this._cancelled;
  }

  /** @internal Make the call; what it throws goes to the loop's exception handler. */
  _run(): void {
    const call = this._call;
    const loop = this._loop;
    if (call === null) {
      loop._steps--;
      return;
    }
    loop._instrument?.handleRun(this.id);
    loop._context = this._context;
    try {
      if (typeof call === "function") {
        call();
      } else {
        const { callback, args } = call;
        callback(...args);
      }
    } catch (exception) {
      loop.callExceptionHandler({ message: `Exception in callback ${this}`, exception, handle: this });
    }
  }

  toString(): string {
    return `<${this._kind()} ${this._call === null ? "cancelled" : nameOf(this._call)}>`;
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
  /** @internal */
  _due: number;
  /** @internal */
  _behind: Chained | null = null;
  /** @internal The instant that it was set for, where an exploration has made it due later. A field that few have. */
  declare _setFor?: number;

  constructor(loop: HandleOwner, when: number, callback: Callback, args: readonly unknown[], context: object | null) {
    super(loop, callback, args, context);
    this._due = when;
  }

  /** The instant at which the call is due, in seconds of the loop's clock. @see asyncio.TimerHandle.when */
  when(): number {
    return this._setFor ?? this._due;
  }

  override cancel(): void {
    if (!this._cancelled && this._scheduled) {
      this._loop._timerCancelled();
    }
    super.cancel();
  }

  protected override _kind(): string {
    return `TimerHandle when=${this.when()}`;
  }
}
