import { describeValue } from "../base/describe.ts";
import { type DeadlockError, ForeignCallError, LimitError, RuntimeError, type WaitingTask } from "../base/errors.ts";
import type { Runnable } from "../base/runnable.ts";
import { passBaton, takeBaton } from "./baton.ts";
import { type DrivenLoop, type Driver, installedDriver } from "./driver.ts";
import { afterHostTurn, beforeHostExits, hostMilliseconds } from "./host.ts";
import type { LoopCore } from "./loop-core.ts";
import { checkedOptions, type LoopOptions } from "./options.ts";
import { type Bounds, beginRun, HorizonReached, type Run } from "./run-in-progress.ts";
import { peekRunning, setRunning } from "./running.ts";
import { Scheduler } from "./scheduler.ts";
import { inScope, watchScopes } from "./scope.ts";
import { StandstillGuard } from "./standstill.ts";
import { UrgentLane } from "./urgent-lane.ts";
import { Watchdog } from "./watchdog.ts";

/** Steps between two looks at the host's clock, and how long the host may go without a turn. */
const STEPS_PER_LOOK = 1024;
const MILLISECONDS_PER_TURN = 10;

/**
 * The heart of the event loop: passes and runs, by one synchronous drain.
 *
 * Invariants:
 * 1. one pass runs the handles that are ready at its start, in order; what they schedule waits for the next pass;
 * 2. virtual time moves only between passes, when nothing is ready, and exactly onto the next event;
 * 3. at most one step is open; while it is, `_drain` is not running and will be called by the end of that step;
 * 4. a run holds the baton from its first step to its last.
 *
 * @see asyncio `BaseEventLoop._run_once`
 */
export abstract class BaseEventLoop extends Scheduler implements LoopCore, DrivenLoop {
  /** @internal What runs the steps instead of `_drain`, if anything does. */
  _driver: Driver | null = null;
  _stepOpen = false;
  _draining = false;

  private _passLeft = 0;
  private _horizon = Number.POSITIVE_INFINITY;
  protected _stopping = false;
  private _cutOff = false;
  private _failure: Error | null = null;
  /** Set during a run whose steps may wait for the host. */
  private _stopWaitingForExit: (() => void) | null = null;
  protected _active: Run | null = null;
  /** @internal The last run ended because nothing was left that could happen. */
  _ranDry = false;
  /** A pass of the present run is over; `stop()` before a run lets one pass happen. */
  protected _passDone = false;
  private _nextLook = 0;
  private _lastTurn = 0;
  private _foreignCall: ForeignCallError | null = null;
  private readonly _watchdog: Watchdog;
  private _urgent: UrgentLane | null = null;
  private readonly _standstill: StandstillGuard;
  private readonly _maxSteps: number;
  private readonly _maxTime: number;
  private readonly _mayAwaitReal: boolean;

  constructor(options: LoopOptions = {}) {
    super(options);
    const { realAwait, maxSteps, maxStepsPerInstant, maxTime } = checkedOptions(options);
    this._standstill = new StandstillGuard(maxStepsPerInstant);
    this._maxSteps = maxSteps;
    this._maxTime = maxTime;
    this._mayAwaitReal = realAwait === "allow";
    this._watchdog = new Watchdog(this);
  }

  /** @internal The time that the clock of the machine shows on which the present code runs. */
  _localTime(): number {
    return this._time;
  }

  /** Steps of tasks and callbacks that have run so far. */
  get steps(): number {
    return this._steps;
  }

  /**
   * Run until `stop()` is called, or until nothing is left that could happen.
   *
   * @throws DeadlockError if nothing can happen any more while tasks still wait; LimitError, ForeignAwaitError.
   * @see asyncio `loop.run_forever`, which would wait for ever for the outside world
   */
  runForever(): Promise<void> {
    return this._startRun({});
  }

  /**
   * Run everything that is due up to and including the instant `time`, then leave the clock at it.
   *
   * @param time - Seconds of the loop's clock; not before the present.
   * @throws RangeError if `time` is NaN or past.
   * @see SimPy `Environment.run(until)`. Differs: what is due exactly at `time` runs.
   */
  async runUntil(time: number): Promise<void> {
    if (!(time >= this._time)) {
      throw new RangeError(`runUntil: expected a time from ${this._time} s (now) on, got ${describeValue(time)}`);
    }
    await this._startRun({ until: time });
  }

