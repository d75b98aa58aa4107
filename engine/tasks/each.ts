import { describeValue } from "../base/describe.ts";
import { Awaitable } from "./awaitable.ts";
import { type CoroutineLike, finishing } from "./coroutine.ts";
import { CALLED, type Driven, type Frame, pushFrame } from "./drive.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";

type Request = "next" | "return";

/**
 * One request to an asynchronous iterator, as a coroutine that returns its answer: the driver waits for the promise as
 * for an async generator's.
 */
export class IteratorRequest<T> extends Awaitable<IteratorResult<T>> {
  readonly _kind = "iteration";
  private readonly _iterator: AsyncIterator<T>;
  private readonly _request: Request;

  constructor(iterator: AsyncIterator<T>, request: Request) {
    super();
    this._iterator = iterator;
    this._request = request;
  }

  _enter(task: Driven): number {
    pushFrame(task, this._open());
    return CALLED;
  }

  _take(): never {
    throw new TypeError(`${this} has no result of its own`);
  }

  override _open(): Frame {
    const ask = async (): Promise<IteratorResult<T> | undefined> => this._iterator[this._request]?.();
    const frame = {
      // An eager start has to put it off, as it does with an async generator.
      [Symbol.toStringTag]: "AsyncGenerator",
      next: () => ask().then((value) => ({ done: true, value })),
      throw(error: unknown): never {
        throw error;
      },
    };
    return frame;
  }

  override toString(): string {
    return `the ${this._request}() of an asynchronous iterator`;
  }
}

/** Close an asynchronous iterator, as leaving a `for await` does. */
export function* closeIterator(iterator: AsyncIterator<unknown>): Steps<void> {
  yield new IteratorRequest(iterator, "return");
}

function* eachSteps<T>(source: AsyncIterable<T>, callback: (item: T) => CoroutineLike<unknown> | unknown): Steps<void> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const step = (yield new IteratorRequest(iterator, "next")) as IteratorResult<T>;
    if (step.done === true) {
      return;
    }
    let goesOn: unknown;
    try {
      goesOn = yield* finishing(callback(step.value));
    } catch (error) {
      try {
        yield* closeIterator(iterator);
      } catch {
        // As `for await` does: the error of the callback counts.
      }
      throw error;
    }
    if (goesOn === false) {
      yield* closeIterator(iterator);
      return;
    }
  }
}

/**
 * Call `callback` with each item of `source`, one after the other: `for await` for plain generators, which cannot
 * contain one.
 *
 * ```ts
 * function* main() {
 *   yield* each(ticks(), function* (tick) {
 *     yield* sleep(1);
 *     print(tick);
 *   });
 * }
 * ```
 *
 * @param source - An async generator, or another asynchronous iterable, such as `asCompleted(…)`.
 * @param callback - A coroutine function or a plain one. If it returns `false`, the iteration ends early and `source`
 * is closed.
 * @throws TypeError at the call if `source` is not an asynchronous iterable or `callback` not a function; when awaited,
 * what either throws.
 * @see Python's `async for`
 */
export function each<T>(
  source: AsyncIterable<T>,
  callback: (item: T) => CoroutineLike<unknown> | unknown,
): Operation<void> {
  if (typeof (source as AsyncIterable<T> | null | undefined)?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError(`each: expected an asynchronous iterable, got ${describeValue(source)}`);
  }
  if (typeof callback !== "function") {
    throw new TypeError(`each: expected a function, got ${describeValue(callback)}`);
  }
  return new GeneratorOperation("each", eachSteps(source, callback));
}
