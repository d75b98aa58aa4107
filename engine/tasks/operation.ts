import { RuntimeError } from "../base/errors.ts";
import { Awaitable } from "./awaitable.ts";

/** What the plain generator of an operation may be. */
export type Steps<T> = Generator<unknown, T, unknown>;

/**
 * An awaitable of simloop's own that may take several steps, such as acquiring a lock. It begins when it is awaited, as
 * a coroutine does, and can be awaited once.
 */
export abstract class Operation<T> extends Awaitable<T> {
  override toString(): string {
    return `<coroutine object ${this._coroutineName()}>`;
  }

  /** @internal */
  override _isCoroutine(): boolean {
    return true;
  }

  /** @internal For messages: `Lock.acquire`. */
  abstract override _coroutineName(): string;

  /** The error of an operation that is awaited again. */
  protected _reused(): RuntimeError {
    return new RuntimeError(
      `cannot reuse already awaited coroutine: <coroutine object ${this._coroutineName()}>; call the function again for a new one`,
    );
  }
}
