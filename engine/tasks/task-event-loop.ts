import { describeValue } from "../base/describe.ts";
import { DeadlockError, ForeignAwaitError, LimitError, RuntimeError, type WaitingTask } from "../base/errors.ts";
import { NO_OPTIONS } from "../base/require-options.ts";
import type { Runnable } from "../base/runnable.ts";
import { BaseEventLoop } from "../loop/base-event-loop.ts";
import { Handle } from "../loop/handle.ts";
import { generatorPlaces } from "../loop/host-inspector.ts";
import { type LoopOptions, STEPS_PER_INSTANT } from "../loop/options.ts";
import { capturePlace, RECORDED_PLACES } from "../loop/place.ts";
import { watchAsyncGenerators } from "./async-generators.ts";
import type { Context } from "./context.ts";
import { type CoroutineLike, describeNonCoroutine, iscoroutine } from "./coroutine.ts";
import type { Settlers } from "./drive.ts";
import { Future } from "./future.ts";
import { PurposefulFuture } from "./purposeful-future.ts";
import { Task } from "./task.ts";
import type { Reportable, TaskLoop } from "./task-loop.ts";
import type { TaskOptions } from "./task-options.ts";
import { beginNoting, type WaitPlaces } from "./wait-places.ts";

/** Makes a task of a coroutine. @see asyncio `loop.set_task_factory` */
export type TaskFactory = <T>(loop: TaskEventLoop, coroutine: CoroutineLike<T>, options: TaskOptions) => Task<T>;

/**
 * A task factory whose tasks run their first step at once, as far as {@link TaskOptions.eagerStart} can.
 *
 * @see asyncio.eager_task_factory
 */
export const eagerTaskFactory: TaskFactory = (loop, coroutine, options) =>
  new Task(loop, coroutine, { ...options, eagerStart: true });

/** How many tasks, and how many callbacks, a report of a run that stands still names. */
const MOST_NAMED = 8;

/** An event loop that runs tasks. */
export class TaskEventLoop extends BaseEventLoop implements TaskLoop {
  _currentTask: Task<unknown> | null = null;
  _settlers: Settlers | null = null;
  readonly _failures: Reportable[] = [];
  readonly _unstarted = new Set<Reportable>();
  readonly _openGenerators = new Set<AsyncGenerator>();

  /** A deadlock whose places are not known yet. */
  private _unlocated: { error: DeadlockError; tasks: readonly Task<unknown>[] } | null = null;
  _waitPlaces: WaitPlaces | null = null;
  private _firstTask: Task<unknown> | null = null;
  private _lastTask: Task<unknown> | null = null;
  private _taskFactory: TaskFactory | null = null;
  private _taskNumber = 0;
  private _coroutineNumber = 0;
  private _places = 0;

  constructor(options?: LoopOptions) {
    super(options);
    watchAsyncGenerators();
  }

  /**
   * Run `coroutine` as a task; its first step comes in the next pass.
   *
   * @throws TypeError if it is not a coroutine, and for unknown options; RuntimeError if it is in use already, or the
   * loop is closed.
   * @see asyncio `loop.create_task`
   */
  createTask<T>(coroutine: CoroutineLike<T>, options: TaskOptions = NO_OPTIONS): Task<T> {
    this._requireOpen();
    if (this._taskFactory !== null) {
      return this._taskFactory(this, coroutine, options);
    }
    return new Task(this, coroutine, options, this._recordPlace());
  }

  /**
   * Replace what makes the tasks of `createTask`; `null` brings the default back.
   *
   * @throws TypeError if `factory` is neither a function nor null. @see asyncio `loop.set_task_factory`
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== "function") {
      throw new TypeError(`setTaskFactory: expected a function or null, got ${describeValue(factory)}`);
    }
    this._taskFactory = factory;
  }

  /** What {@link setTaskFactory} set, or `null`. @see asyncio `loop.get_task_factory` */
  getTaskFactory(): TaskFactory | null {
    return this._taskFactory;
  }

