import { isInstance } from "../base/describe.ts";
import { requireFields } from "../base/require-argument.ts";
import { type CoroutineLike, describeNonCoroutine, iscoroutine } from "./coroutine.ts";
import { runningTaskLoop } from "./current.ts";
import { Future } from "./future.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";

/** What can be waited for as a future: a future itself, or a coroutine, which becomes a task. */
export type Waitable<T> = Future<T> | CoroutineLike<T>;

/** Whether `value` is a future or a task. @see asyncio.isfuture */
export const isfuture = (value: unknown): value is Future<unknown> => isInstance(value, Future);

/**
 * A future for `value`: itself if it is one, or else a task that runs it.
 *
 * @throws TypeError if it is neither future nor coroutine; RuntimeError if no loop runs.
 * @see asyncio.ensure_future
 */
export function ensureFuture<T>(value: Waitable<T>, loop: TaskEventLoop = runningTaskLoop()): Future<T> {
  if (!(value instanceof Future)) {
    requireWaitable("ensureFuture", value);
    requireFields("ensureFuture", "an event loop", loop, { createTask: "function" });
    return loop.createTask(value);
  }
  if (value.getLoop() !== loop) {
    throw new RangeError(`ensureFuture: ${value} belongs to a different loop than ${loop}`);
  }
  return value;
}

/** @throws TypeError unless `value` is a future or a coroutine. */
export function requireWaitable(method: string, value: unknown): asserts value is Waitable<unknown> {
  if (!isfuture(value) && !iscoroutine(value)) {
    throw new TypeError(`${method}: a future or a coroutine was expected, got ${describeNonCoroutine(value)}`);
  }
}

/**
 * @throws TypeError unless `value` is an array or another iterable; what is itself waited for, such as a coroutine, is
 * none.
 */
export function requireSeveral(method: string, what: string, value: unknown): asserts value is Iterable<unknown> {
  const isIterable = typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] === "function";
  if (!isIterable || isfuture(value) || iscoroutine(value)) {
    throw new TypeError(`${method}: expected an array of ${what}, got ${describeNonCoroutine(value)}`);
  }
}

/** As {@link ensureFuture}; a task made here is not reported if it is still pending at the end of the run. */
export function ensureOwnFuture<T>(value: Waitable<T>, loop: TaskEventLoop): Future<T> {
  if (value instanceof Future) {
    return ensureFuture(value, loop);
  }
  const task = loop.createTask(value);
  task._leaveToOwner();
  return task;
}
