import { CancelledError, InvalidStateError, RuntimeError } from "../base/errors.ts";
import { NO_OPTIONS } from "../base/require-options.ts";
import { describeError } from "../loop/exceptions.ts";
import { placeOfError } from "../loop/place.ts";
import { refuseLoop } from "../loop/refuse-loop.ts";
import { requireRunning } from "../loop/running.ts";
import { requireCallback } from "../loop/validate.ts";
import { Awaitable } from "./awaitable.ts";
import { type Context, requireContextOption } from "./context.ts";
import { DoneCallback } from "./done-callback.ts";
import { type Driven, type Listener, READY, SUSPENDED, type WaitTarget } from "./drive.ts";
import { CANCELLED, FAILED, FAILED_UNSEEN, FINISHED, PENDING } from "./future-state.ts";
import type { Reportable, TaskLoop } from "./task-loop.ts";
import { TurnOf } from "./turn-of.ts";

/** @internal Who waits on a future: a task to wake, or a callback to call. */
type Waiter = Listener | DoneCallback;

/**
 * A result that is not there yet.
 *
 * A task that awaits it resumes one pass after it is done, in the order of awaiting.
 *
 * Invariants:
 * 1. `_state` leaves `PENDING` once and for all, but `FAILED_UNSEEN` becomes `FAILED` when it is retrieved;
 * 2. `_value` is the result when finished, the error when failed, and when cancelled the message, or the very error to
 *    hand out first;
 * 3. `_waiters` is `null`, one waiter, or an array of them in order of registration; `null` once done.
 *
 * @see asyncio.Future
 */
export class Future<T> extends Awaitable<T> implements WaitTarget, Reportable {
  /** @internal */
  get _kind(): string {
    return "future";
  }
  /** Number in order of creation within its loop. */
  readonly id: number;
  /** @internal The number by which a trace names what is waited for. */
  get _number(): number {
    return this.id;
  }
  /** @internal */
  readonly _loop: TaskLoop;
  /** @internal */
  _state = PENDING;
  /** @internal */
  _value: unknown = undefined;
  private _waiters: Waiter | Waiter[] | null = null;

  /** @param loop - The running one by default. @throws RuntimeError if none is given and none runs. */
  constructor(loop: TaskLoop = requireRunning() as TaskLoop) {
    super();
    if (typeof loop?._nextId !== "function") {
      refuseLoop("Future", loop);
    }
    this._loop = loop;
    this.id = loop._nextId();
    loop._ordering?.made(this);
  }

  /** The loop the future belongs to. @see asyncio.Future.get_loop */
  getLoop(): TaskLoop {
    return this._loop;
  }

  /** Whether it has a result or an error, or was cancelled. @see asyncio.Future.done */
  done(): boolean {
    this._loop._ordering?.touched(this, "r");
    return this._state !== PENDING;
  }

  /** Whether it was cancelled. @see asyncio.Future.cancelled */
  cancelled(): boolean {
    this._loop._ordering?.touched(this, "r");
    return this._state === CANCELLED;
  }

  /**
   * The result.
   *
   * @throws the error it failed with; CancelledError if it was cancelled; InvalidStateError if it is not done.
   * @see asyncio.Future.result
   */
  result(): T {
    this._loop._ordering?.touched(this, "r");
    if (this._state === PENDING) {
      throw new InvalidStateError(`Result is not set: ${this} is not done; await it, or ask done() first`);
    }
    return this._take();
  }

  /**
   * The error it failed with, or `null` if it finished well.
   *
   * @throws CancelledError if it was cancelled; InvalidStateError if it is not done.
   * @see asyncio.Future.exception
   */
  exception(): unknown {
    this._loop._ordering?.touched(this, "r");
    if (this._state === PENDING) {
      throw new InvalidStateError(`Exception is not set: ${this} is not done; await it, or ask done() first`);
    }
    if (this._state === CANCELLED) {
      throw this._takeError();
    }
    return this._state === FINISHED ? null : this._takeError();
  }

  /** Finish with `result`. @throws InvalidStateError if it is done already. @see asyncio.Future.set_result */
  setResult(result: T): void {
    this._loop._requireInside();
    this._requirePending("setResult");
    this._settle(FINISHED, result);
  }

