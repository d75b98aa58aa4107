import { CancelledError, RuntimeError } from "../base/errors.ts";
import type { Chained } from "../base/rung.ts";
import type { Timer } from "../loop/timers.ts";
import { requireDelay } from "../loop/validate.ts";
import { Awaitable, answerNoPromise, askLater, awaitOnly, takeAsked, YIELDING } from "./awaitable.ts";
import { type Driven, doneWith, type Frame, SUSPENDED, type WaitTarget } from "./drive.ts";
import { CANCELLED, FINISHED, PENDING } from "./future-state.ts";

/** State of a {@link SleepTimer} that was taken back, beyond those of a future. */
const WITHDRAWN = -1;

/**
 * The future and the timer of asyncio's `sleep` in one object, which a task keeps for all its sleeps.
 *
 * The timer that is due completes it; the task resumes one pass later. When the task was cancelled, the timer is
 * cancelled as late as asyncio cancels it, by the task's own step; as it may stay in the queue, the task then gets
 * another.
 */
export class SleepTimer implements WaitTarget, Timer {
  id = 0;
  _state = PENDING;
  _value: unknown = undefined;
  _scheduled = false;
  _due = 0;
  _behind: Chained | null = null;
  private _delay = 0;
  private readonly _sleeper: Driven;

  constructor(sleeper: Driven) {
    this._sleeper = sleeper;
  }

  get _kind(): string {
    return "sleep";
  }

  get _number(): number {
    return this.id;
  }

  _start(delay: number, result: unknown): void {
    const loop = this._sleeper._loop;
    this._state = PENDING;
    this._value = result;
    this._delay = delay;
    const when = loop.time() + delay;
    loop._schedule(when, this);
    if (loop._instrument !== null) {
      this.id = loop._nextId();
      loop._instrument.timerScheduled(this.id, when);
    }
    this._sleeper._waitFor(this);
  }

  get _cancelled(): boolean {
    return this._state === WITHDRAWN;
  }

  /** The timer is due. */
  _run(): void {
    this._sleeper._loop._instrument?.handleRun(this.id);
    if (this._state === PENDING) {
      this._state = FINISHED;
      this._sleeper._wakeUpLast();
    }
  }

  cancel(reason?: string): boolean {
    if (this._state !== PENDING) {
      return false;
    }
    this._state = CANCELLED;
    this._value = reason;
    this._sleeper._wakeUp();
    return true;
  }

  /** Seconds that are left of it. */
  get remaining(): number {
    return Math.max(0, this._due - this._sleeper._loop.time());
  }

  _leftBy(): void {
    this._state = CANCELLED;
    this._takeError();
  }

  _takeError(): unknown {
    const loop = this._sleeper._loop;
    if (this._scheduled) {
      this._state = WITHDRAWN;
      loop._timerCancelled();
    }
    this._sleeper._sleepTimer = null;
    loop._instrument?.handleCancelled(this.id);
    return new CancelledError(this._value as string | undefined);
  }

  toString(): string {
    return `sleep(${this._delay})`;
  }
}

/**
 * In the place of the result of a sleep that has begun: the timer has it then, and a field less is a million times
 * eight bytes in some programs.
 */
const BEGUN = Symbol("begun");

/**
 * What suspends in any case, and is its own answer to `yield*` in a plain generator: a suspended one keeps its answer.
 */
abstract class Pause<T> extends Awaitable<T> {
  get value(): this {
    return this;
  }

  get done(): false {
    return false;
  }

  override [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return askLater(this, PAUSING) as Iterator<Awaitable<unknown>, T, unknown>;
  }

  _take(): never {
    throw new RuntimeError(`${this} has no result of its own`);
  }

  override _open(): Frame {
    return awaitOnly(this) as Frame;
  }

  override _isCoroutine(): boolean {
    return true;
  }
}

/** A sleep, which a task may begin once. */
class Sleep<T> extends Pause<T> {
  private readonly _delay: number;
  private _result: T | typeof BEGUN;

  constructor(delay: number, result: T) {
    super();
    this._delay = delay;
    this._result = result;
  }

  get _kind(): string {
    return "sleep";
  }

  _begin(): SleepPlan {
    return { delay: this._delay, result: this._takeResult() };
  }

  private _takeResult(): T {
    const result = this._result;
    if (result === BEGUN) {
      throw new RuntimeError(`cannot reuse already awaited coroutine: ${this}; call sleep again for a new one`);
    }
    this._result = BEGUN;
    return result;
  }

  _enter(task: Driven): number {
    const result = this._takeResult();
    task._sleepTimer ??= new SleepTimer(task);
    const timer = task._sleepTimer as SleepTimer;
    if (this._delay > 0) {
      timer._start(this._delay, result);
    } else {
      timer._state = FINISHED;
      timer._value = result;
      task._yieldTurn(timer);
    }
    return SUSPENDED;
  }

  override toString(): string {
    return `sleep(${this._delay})`;
  }
}

/** A turn given up without a result. It has no state, so one serves all. */
class Turn extends Pause<undefined> {
  readonly _kind = "turn";

  _enter(task: Driven): number {
    task._yieldTurn();
    return SUSPENDED;
  }

  override toString(): string {
    return "sleep(0)";
  }
}

answerNoPromise(Sleep.prototype);

/** A sleep that has not begun: its seconds and its result. */
export interface SleepPlan {
  readonly delay: number;
  readonly result: unknown;
}

/**
 * What `awaitable` will do if it is a sleep, which counts as begun then; `null` for anything else.
 *
 * @throws RuntimeError if it has begun.
 */
export function beginSleep(awaitable: unknown): SleepPlan | null {
  if (awaitable instanceof Turn) {
    return { delay: 0, result: undefined };
  }
  return awaitable instanceof Sleep ? awaitable._begin() : null;
}

/** What `yield*` drives in a plain generator that pauses. */
const PAUSING: Iterator<Awaitable<unknown>, unknown, unknown> = {
  ...YIELDING,
  next: (given) => (takeAsked() as Pause<unknown> | null) ?? doneWith(given),
};

const TURN = new Turn();
answerNoPromise(TURN);

/**
 * Suspend the task for `delay` seconds of virtual time.
 *
 * It resumes one pass after the timer is due. A `delay` of zero or less gives up one turn: everything that is ready
 * runs first. An infinite one never ends. Cancelling the task ends it with `CancelledError`.
 *
 * @param result - What awaiting returns.
 * @throws RangeError at the call if `delay` is NaN or negative infinity; TypeError if it is not a number.
 * @see asyncio.sleep
 */
export function sleep(delay: number): Awaitable<undefined>;
/** Suspend the task for `delay` seconds of virtual time, and give `result`; all else as without. @see asyncio.sleep */
export function sleep<T>(delay: number, result: T): Awaitable<T>;
export function sleep<T>(delay: number, result?: T): Awaitable<T | undefined> {
  requireDelay("sleep", delay);
  return delay <= 0 && result === undefined ? TURN : new Sleep(delay, result);
}
