import { describeValue } from "../base/describe.ts";
import { Awaitable } from "./awaitable.ts";
import { type CoroutineLike, iscoroutine } from "./coroutine.ts";

/**
 * What runs inside a block such as `timeout(5, callback)`: a coroutine function, a coroutine that has not begun, or
 * something to wait for, such as a task.
 *
 * It stands for the block of Python's `async with`.
 */
export type BlockCallback<A extends readonly unknown[], T> = ((...args: A) => CoroutineLike<T>) | CoroutineLike<T>;

/** @throws TypeError unless `callback` can be run as a block. */
export function requireBlockCallback(block: string, callback: unknown): void {
  if (typeof callback !== "function" && !iscoroutine(callback) && !(callback instanceof Awaitable)) {
    throw new TypeError(
      `${block}: expected a coroutine function, such as async function* () { … }, got ${describeValue(callback)}`,
    );
  }
}

/** The coroutine of a block, for `yield` to run in the present task. */
export const beginBlock = <A extends readonly unknown[], T>(
  callback: BlockCallback<A, T>,
  ...args: A
): CoroutineLike<T> => (typeof callback === "function" ? callback(...args) : callback);
