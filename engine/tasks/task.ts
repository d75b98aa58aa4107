import { CancelledError, RuntimeError } from "../base/errors.ts";
import { NO_OPTIONS } from "../base/require-options.ts";
import type { Runnable } from "../base/runnable.ts";
import { readPlace } from "../loop/place.ts";
import { nextFor } from "./async-generators.ts";
import { type CancelState, cancelState } from "./cancel-state.ts";
import type { Context } from "./context.ts";
import { type CoroutineLike, coroutineName, openCoroutine } from "./coroutine.ts";
import {
  CALLED,
  type Driven,
  type Frame,
  pushFrame,
  READY,
  type Resumable,
  resume,
  SUSPENDED,
  startEagerly,
  type WaitTarget,
  WOKEN,
} from "./drive.ts";
import { Future } from "./future.ts";
import { CANCELLED, FAILED_UNSEEN, FINISHED, PENDING } from "./future-state.ts";
import type { Interrupt } from "./interrupt.ts";
import { SleepTimer } from "./sleep.ts";
import type { TaskLoop } from "./task-loop.ts";
import { requireTaskOptions, type TaskOptions } from "./task-options.ts";
import { START, Thrown } from "./turn.ts";

/**
 * Where a task was created that the program does not own. There are few, so that the others do without a field for it.
 */
class OwnersPlace {
  readonly place: object | null;

  constructor(place: object | null) {
    this.place = place;
  }
}

/**
 * The tasks that are being converted to strings, each for the one before, which waits for it: a circle of them must
 * end.
 */
const beingDescribed: unknown[] = [];
const MOST_BEING_DESCRIBED = 8;

/**
 * A coroutine that the loop runs, and a future of its result.
 *
 * The first step comes one pass after the creation; each later one a pass after what the task waited for was done.
 *
 * Invariants:
 * 1. a task that is not done is either in the ready queue once, or waits for `_awaited` (then not in the queue), or its
 *    step is open;
 * 2. `_awaited` stays set from the suspension until the step that it leads to;
 * 3. `_resume` is set when, and only when, the task is suspended directly (see drive.ts).
 *
 * @see asyncio.Task
 */
export class Task<T> extends Future<T> implements Driven {
  override get _kind(): string {
    return "task";
  }
  /** @internal */
  _coroutine: Frame | null;
  /** @internal */
  _advance: Frame["next"];
  // What every step touches stands together: a suspended task is seldom in the cache.
  /** @internal */
  _resume: ((step: unknown) => void) | null = null;
  private _awaited: WaitTarget | null = START;
  private _cancelState: CancelState | null = null;
  private _context: object | null;
  /** @internal */
  _sleepTimer: Driven["_sleepTimer"] = null;
  /** @internal */
  _callers: Frame[] | null = null;
  /** @internal */
  _previous: Task<unknown> | null = null;
  /** @internal */
  _next: Task<unknown> | null = null;
  private _name: string | number;
  private readonly _of: string;
  private _place: object | null;

  /** @param place - Where it was created, as `loop._recordPlace` returned it. */
  constructor(
    ofLoop: TaskLoop,
    coroutine: CoroutineLike<T>,
    options: TaskOptions = NO_OPTIONS,
    place: object | null = null,
    isUrgent = false,
  ) {
    if (options !== NO_OPTIONS) {
      requireTaskOptions(options);
    }
    super(ofLoop);
    const loop = this._loop;
    this._of = coroutineName(coroutine);
    const frame = openCoroutine(coroutine, "createTask");
    this._coroutine = frame;
    this._advance = nextFor(frame.next);
    const name = options.name ?? null;
    this._name = name === null ? loop._nextTaskNumber() : String(name);
    this._context = options.context ?? loop._copyContext();
    this._place = place;
    loop._register(this);
    loop._instrument?.taskCreated(this);
    if (isUrgent) {
      loop._urge(this);
      loop._instrument?.taskWoken(this);
    } else if (options.eagerStart === true && loop.isRunning()) {
      this._startEagerly();
    } else {
      this._wakeUp();
    }
  }