  /** A future of this loop. @see asyncio `loop.create_future` */
  createFuture<T>(): Future<T> {
    return new Future<T>(this);
  }

  /** @internal A future that traces call `kind`, as in `"connect"`. */
  _futureFor<T>(kind: string): Future<T> {
    return new PurposefulFuture<T>(this, kind);
  }

  /**
   * Run until `main` is done; the loop stops at the end of the pass after that.
   *
   * @param main - A future, or a coroutine, of which a task is made.
   * @returns Its result.
   * @throws what it failed with; DeadlockError if it can never be done; RuntimeError if the loop is running, is closed,
   * or was stopped before; RangeError for a future of another loop; TypeError if `main` is neither future nor
   * coroutine.
   * @see asyncio `loop.run_until_complete`
   */
  async runUntilComplete<T>(main: Future<T> | CoroutineLike<T>): Promise<T> {
    this._requireRunnable();
    const isNew = !(main instanceof Future);
    if (isNew && !iscoroutine(main)) {
      throw new TypeError(`runUntilComplete: a future or a coroutine was expected, got ${describeNonCoroutine(main)}`);
    }
    if (!isNew && main.getLoop() !== this) {
      throw new RangeError(`runUntilComplete: ${main} belongs to a different loop than ${this}`);
    }
    // The place of the main task is known anyway: a stack costs as much as a whole short run.
    const future: Future<T> = isNew ? new Task(this, main) : main;
    if (isNew) {
      (future as Task<T>)._leaveToOwner();
    }
    const stop = (): void => {
      future._markSeen();
      this.stop();
    };
    future.addDoneCallback(stop);
    try {
      await this.runForever();
    } catch (error) {
      if (isNew) {
        future._markSeen();
      }
      throw error;
    } finally {
      future.removeDoneCallback(stop);
    }
    if (!future.done() && this._ranDry) {
      throw this._deadlock(this._waitingTasks());
    }
    if (!future.done()) {
      throw new RuntimeError(`Event loop stopped before Future completed: ${future}`);
    }
    return future.result();
  }

  /** The tasks that are not done, in order of creation. @see asyncio.all_tasks */
  allTasks(): Task<unknown>[] {
    const tasks: Task<unknown>[] = [];
    for (let task = this._firstTask; task !== null; task = task._next) {
      tasks.push(task);
    }
    return tasks;
  }

  /**
   * @internal Report in order of creation: coroutines that never began, unretrieved failures, tasks
   * that are still pending. Python says so when the garbage collector finds them; a simulation says so at its end.
   */
  _reportNeglected(): void {
    const neglected: Reportable[] = [...this._unstarted, ...this._failures.splice(0)];
    if (!this._wasCutOff) {
      neglected.push(...this.allTasks());
    }
    neglected.sort((a, b) => a.id - b.id);
    for (const each of neglected) {
      const report = each._report();
      if (report !== null) {
        this._reportError(report, each._reportedPlace?.());
      }
    }
  }

  _nextTaskNumber(): number {
    return ++this._taskNumber;
  }

  _nextCoroutineNumber(): number {
    return this._coroutineNumber++;
  }

  /** @internal Note where a task is created: the call of the function `above`. A stack costs as much as many steps. */
  _recordPlace(above: unknown = this.createTask): object | null {
    return this._places++ < RECORDED_PLACES ? capturePlace(above) : null;
  }

  /** @internal Note no places: those of all tasks are unknown. */
  _omitPlaces(): void {
    this._places = RECORDED_PLACES;
  }

  _register(task: Task<unknown>): void {
    task._previous = this._lastTask;
    if (this._lastTask === null) {
      this._firstTask = task;
    } else {
      this._lastTask._next = task;
    }
    this._lastTask = task;
  }

  _unregister(task: Task<unknown>): void {
    if (task._previous === null) {
      this._firstTask = task._next;
    } else {
      task._previous._next = task._next;
    }
    if (task._next === null) {
      this._lastTask = task._previous;
    } else {
      task._next._previous = task._previous;
    }
    task._previous = null;
    task._next = null;
  }