  /**
   * Run everything that is due within the next `seconds`, then leave the clock there.
   *
   * @throws RangeError if they are NaN or negative.
   * @see {@link runUntil}
   */
  async advance(seconds: number): Promise<void> {
    if (!(seconds >= 0)) {
      throw new RangeError(`advance: expected seconds that are not negative, got ${describeValue(seconds)}`);
    }
    await this.runUntil(this._time + seconds);
  }

  /**
   * Run one pass: move the clock to the next event if nothing is ready, then run what is ready.
   *
   * @see asyncio `_run_once`
   */
  runOnce(): Promise<void> {
    return this._startRun({ onePass: true });
  }

  /** Run one event: a single step of a task or a single callback. @see SimPy `Environment.step` */
  step(): Promise<void> {
    return this._startRun({ atStep: this._steps + 1 });
  }

  /**
   * End the current run after the present pass; the next run, at its first pass, if none is current.
   *
   * @see asyncio `loop.stop`
   */
  stop(): void {
    this._stopping = true;
  }

  /** Whether a run is in progress. @see asyncio `loop.is_running` */
  isRunning(): boolean {
    return this._active !== null;
  }

  /**
   * Close the loop: it runs nothing more, and scheduling on it is an error. Closing twice does nothing.
   *
   * @throws RuntimeError if the loop is running.
   * @see asyncio `loop.close`
   */
  close(): void {
    if (this._active !== null) {
      throw new RuntimeError(`cannot close a running event loop: ${this}; stop it first`);
    }
    this._markClosed();
  }

  override toString(): string {
    const state = `running=${this.isRunning()} closed=${this.isClosed()}`;
    return `<${this.constructor.name} ${state} time=${this._time}>`;
  }

  /** @internal Leave the steps of all runs to the driver of this process, if there is one. */
  _useDriver(): void {
    this._driver = this._mayAwaitReal ? null : installedDriver();
  }

  /** @internal */
  _driveStep(): boolean {
    this._draining = true;
    setRunning(this);
    try {
      while (this._passLeft === 0) {
        if (!this._nextPass()) {
          return false;
        }
      }
      if (this._steps >= this._nextLook && !this._look()) {
        return false;
      }
      this._passLeft--;
      this._steps++;
      this._ready.shift()!._run();
      return true;
    } catch (error) {
      this._cutOffRun(error);
      return false;
    }
  }

  /**
   * @internal The world stops at the instant `time`: a run that gets there fails with {@link HorizonReached}, and
   * nothing runs afterwards.
   */
  _stopWorldAt(time: number): void {
    this._horizon = time;
  }

  /** @internal Call `callback` as if this loop were running, so that what it makes belongs to this loop. */
  _within<T>(callback: () => T): T {
    const other = peekRunning();
    setRunning(this);
    try {
      return callback();
    } finally {
      setRunning(other);
    }
  }

  /** @internal Whether the last run was broken off in a state that no further step may touch. */
  get _wasCutOff(): boolean {
    return this._cutOff;
  }

  /** @internal The tasks that wait, for a {@link DeadlockError}. */
  abstract _waitingTasks(): readonly WaitingTask[];

  /**
   * @internal The error of a run that takes too many steps at one instant.
   * @param turning - What runs again and again.
   */
  abstract _standstillError(turning: readonly Runnable[]): LimitError;

  /** @internal The error of a run in which nothing can happen any more while `waiting` wait. */
  abstract _deadlock(waiting: readonly WaitingTask[]): DeadlockError;

  /**
   * @internal The open step waits for the real world: end its task.
   *
   * @param isHopeless - The host has nothing left to do, so that what the step waits for can never happen.
   * @returns The error that ends the run.
   */
  abstract _failOpenStep(isHopeless: boolean): Error;

  /**
   * @internal Whether the pass is over with the handle that runs now, and the next one would hold nothing but what that
   * wakes. Its caller may then run that at once, as a step of its own, which is counted here: the result is the same,
   * and a round through the queue is saved.
   */
  _beginsNextPass(): boolean {
    if (
      this._ready.length > 0 ||
      this._ordering !== null ||
      this._stopping ||
      this._steps >= this._nextLook ||
      this._active!.onePass ||
      !this._nothingElseDue()
    ) {
      return false;
    }
    this._steps++;
    return true;
  }

