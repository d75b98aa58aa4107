import { describeValue } from "../base/describe.ts";
import { Awaitable } from "./awaitable.ts";
import { type CoroutineLike, iscoroutine } from "./coroutine.ts";

/**
 * What runs inside a block such as `timeout(5, callback)`: a coroutine function, a coroutine that has not begun, or
 * something to wait for, such as a task.
 *
 * It stands for the block of Python's `async with`.
 */
export type Body<A extends readonly unknown[], T> = ((...args: A) => CoroutineLike<T>) | CoroutineLike<T>;

/** @throws TypeError unless `body` can be run as a block. */
export function requireBody(block: string, body: unknown): void {
  if (typeof body !== "function" && !iscoroutine(body) && !(body instanceof Awaitable)) {
    throw new TypeError(
      `${block}: expected a coroutine function, such as async function* () { … }, got ${describeValue(body)}`,
    );
  }
}

/** The coroutine of a block, for `yield` to run in the present task. */
export const beginBody = <A extends readonly unknown[], T>(body: Body<A, T>, ...args: A): CoroutineLike<T> =>
  typeof body === "function" ? body(...args) : body;
