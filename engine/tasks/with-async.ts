import { describeValue } from "../base/describe.ts";
import { type BlockCallback, beginBlock, requireBlockCallback } from "./block-callback.ts";
import { type CoroutineLike, finishing } from "./coroutine.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";

/**
 * Something that a block enters and leaves: what Python's `async with` takes.
 *
 * @typeParam T - What entering returns to the block.
 * @see contextlib.AbstractAsyncContextManager: `enter` is `__aenter__`, `exit` is `__aexit__`
 */
export interface AsyncContextManager<T> {
  /** Begin; the block runs only if this does not throw. A coroutine, or a value at once. */
  enter(): CoroutineLike<T> | T;
  /**
   * End; called without an argument when the block ended well, and with the error when it threw one. A coroutine, or a
   * value at once.
   *
   * @returns `true` to swallow the error.
   */
  exit(error?: unknown): CoroutineLike<unknown> | unknown;
}

/** @throws TypeError unless `value` has the methods of an {@link AsyncContextManager}. */
export function requireContextManager(method: string, value: unknown): void {
  const { enter, exit } = (value ?? {}) as Partial<AsyncContextManager<unknown>>;
  if (typeof enter !== "function" || typeof exit !== "function") {
    throw new TypeError(`${method}: expected an object with the methods enter and exit, got ${describeValue(value)}`);
  }
}

function* withSteps<C, T>(manager: AsyncContextManager<C>, callback: BlockCallback<[C], T>): Steps<T | undefined> {
  const entered = yield* finishing(manager.enter());
  let result: T;
  try {
    result = (yield beginBlock(callback, entered)) as T;
  } catch (error) {
    if ((yield* finishing(manager.exit(error))) === true) {
      return undefined;
    }
    throw error;
  }
  yield* finishing(manager.exit());
  return result;
}

/**
 * Enter `manager`, run `callback` in the present task, and leave `manager` whatever becomes of the callback.
 *
 * ```ts
 * class Connection {
 *   *enter() { yield* sleep(1); return this; }
 *   *exit() { yield* sleep(1); }
 * }
 * const answer = yield* withAsync(new Connection(), function* (connection) { … });
 * ```
 *
 * @param callback - A coroutine function, which gets what `enter` returned.
 * @returns The result of `callback`; `undefined` if `exit` swallowed its error.
 * @throws TypeError at the call if `manager` lacks a method or `callback` is not a coroutine function; when awaited,
 * what `enter`, `callback` or `exit` throws.
 * @see Python's `async with`
 */
export function withAsync<C, T>(
  manager: AsyncContextManager<C>,
  callback: BlockCallback<[C], T>,
): Operation<T | undefined> {
  requireContextManager("withAsync", manager);
  requireBlockCallback("withAsync", callback);
  return new GeneratorOperation("withAsync", withSteps(manager, callback));
}
