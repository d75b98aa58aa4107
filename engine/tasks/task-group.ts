import { describeValue } from "../base/describe.ts";
import { CancelledError, RuntimeError } from "../base/errors.ts";
import { type BlockCallback, beginBlock, requireBlockCallback } from "./block-callback.ts";
import { type CoroutineLike, CoroutineObject } from "./coroutine.ts";
import { runningTaskLoop } from "./current.ts";
import { ExceptionGroup } from "./exception-group.ts";
import type { Future } from "./future.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";
import type { Task } from "./task.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";
import type { TaskOptions } from "./task-options.ts";
import { noteWaitPlace } from "./wait-places.ts";

/** A coroutine that is refused will never be awaited, and that is known. */
const closeCoroutine = (coroutine: unknown): void => {
  if (coroutine instanceof CoroutineObject) {
    coroutine.close();
  }
};

/**
 * A group of tasks that end together: its block ends when all of them have, and the first that fails cancels the
 * others.
 *
 * @see asyncio.TaskGroup. Differs: made by {@link taskGroup}, whose callback is given it.
 */
export class TaskGroup {
  private readonly _loop: TaskEventLoop;
  private readonly _parent: Task<unknown>;
  private readonly _tasks = new Set<Task<unknown>>();
  private readonly _errors: unknown[] = [];
  private _exiting = false;
  private _aborting = false;
  private _parentCancelRequested = false;
  private _allDone: Future<void> | null = null;

  constructor(loop: TaskEventLoop, parent: Task<unknown>) {
    if (typeof (loop as TaskEventLoop | undefined)?._register !== "function") {
      throw new TypeError(`TaskGroup: expected the running loop, got ${describeValue(loop)}; call taskGroup(callback)`);
    }
    this._loop = loop;
    this._parent = parent;
    loop._ordering?.made(this);
    loop._ordering?.internalCallback?.(this._onTaskDone);
  }

  /**
   * Run `coroutine` as a task of this group.
   *
   * @throws RuntimeError if the group has ended or is shutting down; TypeError if it is not a coroutine, and for
   * unknown options.
   * @see asyncio.TaskGroup.create_task
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T> {
    if (this._aborting || (this._exiting && this._tasks.size === 0)) {
      closeCoroutine(coroutine);
    }
    if (this._exiting && this._tasks.size === 0) {
      throw new RuntimeError(`${this} is finished: create tasks inside its block`);
    }
    if (this._aborting) {
      throw new RuntimeError(`${this} is shutting down, because a task failed or the block was left with an error`);
    }
    // Within the block to count up and down commutes; at its end a task that comes too late is refused.
    this._loop._ordering?.touched(this, this._exiting ? "w" : "c");
    const task = this._loop.createTask(coroutine, options);
    // Also if an eager start has ended it: a failure that arrives in the middle of the block would cancel the parent
    // too early.
    this._tasks.add(task as Task<unknown>);
    task.addDoneCallback(this._onTaskDone);
    return task;
  }

  toString(): string {
    const state = this._aborting ? "cancelling" : this._exiting ? "exiting" : "entered";
    return `<TaskGroup tasks=${this._tasks.size} errors=${this._errors.length} ${state}>`;
  }

  /** @internal The block: the callback, then the wait for all tasks. */
  *_block<T>(callback: BlockCallback<[TaskGroup], T>): Steps<T> {
    let result: T | undefined;
    let failed = false;
    let error: unknown;
    try {
      result = (yield beginBlock(callback, this)) as T;
    } catch (caught) {
      noteWaitPlace();
      failed = true;
      error = caught;
    }
    yield* this._exit(failed, error);
    if (failed) {
      throw error;
    }
    return result as T;
  }