  /** Fail with `error`. @throws InvalidStateError if it is done already. @see asyncio.Future.set_exception */
  setException(error: unknown): void {
    this._loop._requireInside();
    this._requirePending("setException");
    this._fail(error);
  }

  /**
   * Cancel: its waiters get a `CancelledError` with `reason`.
   *
   * @returns Whether it was still pending.
   * @see asyncio.Future.cancel
   */
  cancel(reason?: string): boolean {
    this._loop._requireInside();
    this._markSeen();
    if (this._state !== PENDING) {
      this._loop._ordering?.touched(this, "r");
      return false;
    }
    this._settle(CANCELLED, reason);
    return true;
  }

  /**
   * Call `callback` with this future once it is done, in a pass of its own; in the next one if it is done already.
   *
   * @param options - `context` to run in; a copy of the current one by default.
   * @throws TypeError if `callback` is not a function, or `context` not a context.
   * @see asyncio.Future.add_done_callback
   */
  addDoneCallback(callback: (future: this) => unknown, options: { readonly context?: Context } = NO_OPTIONS): void {
    requireCallback("addDoneCallback", callback);
    requireContextOption("addDoneCallback", options);
    const waiter = new DoneCallback(
      callback as (future: unknown) => unknown,
      options.context ?? this._loop._copyContext(),
    );
    this._loop._ordering?.touched(this, "w");
    if (this._state === PENDING) {
      this._addWaiter(waiter);
    } else {
      waiter._schedule(this._loop, this);
    }
  }

  /**
   * Withdraw `callback` as often as it was added.
   *
   * @returns How often. Calls that are scheduled already stay.
   * @see asyncio.Future.remove_done_callback
   */
  removeDoneCallback(callback: (future: this) => unknown): number {
    this._loop._ordering?.touched(this, "w");
    const waiters = this._waiters;
    if (waiters === null) {
      return 0;
    }
    const all = Array.isArray(waiters) ? waiters : [waiters];
    const kept = all.filter((waiter) => !(waiter instanceof DoneCallback && waiter.callback === callback));
    this._waiters = kept.length === 0 ? null : kept;
    return all.length - kept.length;
  }

  override toString(): string {
    return `<${this.constructor.name} ${this._stateText()}>`;
  }

  /** @internal */
  _report(): string | null {
    return this._state === FAILED_UNSEEN ? `Future exception was never retrieved\nfuture: ${this}` : null;
  }

  /** @internal */
  _reportedPlace(): string | undefined {
    return placeOfError(this._value);
  }

  /** @internal */
  _markSeen(): void {
    if (this._state === FAILED_UNSEEN) {
      this._state = FAILED;
    }
  }

  /** @internal Whether it failed or was cancelled. */
  _hasFailed(): boolean {
    return this._state >= FAILED;
  }

  /** @internal Its error as a value, which is never handed out: a cancellation keeps its own. */
  _errorAsResult(): unknown {
    return this._state === CANCELLED
      ? new CancelledError(typeof this._value === "string" ? this._value : "")
      : this._takeError();
  }

  /** @internal The error of a cancellation that was asked for, whether or not this is what it came to. */
  _cancellation(): CancelledError {
    return this._state === CANCELLED ? this._takeCancellation() : new CancelledError(this._lastCancelReason());
  }

  /** @internal The message of a request to cancel that had another end. */
  _lastCancelReason(): string | undefined {
    return undefined;
  }

  /** @internal */
  _enter(task: Driven): number {
    this._loop._ordering?.touched(this, this._state === PENDING ? "w" : "r");
    if (this._state !== PENDING) {
      return READY;
    }
    if (task._loop !== this._loop) {
      return this._refuse(task, `${task} got ${this} attached to a different loop`);
    }
    this._addWaiter(task);
    task._waitFor(this);
    return SUSPENDED;
  }

  /** @internal */
  override _isReady(): boolean {
    if (this._state === PENDING) {
      return false;
    }
    this._loop._ordering?.touched(this, "r");
    return true;
  }

