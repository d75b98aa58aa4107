import { RuntimeError } from "../base/errors.ts";
import { type Awaitable, askLater, takeAsked } from "./awaitable.ts";
import { CALLED, type Driven, type Enterable, enterThroughFrame, type Frame, pushFrame } from "./drive.ts";
import { Operation, type Steps } from "./operation.ts";

/** What `yield*` drives in an async generator when the other side is a plain generator. Asked once. */
export const THROUGH_FRAME: AsyncIterator<Awaitable<unknown>, unknown, unknown> = {
  next() {
    return enterThroughFrame(takeAsked() as Enterable) as Promise<IteratorResult<Awaitable<unknown>, unknown>>;
  },
};

/** An operation that is written once, as a plain generator, and awaited alike from both kinds of coroutine. */
export class GeneratorOperation<T> extends Operation<T> {
  readonly _kind = "operation";
  private _steps: Steps<T> | null;
  private readonly _name: string;

  /**
   * @param name - For messages: `Lock.acquire`.
   * @param steps - The generator, not begun.
   */
  constructor(name: string, steps: Steps<T>) {
    super();
    this._name = name;
    this._steps = steps;
  }

  override [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return this._open() as Steps<T> as Iterator<Awaitable<unknown>, T, unknown>;
  }

  override [Symbol.asyncIterator](): AsyncIterator<never, T, unknown> {
    return askLater(this, THROUGH_FRAME) as AsyncIterator<never, T, unknown>;
  }

  /** @internal */
  _enter(task: Driven): number {
    pushFrame(task, this._open());
    return CALLED;
  }

  /** @internal Never asked: entering it always calls. */
  _take(): T {
    throw new RuntimeError(`${this} has no result of its own`);
  }

  /** @internal */
  override _open(): Steps<T> & Frame {
    const steps = this._steps;
    if (steps === null) {
      throw this._reused();
    }
    this._steps = null;
    return steps as Steps<T> & Frame;
  }

  /** @internal */
  override _coroutineName(): string {
    return this._name;
  }
}