  /** @internal Let `item` run before all that is ready, behind what is urgent already. */
  _urge(item: Runnable): void {
    this._urgent ??= new UrgentLane(this);
    this._urgent.add(item);
  }

  /** @internal Put `item` at the head of the ready queue: it runs in the present pass. */
  _putFirst(item: Runnable): void {
    this._ready.unshift(item);
    this._passLeft++;
  }

  /**
   * @internal Run `item` as the last act of a handle, as a step of its own; where an ordering policy chooses, it stands
   * first in the queue.
   */
  _runNext(item: Runnable): void {
    if (this._ordering !== null || this._steps >= this._nextLook) {
      this._putFirst(item);
    } else {
      this._steps++;
      item._run();
    }
  }

  /** @internal */
  _openStep(): number {
    return this._stepOpen && this._active !== null ? this._steps : 0;
  }

  /** @internal */
  _onForeignAwait(): void {
    this._cutOffRun(this._failOpenStep(false));
    this._stepOpen = false;
  }

  /** The host is about to exit in the middle of a run: what the open step waits for can never happen. */
  private _onHostIdle(): void {
    if (this._stepOpen && this._active !== null) {
      this._cutOffRun(this._failOpenStep(true));
      this._stepOpen = false;
    }
  }

  private async _startRun(how: Bounds): Promise<void> {
    this._requireRunnable();
    const { run, ended } = beginRun(how);
    this._active = run;
    const begin = (): void => {
      if (takeBaton(this, () => this._enterRun(run))) {
        this._enterRun(run);
      }
    };
    this._driver === null ? begin() : this._driver.whenFree(this, begin);
    await ended;
  }

  /** @internal @throws RuntimeError if no run can begin now. */
  _requireRunnable(): void {
    if (this._active !== null) {
      throw new RuntimeError(`This event loop is already running: ${this}`);
    }
    this._requireOpen();
    const other = peekRunning() as BaseEventLoop | null;
    if (other?._draining === true) {
      throw nestedRunError(other);
    }
  }

  private _enterRun(run: Run): void {
    if (this._active !== run) {
      passBaton();
      return;
    }
    this._lastTurn = hostMilliseconds();
    this._nextLook = this._steps;
    this._passDone = this._passLeft > 0;
    this._ranDry = false;
    if (this._mayAwaitReal) {
      this._stopWaitingForExit = beforeHostExits(() => this._onHostIdle());
    }
    const driver = this._driver;
    inScope(this, driver === null ? this._drainNow : () => driver.drive(this));
  }

  protected readonly _drainNow = (): void => this._drain();

  /** @param failure - What the run failed with, which may be `undefined` itself. */
  private _endRun(failure: { readonly error: unknown } | null = null): void {
    const run = this._active;
    this._active = null;
    this._stopping = false;
    this._draining = false;
    this._stopWaitingForExit?.();
    this._stopWaitingForExit = null;
    setRunning(null);
    passBaton();
    if (failure === null) {
      run?.resolve();
    } else {
      run?.reject(failure.error);
    }
  }

  /** @internal End the run in the middle of things; nothing of this loop may run afterwards. */
  _cutOffRun(error: unknown): void {
    this._cutOff = true;
    if (this._stepOpen) {
      // Its coroutine is stuck in the real world, and may wake up in the middle of another run.
      watchScopes();
    }
    this._endRun({ error });
  }

  _drain(): void {
    this._draining = true;
    setRunning(this);
    try {
      while (this._runSome()) {}
    } catch (error) {
      this._cutOffRun(error);
    }
  }

  /**
   * Run what is ready up to the next look, pass after pass; false when the drain is over. Short, so that V8 soon enters
   * its optimized code.
   */
  private _runSome(): boolean {
    for (;;) {
      while (this._passLeft === 0) {
        if (!this._nextPass()) {
          return false;
        }
      }
      if (this._steps >= this._nextLook) {
        return this._look();
      }
      this._passLeft--;
      this._steps++;
      this._ready.shift()!._run();
      if (this._stepOpen) {
        this._draining = false;
        if (!this._mayAwaitReal) {
          this._watchdog.arm();
        }
        return false;
      }
    }
  }

  /** @internal */
  _failBy<E extends Error>(error: E): E {
    this._failure ??= error;
    this._passLeft = 0;
    return error;
  }