  private *_exit(failed: boolean, error: unknown): Steps<void> {
    this._loop._ordering?.touched(this, "w");
    this._exiting = true;
    let cancellation: CancelledError | null = error instanceof CancelledError ? error : null;
    if (failed && !this._aborting) {
      this._abort();
    }
    cancellation = yield* this._waitForTasks(cancellation);
    if (this._parentCancelRequested && this._parent.uncancel() === 0) {
      // The cancellation of the parent was ours alone; it has done its work.
      cancellation = null;
    }
    if (cancellation !== null && this._errors.length === 0) {
      throw cancellation;
    }
    if (failed && !(error instanceof CancelledError)) {
      this._errors.push(error);
    }
    if (this._errors.length > 0) {
      if (this._parent.cancelling() > 0) {
        // The parent is to be cancelled all the same: its next await says so.
        this._parent.uncancel();
        this._parent.cancel();
      }
      throw new ExceptionGroup(this._errors, "unhandled errors in a TaskGroup");
    }
  }

  /**
   * Wait until no task is left.
   *
   * @returns The cancellation to pass on: the one given, or the one from outside that ended the group.
   */
  private *_waitForTasks(given: CancelledError | null): Steps<CancelledError | null> {
    let cancellation = given;
    while (this._tasks.size > 0) {
      this._allDone ??= this._loop._futureFor<void>("TaskGroup");
      try {
        yield this._allDone;
      } catch (error) {
        noteWaitPlace();
        if (!(error instanceof CancelledError)) {
          // An interrupt: the group fails with it.
          this._errors.push(error);
          this._abort();
        } else if (!this._aborting) {
          cancellation = error;
          this._abort();
        }
      }
      this._allDone = null;
    }
    return cancellation;
  }

  private _abort(): void {
    this._aborting = true;
    for (const task of this._tasks) {
      if (!task.done()) {
        task.cancel();
      }
    }
  }

  private readonly _onTaskDone = (task: Task<unknown>): void => {
    const hasFailed = !task.cancelled() && task._hasFailed();
    // Only of failures it matters which comes first.
    this._loop._ordering?.touched(this, hasFailed ? "w" : "c");
    if (this._allDone !== null) {
      this._loop._ordering?.touched(this._allDone, "c");
    }
    this._tasks.delete(task);
    if (this._tasks.size === 0 && this._allDone?.done() === false) {
      this._allDone.setResult();
    }
    if (hasFailed) {
      this._onTaskFailed(task, task.exception());
    }
  };

  private _onTaskFailed(task: Task<unknown>, exception: unknown): void {
    this._errors.push(exception);
    if (this._parent.done()) {
      this._loop.callExceptionHandler({
        message: `Task ${task} has errored out but its parent task ${this._parent} is already completed`,
        exception,
        task,
      });
    } else if (!this._aborting && !this._parentCancelRequested) {
      this._abort();
      this._parentCancelRequested = true;
      this._parent.cancel();
    }
  }
}

function* groupSteps<T>(callback: BlockCallback<[TaskGroup], T>): Steps<T> {
  const loop = runningTaskLoop();
  const parent = loop._currentTask;
  if (parent === null) {
    throw new RuntimeError("taskGroup cannot determine the parent task: it should be used inside a task");
  }
  return yield* new TaskGroup(loop, parent)._block(callback);
}

/**
 * Run `callback` in the present task, and end when all tasks that were created in the group have ended.
 *
 * When one of them fails, the others and the callback are cancelled, and the block ends with an {@link ExceptionGroup}
 * of all errors.
 *
 * ```ts
 * yield* taskGroup(async function* (group) {
 *   group.createTask(worker("a"));
 *   group.createTask(worker("b"));
 * });
 * ```
 *
 * @param callback - A coroutine function, which is given the {@link TaskGroup}.
 * @returns What the callback returned.
 * @throws TypeError at the call if `callback` is none; when awaited, ExceptionGroup, or CancelledError if it was
 * cancelled from outside.
 * @see asyncio.TaskGroup
 */
export function taskGroup<T>(callback: BlockCallback<[TaskGroup], T>): Operation<T> {
  requireBlockCallback("taskGroup", callback);
  return new GeneratorOperation("taskGroup", groupSteps(callback));
}
