import { describeValue } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import type { Runnable } from "../base/runnable.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { Interrupt } from "../tasks/interrupt.ts";
import { Task } from "../tasks/task.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";

/** An interrupt on its way. */
class Interruption implements Runnable {
  private readonly _id: number;
  private readonly _loop: TaskEventLoop;
  private readonly _task: Task<unknown>;
  private readonly _error: Interrupt;

  constructor(loop: TaskEventLoop, task: Task<unknown>, error: Interrupt) {
    this._id = loop._nextId();
    this._loop = loop;
    this._task = task;
    this._error = error;
    loop._instrument?.handleScheduled(this._id, loop._hostName(loop._context));
  }

  _run(): void {
    this._loop._instrument?.handleRun(this._id);
    this._task._throwNow(this._error, this);
  }
}

/** @internal Throw `error` into `task` before anything that is ready runs. */
export function throwInto(loop: TaskEventLoop, task: Task<unknown>, error: Interrupt): void {
  loop._ordering?.cancelRequested(task);
  loop._urge(new Interruption(loop, task, error));
}

/**
 * Throw an {@link Interrupt} into `task` at once: before everything that is ready, in the order of the calls.
 *
 * What the task waits for goes on without it: a task or future that it awaits is not cancelled, and a sleep ends. A
 * request to a resource that it has in its hands keeps its place in the queue until it is released, as it is at the end
 * of `with`; a `put` or `get` is withdrawn. A task that has not begun takes its first step first.
 *
 * @param cause - Why; the `cause` of the error.
 * @throws TypeError unless `task` is a task; RuntimeError if it is done, is the running task itself, or belongs to
 * another loop.
 * @see simpy.events.Process.interrupt
 */
export function interrupt(task: Task<unknown>, cause?: unknown): void {
  if (!(task instanceof Task)) {
    throw new TypeError(`interrupt: expected a task, got ${describeValue(task)}`);
  }
  const loop = runningTaskLoop();
  if (task.getLoop() !== loop) {
    throw new RuntimeError(`interrupt: ${task} belongs to a different event loop`);
  }
  if (task.done()) {
    throw new RuntimeError(`interrupt: ${task} has ended and cannot be interrupted`);
  }
  if (task === loop._currentTask) {
    throw new RuntimeError("interrupt: a task cannot interrupt itself; throw an error instead");
  }
  throwInto(loop, task, new Interrupt(cause));
}
