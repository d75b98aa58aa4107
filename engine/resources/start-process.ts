import { NO_OPTIONS } from "../base/require-options.ts";
import type { CoroutineLike } from "../tasks/coroutine.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { Task } from "../tasks/task.ts";
import type { TaskOptions } from "../tasks/task-options.ts";

/**
 * Start a task as SimPy starts a process: its first step comes before everything that is ready, in the order of the
 * calls.
 *
 * A task of `createTask` begins behind what is ready, as in asyncio. The difference shows only where several things
 * happen at the same instant.
 *
 * @throws TypeError if `coroutine` is not a coroutine, and for unknown options; RuntimeError outside of a running loop.
 * @see simpy.Environment.process
 */
export function startProcess<T>(coroutine: CoroutineLike<T>, options: TaskOptions = NO_OPTIONS): Task<T> {
  const loop = runningTaskLoop();
  return new Task(loop, coroutine, options, loop._recordPlace(startProcess), true);
}
