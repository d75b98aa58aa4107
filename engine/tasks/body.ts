import { type CoroutineLike, iscoroutine } from "./coroutine.ts";

/**
 * What runs inside a block such as `timeout(5, body)`: a coroutine function, or a coroutine that has not begun.
 *
 * It is simloop's spelling of the body of Python's `async with`.
 */
export type Body<A extends readonly unknown[], T> = ((...args: A) => CoroutineLike<T>) | CoroutineLike<T>;

/** @throws TypeError unless `body` can be run as a block. */
export function requireBody(block: string, body: unknown): void {
  if (typeof body !== "function" && !iscoroutine(body)) {
    throw new TypeError(
      `${block}: expected a coroutine function as body, such as async function* () { … }, got ${String(body)}`,
    );
  }
}

/** The coroutine of a body, for `yield` to run in the present task. */
export const beginBody = <A extends readonly unknown[], T>(body: Body<A, T>, ...args: A): CoroutineLike<T> =>
  typeof body === "function" ? body(...args) : body;
