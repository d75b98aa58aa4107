import { type Driven, type Enterable, enterDirectly, type Frame } from "./drive.ts";

/**
 * Something that a coroutine can wait for with `yield*`.
 *
 * `yield* awaitable` is simloop's `await`: it works alike in async generators and in plain ones, and its value has the
 * awaitable's type. A bare `yield awaitable` means the same, untyped.
 *
 * An awaitable is no promise, on purpose: `await` on it would leave virtual time.
 *
 * @typeParam T - What waiting gives.
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

  /** @internal For texts: the name of the function that made it. */
  _coroutineName(): string {
    return this._kind;
  }

  /** Wait in a plain generator. */
  [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return new YieldingIterator(this);
  }

  /** Wait in an async generator. */
  [Symbol.asyncIterator](): AsyncIterator<Awaitable<unknown>, T, unknown> {
    return new DirectIterator(this);
  }
}

/** A coroutine that only waits for `awaitable`. */
export function* awaitOnly(awaitable: Awaitable<unknown>): Generator<unknown, unknown, unknown> {
  return yield awaitable;
}

/**
 * What `yield*` drives in a plain generator: yields the awaitable to the task, and returns what comes back.
 *
 * It is its own result, too: `yield*` passes that on at once and keeps nothing, so one object serves where three would be made.
 */
export class YieldingIterator<T> implements Iterator<Awaitable<unknown>, T, unknown> {
  /** Of the result: whether the awaitable has given its value. */
  done: boolean | undefined = undefined;
  /** Of the result: the awaitable, then its value. */
  value: unknown;

  constructor(awaitable: Awaitable<T>) {
    this.value = awaitable;
  }

  next(value: unknown): IteratorResult<Awaitable<unknown>, T> {
    if (this.done !== undefined) {
      this.done = true;
      this.value = value;
    } else if ((this.value as Awaitable<T>)._isReady()) {
      this.done = true;
      this.value = (this.value as Awaitable<T>)._take();
    } else {
      this.done = false;
    }
    return this as IteratorResult<Awaitable<unknown>, T>;
  }

  throw(error: unknown): IteratorResult<Awaitable<unknown>, T> {
    throw error;
  }

  return(value: unknown): IteratorResult<Awaitable<unknown>, T> {
    return { done: true, value: value as T };
  }
}

/** What `yield*` drives in an async generator: suspends the running task directly. Asked once. */
class DirectIterator<T> implements AsyncIterator<Awaitable<unknown>, T, unknown> {
  private readonly _awaitable: Awaitable<T>;

  constructor(awaitable: Awaitable<T>) {
    this._awaitable = awaitable;
  }

  next(): Promise<IteratorResult<Awaitable<unknown>, T>> {
    // Not always a promise: what is ready at once is given at once, which `yield*` takes as well.
    return enterDirectly(this._awaitable) as Promise<IteratorResult<Awaitable<unknown>, T>>;
  }
}