  /** The name, given or made. @see asyncio.Task.get_name */
  getName(): string {
    return typeof this._name === "number" ? `Task-${this._name}` : this._name;
  }

  /** Change the name. @see asyncio.Task.set_name */
  setName(name: string): void {
    this._name = String(name);
    this._loop._instrument?.taskRenamed(this);
  }

  /** The context that the task runs in. @see asyncio.Task.get_context */
  getContext(): Context | null {
    return this._context as Context | null;
  }

  /** `file:line:column` of the call that created the task; recorded for the first thousand tasks of a loop. */
  createdAt(): string | undefined {
    return readPlace(this._place instanceof OwnersPlace ? this._place.place : this._place);
  }

  /** @internal The program does not own it: no report if it is still pending at the end of the run. */
  _leaveToOwner(): void {
    this._place = new OwnersPlace(this._place);
  }

  /**
   * Ask the task to end: a `CancelledError` with `reason` is thrown into its coroutine at the next step, which may
   * clean up, and may refuse by catching it.
   *
   * @returns False if the task was done already.
   * @see asyncio.Task.cancel
   */
  override cancel(reason?: string): boolean {
    this._loop._requireInside();
    this._markSeen();
    this._loop._ordering?.cancelRequested(this);
    if (this._state !== PENDING) {
      return false;
    }
    this._cancelState ??= cancelState();
    const state = this._cancelState;
    if (state.passingOn) {
      return false;
    }
    state.count++;
    state.passingOn = true;
    const passedOn = this._awaited?.cancel(reason) === true;
    state.passingOn = false;
    if (passedOn) {
      return true;
    }
    state.pending = true;
    state.reason = reason;
    return true;
  }

  /** How many requests to cancel there were, less those taken back. @see asyncio.Task.cancelling */
  cancelling(): number {
    return this._cancelState?.count ?? 0;
  }

  /**
   * Take back one request to cancel; the last one also takes back a `CancelledError` that was not thrown yet.
   *
   * @returns How many are left.
   * @see asyncio.Task.uncancel
   */
  uncancel(): number {
    const state = this._cancelState;
    if (state === null || state.count === 0) {
      return 0;
    }
    this._loop._ordering?.cancelRequested(this);
    state.count--;
    if (state.count === 0) {
      state.pending = false;
    }
    return state.count;
  }

  /** @throws RuntimeError always: a task's result is its coroutine's. @see asyncio.Task.set_result */
  override setResult(_result: T): void {
    throw new RuntimeError(`Task does not support setResult: ${this} gets its result from its coroutine`);
  }

  /** @throws RuntimeError always: a task's error is its coroutine's. @see asyncio.Task.set_exception */
  override setException(_error: unknown): void {
    throw new RuntimeError(`Task does not support setException: ${this} gets its error from its coroutine`);
  }

  /** @internal The name of the simulated machine that it runs on, for instruments. */
  get host(): string | undefined {
    return this._loop._hostName(this._context);
  }

  /** @internal What it waits for, as a string. */
  _waitsFor(): string {
    const awaited = this._awaited;
    return awaited instanceof Task ? `task '${awaited.getName()}'` : awaited === null ? "its turn" : String(awaited);
  }

  /** @internal The context at the end of a step: the step may have made one. */
  _keepContext(context: object | null): void {
    this._context = context;
  }

  /** @internal Join the ready queue. */
  _wakeUp(): void {
    const loop = this._loop;
    loop._ready.push(this);
    loop._instrument?.taskWoken(this);
  }

  /** @internal Join the ready queue as the last act of a handle. */
  _wakeUpLast(): void {
    const loop = this._loop;
    if (loop._beginsNextPass()) {
      loop._instrument?.taskWoken(this);
      this._run();
    } else {
      this._wakeUp();
    }
  }

  /** @internal Take the next step at once, as the last act of a handle. */
  _wakeUpNow(): void {
    const loop = this._loop;
    loop._instrument?.taskWoken(this);
    loop._runNext(this);
  }