  /** Prepare the next pass; false when the run has ended. */
  protected _nextPass(): boolean {
    const run = this._active!;
    if (this._failure !== null) {
      throw this._failure;
    }
    if (this._steps >= run.atStep) {
      this._endRun();
      return false;
    }
    if (this._passDone && (this._stopping || run.onePass)) {
      this._passDone = false;
      this._endRun();
      return false;
    }
    this._passDone = true;
    this._ordering?.passEnded();
    this._dropCancelledTimers();
    if (this._ready.length === 0 && !this._stopping && !this._moveClock(run)) {
      this._passDone = false;
      return false;
    }
    this._queueDue();
    this._passLeft = this._ready.length;
    return true;
  }

  /** Move virtual time to the next event; false when there is none that this run may reach, and the run has ended. */
  private _moveClock(run: Run): boolean {
    const next = this._nextEvent();
    if (next > this._horizon) {
      this._setTime(this._horizon);
      throw new HorizonReached(`the simulation ends at ${this._horizon} s`);
    }
    if (next > run.until || next === Number.POSITIVE_INFINITY) {
      this._endOfEvents(run);
      return false;
    }
    if (next > this._time) {
      if (next > this._maxTime) {
        throw new LimitError(
          `virtual time would pass maxTime: the next event is at ${next} s, the limit is ${this._maxTime} s`,
        );
      }
      this._setTime(next);
    }
    return true;
  }

  private _endOfEvents(run: Run): void {
    if (run.until !== Number.POSITIVE_INFINITY) {
      this._setTime(run.until);
      this._endRun();
      return;
    }
    this._ranDry = true;
    const waiting = this._waitingTasks();
    if (waiting.length === 0) {
      this._endRun(null);
      return;
    }
    const error = this._deadlock(waiting);
    this._endRun({ error: this._driver?.deadlock(this, error) ?? error });
  }

  /** Look up between two steps: limits, the host's turn; false when the drain must not go on. */
  private _look(): boolean {
    const run = this._active!;
    if (this._steps >= run.atStep) {
      this._endRun();
      return false;
    }
    if (this._steps >= this._maxSteps) {
      throw new LimitError(
        `the run would take more than maxSteps = ${this._maxSteps} steps (virtual time ${this._time} s)`,
      );
    }
    const left = this._standstill.look(this._time, this._steps, this._ready);
    if (left === 0) {
      throw this._standstillError(this._standstill.turning());
    }
    this._nextLook = Math.min(this._steps + Math.min(STEPS_PER_LOOK, left), this._maxSteps, run.atStep);
    if (this._options.signal?.aborted === true) {
      this._cutOffRun(this._options.signal.reason);
      return false;
    }
    if (this._driver !== null || hostMilliseconds() - this._lastTurn < MILLISECONDS_PER_TURN) {
      return true;
    }
    this._letHostBreathe();
    return false;
  }

  private _letHostBreathe(): void {
    this._draining = false;
    setRunning(null);
    const ready = this._ready.length;
    const lastId = this._lastId();
    this._isAway = !this._takesForeignCalls;
    afterHostTurn(() => {
      this._lastTurn = hostMilliseconds();
      const wasActedOn = this._isAway && (this._ready.length !== ready || this._lastId() !== lastId);
      this._isAway = false;
      try {
        if (wasActedOn || this._foreignCall !== null) {
          throw this._foreignCall ?? foreignCallError();
        }
        this._options.onProgress?.({ time: this._time, steps: this._steps });
      } catch (error) {
        this._cutOffRun(error);
        return;
      }
      this._drain();
    });
  }

  /** Whether the real world may act on the loop between two steps. */
  protected get _takesForeignCalls(): boolean {
    return false;
  }

  protected override _refuseForeignCall(): never {
    this._foreignCall ??= foreignCallError();
    throw this._foreignCall;
  }
}

const foreignCallError = (): ForeignCallError =>
  new ForeignCallError(
    "the real world (a timer, a promise or an event of the host) acted on the simulation between two of its steps; what happens in a simulation " +
      "must not depend on real time: use sleep(), callLater() or the simulated network, or run the program with runReal()",
  );

const nestedRunError = (other: BaseEventLoop): RuntimeError =>
  new RuntimeError(
    `cannot run an event loop while another is running: ${other}; inside a coroutine, await the coroutine itself with yield*`,
  );
