import { type Driven, doneWith, type Enterable, enterDirectly, type Frame } from "./drive.ts";
import { noteWaitPlace } from "./wait-places.ts";

/**
 * Something that a coroutine can wait for with `yield*`.
 *
 * `yield* awaitable` is simloop's `await`: it works alike in async generators and in plain ones, and its value has the
 * awaitable's type. A bare `yield awaitable` means the same, untyped.
 *
 * An awaitable is not a promise, on purpose: `await` on it would leave virtual time.
 *
 * @typeParam T - What waiting returns.
 */
export abstract class Awaitable<T> implements Enterable {
  /** @internal The kind of thing this is, for traces: `"sleep"`, `"future"` … */
  abstract readonly _kind: string;

  /** @internal */
  abstract _enter(task: Driven): number;

  /** @internal */
  abstract _take(): T;

  /** @internal Whether `_take` would give the result now, without waiting. */
  _isReady(): boolean {
    return false;
  }

  /** @internal The coroutine that a task of its own runs for this, or `null` if this is none, as a future is none. */
  _open(): Frame | null {
    return null;
  }

  abstract toString(): string;

  /** @internal Whether this begins only when it is awaited, so that a task can be made of it. */
  _isCoroutine(): boolean {
    return false;
  }

  /** @internal For messages: the name of the function that made it. */
  _coroutineName(): string {
    return this._kind;
  }

  /** Wait in a plain generator. */
  [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return askLater(this, YIELDING) as Iterator<Awaitable<unknown>, T, unknown>;
  }

  /** Wait in an async generator, which yields nothing thereby: its `yield*` suspends the task directly. */
  [Symbol.asyncIterator](): AsyncIterator<never, T, unknown> {
    return askLater(this, DIRECT) as AsyncIterator<never, T, unknown>;
  }
}

/**
 * Let `object`, or what inherits from it, answer at the first look that it is not a promise.
 *
 * An async generator asks whatever it yields for `then`, and V8 is slow to find out that nothing up to
 * `Object.prototype` has one.
 */
export function answerNoPromise(object: object): void {
  // biome-ignore lint/suspicious/noThenProperty: to be none is the point
  Object.defineProperty(object, "then", { value: undefined });
}

answerNoPromise(Awaitable.prototype);

/** A coroutine that only waits for `awaitable`. */
export function* awaitOnly(awaitable: Awaitable<unknown>): Generator<unknown, unknown, unknown> {
  return yield awaitable;
}

/**
 * Whose `yield*` begins. It asks for the iterator and, with nothing in between, for the first answer; so one iterator
 * serves all awaitables, and a suspended coroutine keeps none alive.
 */
let asked: Awaitable<unknown> | null = null;

/** `iterator`, which is about to be asked on behalf of `awaitable`. */
export function askLater<I>(awaitable: Awaitable<unknown>, iterator: I): I {
  asked = awaitable;
  return iterator;
}

/** The awaitable that a `yield*` has just begun to wait for; `null` when it goes on. */
export function takeAsked(): Awaitable<unknown> | null {
  const awaitable = asked;
  asked = null;
  return awaitable;
}

/** What `yield*` drives in a plain generator: yields the awaitable to the task, and returns what comes back. */
export const YIELDING: Iterator<Awaitable<unknown>, unknown, unknown> = {
  next(given) {
    const awaitable = takeAsked();
    if (awaitable === null) {
      return doneWith(given);
    }
    return awaitable._isReady() ? { done: true, value: awaitable._take() } : { done: false, value: awaitable };
  },
  throw(error) {
    noteWaitPlace();
    throw error;
  },
  return(value) {
    asked = null;
    return { done: true, value };
  },
};

/** What `yield*` drives in an async generator: suspends the running task directly. Asked once. */
const DIRECT: AsyncIterator<Awaitable<unknown>, unknown, unknown> = {
  next() {
    // Not always a promise: what is ready at once is given at once, which `yield*` takes as well.
    return enterDirectly(takeAsked()!) as Promise<IteratorResult<Awaitable<unknown>, unknown>>;
  },
};