  /**
   * @internal Throw `error` into the coroutine as the last act of a handle, whatever the task waits for; nothing if it
   * is done. A task that has not begun begins first.
   *
   * @param again - The handle, which is to come again once the first step is over.
   */
  _throwNow(error: Interrupt, again: Runnable): void {
    if (this._state !== PENDING) {
      return;
    }
    const awaited = this._awaited;
    if (awaited === START) {
      this._loop._urge(again);
      this._stepEarly();
      return;
    }
    if (awaited instanceof SleepTimer) {
      error._setRemaining(awaited._state === PENDING ? awaited.remaining : 0);
    }
    if (awaited?._state === PENDING) {
      awaited._leftBy(this);
      this._awaited = new Thrown(error, awaited);
      this._loop._instrument?.taskWoken(this);
      this._loop._steps++;
      this._step();
    } else {
      this._awaited = new Thrown(error, awaited);
      this._stepEarly();
    }
  }

  /** Take the step that waits in the ready queue now: its place there no longer counts. */
  private _stepEarly(): void {
    this._cancelState ??= cancelState();
    this._cancelState.stale++;
    this._loop._steps++;
    this._step();
  }

  /** @internal Note what is waited for; a cancellation that is due goes straight to it. */
  _waitFor(awaited: WaitTarget): void {
    this._awaited = awaited;
    this._loop._instrument?.taskSuspended(this, awaited._kind, awaited._number);
    const state = this._cancelState;
    if (state?.pending === true && awaited.cancel(state.reason)) {
      state.pending = false;
    }
  }

  /** @internal */
  override _lastCancelReason(): string | undefined {
    return this._cancelState?.reason;
  }

  /**
   * @internal Wait for one pass: asyncio's bare yield. What is `given` is done already, and the task resumes with its
   * result.
   */
  _yieldTurn(given: WaitTarget | null = null): void {
    const loop = this._loop;
    this._awaited = given;
    loop._ready.push(this);
    loop._instrument?.taskYielded(this);
  }

  /** The first step, inside the step or callback that creates the task. */
  private _startEagerly(): void {
    const loop = this._loop;
    const { _currentTask: outer, _context: context, _stepOpen: open, _draining: draining } = loop;
    loop._draining = true;
    loop._openStepOf(this, this._context);
    loop._instrument?.taskStepped(this);
    startEagerly(this);
    loop._currentTask = outer;
    loop._context = context;
    loop._stepOpen = open;
    loop._draining = draining;
    if (outer !== null) {
      loop._instrument?.taskStepped(outer as Task<unknown>);
    }
  }

  /** @internal Its turn in the ready queue. */
  _run(): void {
    const state = this._cancelState;
    if (state !== null && state.stale > 0) {
      state.stale--;
      this._loop._steps--;
      return;
    }
    this._step();
  }

  /** One step: give the coroutine what it waited for, and run it to its next suspension. */
  private _step(): void {
    const loop = this._loop;
    loop._openStepOf(this, this._context);
    loop._instrument?.taskStepped(this);
    let failed = false;
    let value: unknown;
    const awaited = this._awaited;
    if (awaited !== null) {
      this._awaited = null;
      if (awaited._state === FINISHED) {
        value = awaited._value;
      } else if (awaited._state >= WOKEN || awaited instanceof Thrown) {
        this._stepWith(awaited);
        return;
      } else {
        failed = true;
        value = awaited._takeError();
      }
    }
    const state = this._cancelState;
    if (state?.pending === true) {
      state.pending = false;
      if (!(failed && value instanceof CancelledError)) {
        failed = true;
        value = new CancelledError(state.reason);
      }
    }
    resume(this, failed, value);
  }

