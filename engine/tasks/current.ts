import { requireRunning } from "../loop/running.ts";
import type { CoroutineLike } from "./coroutine.ts";
import type { Task } from "./task.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";
import type { TaskOptions } from "./task-options.ts";

/** The loop that runs now. Every loop that users make is one of tasks. */
export const runningTaskLoop = (): TaskEventLoop => requireRunning() as TaskEventLoop;

/**
 * Run `coroutine` as a task of the running loop; its first step comes in the next pass.
 *
 * @throws RuntimeError if no loop runs, or the coroutine is in use already; TypeError if it is not a coroutine, and for
 * unknown options.
 * @see asyncio.create_task
 */
export const createTask = <T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T> =>
  runningTaskLoop().createTask(coroutine, options);

/**
 * The task whose step is running; `null` in a callback.
 *
 * @throws RuntimeError if no loop runs. @see asyncio.current_task
 */
export const currentTask = (): Task<unknown> | null => runningTaskLoop()._currentTask;

/**
 * The tasks of the running loop that are not done, in order of creation.
 *
 * @throws RuntimeError if no loop runs.
 * @see asyncio.all_tasks
 */
export const allTasks = (): Task<unknown>[] => runningTaskLoop().allTasks();