  /** @internal Fail `task`, which must not wait for this: one pass later, as asyncio does. */
  _refuse(task: Driven, message: string): number {
    const refusal = new Future<never>(this._loop);
    refusal._value = new RuntimeError(message);
    refusal._state = FAILED;
    task._waitFor(refusal);
    task._wakeUp();
    return SUSPENDED;
  }

  /** @internal */
  _take(): T {
    if (this._state === FINISHED) {
      return this._value as T;
    }
    throw this._takeError();
  }

  /** @internal */
  _takeError(): unknown {
    if (this._state === CANCELLED) {
      return this._takeCancellation();
    }
    this._markSeen();
    return this._value;
  }

  /** @internal Fail; reported at the end of the run unless it is retrieved. */
  _fail(error: unknown): void {
    this._loop._failures.push(this);
    this._settle(FAILED_UNSEEN, error);
  }

  /** @internal Leave the pending state and schedule who waits. */
  _settle(state: number, value: unknown): void {
    this._loop._ordering?.touched(this, "w");
    this._state = state;
    this._value = value;
    const waiters = this._waiters;
    if (waiters === null) {
      return;
    }
    this._waiters = null;
    if (!Array.isArray(waiters)) {
      this._schedule(waiters);
      return;
    }
    for (const waiter of waiters) {
      this._schedule(waiter);
    }
  }

  /** @internal */
  _leftBy(task: Listener): void {
    const waiters = this._waiters;
    if (waiters === task) {
      this._waiters = null;
    } else if (Array.isArray(waiters)) {
      const place = waiters.indexOf(task);
      if (place >= 0) {
        waiters.splice(place, 1);
      }
    }
  }

  /** @internal Whether anything waits for it. */
  _isAwaited(): boolean {
    return this._waiters !== null && !(Array.isArray(this._waiters) && this._waiters.length === 0);
  }

  /** @internal Let `listener` hear of the end. It must still be pending. */
  _listen(listener: Listener): void {
    this._loop._ordering?.touched(this, "w");
    this._addWaiter(listener);
  }

  /**
   * @internal Finish with `value` as the last act of a handle: the waiters take their step at once, in the order of
   * waiting.
   */
  _finishNow(value: unknown): void {
    this._loop._ordering?.touched(this, "w");
    this._state = FINISHED;
    this._value = value;
    const waiters = this._waiters;
    this._waiters = null;
    if (waiters === null) {
      return;
    }
    if (!Array.isArray(waiters)) {
      if (waiters instanceof DoneCallback) {
        waiters._schedule(this._loop, this);
      } else {
        waiters._wakeUpNow();
      }
      return;
    }
    for (const waiter of waiters) {
      if (waiter instanceof DoneCallback) {
        waiter._schedule(this._loop, this);
      } else {
        this._loop._urge(new TurnOf(waiter));
      }
    }
  }

  /** `pending`, `finished result=…` and so on. */
  protected _stateText(): string {
    switch (this._state) {
      case PENDING:
        return "pending";
      case FINISHED:
        return `finished result=${typeof this._value === "string" ? `'${this._value}'` : String(this._value)}`;
      case CANCELLED:
        return "cancelled";
      default:
        return `finished exception=${describeError(this._value)}`;
    }
  }

  private _schedule(waiter: Waiter): void {
    if (waiter instanceof DoneCallback) {
      waiter._schedule(this._loop, this);
    } else {
      waiter._wakeUp();
    }
  }

  private _addWaiter(waiter: Waiter): void {
    const waiters = this._waiters;
    if (waiters === null) {
      this._waiters = waiter;
    } else if (Array.isArray(waiters)) {
      waiters.push(waiter);
    } else {
      this._waiters = [waiters, waiter];
    }
  }

  /** The error that ended a task is handed out once; every other reader gets an error of its own, with the message. */
  private _takeCancellation(): CancelledError {
    const value = this._value;
    if (value instanceof CancelledError) {
      this._value = undefined;
      return value;
    }
    return new CancelledError(value as string | undefined);
  }

  private _requirePending(method: string): void {
    if (this._state !== PENDING) {
      this._loop._ordering?.touched(this, "r");
      throw new InvalidStateError(`${method}: ${this} is done already`);
    }
  }
}