  /** A step after a wait for what takes part in it, or after an interrupt. */
  private _stepWith(awaited: WaitTarget): void {
    const woken = awaited._state === WOKEN;
    let failed = !woken;
    let value: unknown = failed ? awaited._takeError() : undefined;
    const state = this._cancelState;
    if (state?.pending === true) {
      state.pending = false;
      if (!(failed && value instanceof CancelledError)) {
        failed = true;
        value = new CancelledError(state.reason);
      }
    }
    const operation = (awaited instanceof Thrown ? awaited.left : awaited) as Partial<Resumable> | null;
    try {
      if (failed) {
        failed = operation?._giveUp?.(this, value) !== true;
      } else {
        const outcome = (awaited as Resumable)._goOn(this);
        if (outcome === SUSPENDED) {
          this._loop._closeStep();
          return;
        }
        value = outcome === READY ? awaited._value : undefined;
      }
    } catch (error) {
      failed = true;
      value = error;
    }
    resume(this, failed, value);
  }

  /** @internal */
  _interpret(yielded: unknown): number {
    if (yielded === undefined) {
      this._yieldTurn();
      return SUSPENDED;
    }
    pushFrame(this, openCoroutine(yielded, "yield"));
    return CALLED;
  }

  /** @internal A task that waits for itself would never end: asyncio says so one pass later. */
  override _enter(task: Driven): number {
    return (task as unknown) === this ? this._refuse(task, `Task cannot await on itself: ${this}`) : super._enter(task);
  }

  /** @internal The last coroutine ended: with a value, or by throwing. */
  _end(failed: boolean, value: unknown): void {
    const state = this._cancelState;
    if (failed && !(value instanceof CancelledError)) {
      this._fail(value);
    } else if (failed) {
      this._settle(CANCELLED, value);
    } else if (state?.pending === true) {
      state.pending = false;
      this._settle(CANCELLED, state.reason);
    } else {
      this._settle(FINISHED, value);
    }
    this._leave();
    this._loop._closeStep();
  }

  /** @internal End with `error` while the coroutine is stuck in the real world; it is never resumed. */
  _abandon(error: unknown): void {
    this._coroutine = null;
    this._callers = null;
    this._resume = null;
    this._fail(error);
    this._leave();
  }

  /**
   * @internal End as if cancelled, for the machine that it ran on is no more: not a line of the coroutine runs any
   * more.
   */
  _kill(reason: string): void {
    const awaited = this._awaited;
    if (awaited?._kind === "sleep" && awaited.cancel()) {
      awaited._takeError();
    }
    this._coroutine = null;
    this._callers = null;
    this._resume = null;
    this._settle(CANCELLED, reason);
    this._leave();
  }

  /** @internal */
  override _report(): string | null {
    if (this._state === PENDING) {
      return this._place instanceof OwnersPlace ? null : `Task was destroyed but it is pending!\ntask: ${this}`;
    }
    return this._state === FAILED_UNSEEN ? `Task exception was never retrieved\nfuture: ${this}` : null;
  }

  /** @internal */
  override _reportedPlace(): string | undefined {
    return (this._state === PENDING ? undefined : super._reportedPlace()) ?? this.createdAt();
  }

  protected override _stateText(): string {
    const state = super._stateText();
    const [first] = state.split(" ", 1) as [string];
    const rest = state.slice(first.length);
    const word = first === "pending" && this.cancelling() > 0 ? "cancelling" : first;
    const waiting =
      this._awaited === null || this._awaited === START ? "" : ` wait_for=${this._awaitedText(this._awaited)}`;
    return `${word} name='${this.getName()}' coro=<${this._of}()>${waiting}${rest}`;
  }

  private _awaitedText(awaited: WaitTarget): string {
    beingDescribed.push(this);
    try {
      return beingDescribed.includes(awaited) || beingDescribed.length > MOST_BEING_DESCRIBED ? "..." : String(awaited);
    } finally {
      beingDescribed.pop();
    }
  }

  private _leave(): void {
    this._loop._unregister(this);
    const instrument = this._loop._instrument;
    if (instrument === null) {
      return;
    }
    if (this._state === FINISHED) {
      instrument.taskEnded(this, "finished");
    } else if (this._state === CANCELLED) {
      instrument.taskEnded(this, "cancelled");
    } else {
      instrument.taskEnded(this, "failed", this._value);
    }
  }
}