  _openStepOf(task: Task<unknown>, context: object | null): void {
    this._currentTask = task;
    this._context = context;
    this._stepOpen = true;
  }

  _closeStep(): void {
    if (this._context !== null) {
      this._currentTask!._keepContext(this._context);
    }
    this._currentTask = null;
    this._stepOpen = false;
  }

  override _copyContext(): object | null {
    return this._context === null ? null : (this._context as Context).copy();
  }

  override _waitingTasks(): WaitingTask[] {
    return this.allTasks().map((task) => ({
      name: task.getName(),
      waitsFor: task._waitsFor(),
      createdAt: task.createdAt(),
    }));
  }

  override _deadlock(waiting: readonly WaitingTask[]): DeadlockError {
    const error = new DeadlockError(this.time(), waiting);
    // A second one comes from tasks that wait for ever while they are cancelled.
    this._unlocated ??= { error, tasks: this.allTasks() };
    this._waitPlaces ??= beginNoting();
    return error;
  }

  override _standstillError(turning: readonly Runnable[]): LimitError {
    const tasks = turning.filter((item): item is Task<unknown> => item instanceof Task).slice(0, MOST_NAMED);
    const places = generatorPlaces(tasks.map((task) => task._coroutine ?? task));
    const handles = [...new Set(turning.filter((item) => item instanceof Handle).map(String))].slice(0, MOST_NAMED);
    const told = (place: (i: number) => string): string =>
      `virtual time stands still at ${this.time()} s: more than maxStepsPerInstant = ${this._options.maxStepsPerInstant ?? STEPS_PER_INSTANT} steps without time. What runs again and again:` +
      tasks.map((task, i) => `\n  ${task.getName()}, which waits for ${task._waitsFor()}${place(i)}`).join("") +
      handles.map((handle) => `\n  ${handle}`).join("");
    return new LimitError(
      told((i) => (places[i] === undefined ? "" : `\n    at ${places[i]}`)),
      told(() => ""),
    );
  }

  /** @internal The tasks that were left have been cancelled: complete a {@link DeadlockError} by where they waited. */
  _locateDeadlock(): void {
    const places = this._waitPlaces;
    if (this._unlocated !== null && places !== null) {
      const { error, tasks } = this._unlocated;
      this._unlocated = null;
      this._waitPlaces = null;
      error._locate(tasks.map((task) => places.of(task)));
    }
  }

  /** Where the coroutine of the open step stands, or else where its task was created, in parentheses. */
  private _placeOfOpenStep(task: Task<unknown>): string {
    const [standsAt] = task._coroutine === null ? [] : generatorPlaces([task._coroutine]);
    const createdAt = task.createdAt();
    const places = [
      standsAt === undefined ? [] : [`at ${standsAt}`],
      createdAt === undefined ? [] : [`created at ${createdAt}`],
    ].flat();
    return places.length === 0 ? "" : ` (${places.join(", ")})`;
  }

  override _failOpenStep(isHopeless: boolean): Error {
    const task = this._currentTask!;
    const place = this._placeOfOpenStep(task);
    const told = (where: string): string =>
      isHopeless
        ? `${task.getName()}${where} awaits something that can never happen, at ${this.time()} s of virtual time: the process has nothing left to do. A promise that ` +
          "another task resolves is one such thing; use a future of simloop's instead, and await a coroutine with yield*"
        : `${task.getName()}${where} awaits something of the real world, such as a promise, a ` +
          `timer or another run, at ${this.time()} s of virtual time, which cannot wait for it; use simloop's sleep, futures and network, await a ` +
          `coroutine with yield*, or, with run and simulate, take the option realAwait: "allow"`;
    const error = new ForeignAwaitError(told(place), told(""));
    this._currentTask = null;
    task._abandon(error);
    task._markSeen();
    return error;
  }
}
