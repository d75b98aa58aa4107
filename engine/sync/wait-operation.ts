import { CancelledError } from "../base/errors.ts";
import type { Linked } from "../base/linked-queue.ts";
import { type Awaitable, answerNoPromise, askLater, takeAsked, YIELDING } from "../tasks/awaitable.ts";
import {
  type Driven,
  doneWith,
  type Frame,
  READY,
  type Resumable,
  SUSPENDED,
  TAKEN_BACK,
  WOKEN,
} from "../tasks/drive.ts";
import { PENDING } from "../tasks/future-state.ts";
import { Operation, type Steps } from "../tasks/operation.ts";
import { numberOf, type Primitive } from "./tell.ts";
import { type Queued, WaitQueue } from "./wait-queue.ts";

/** States before the wait, beyond those of what a task waits for. */
const FRESH = -1;
/** A task was made of it, which has not begun. */
const OPENED = -2;
/** It was tried, and must wait. */
const TRIED = -3;
const OVER = -4;

/**
 * An operation of a primitive that may have to wait: this one object is what the program awaits, what stands in the
 * queue, and what the task waits for, so that a wait makes no other. What it does is a matter of its
 * {@link OperationQueue}, so that all operations look alike to V8.
 */
export class WaitOperation<T> extends Operation<T> implements Resumable, Queued {
  // Declared only: initializers would be a call of their own for each operation.
  /** @internal */
  declare _front: Linked | null;
  /** @internal */
  declare _back: Linked | null;
  /** @internal */
  declare _state: number;
  /** @internal The argument before the operation is done, the result afterwards; the reason of a cancellation. */
  declare _value: unknown;
  declare private readonly _queue: OperationQueue<T>;
  declare private _task: Driven | null;

  /** @param argument - What it is done with. */
  constructor(queue: OperationQueue<T>, argument: unknown) {
    super();
    this._queue = queue;
    this._value = argument;
    this._state = FRESH;
    this._front = null;
    this._back = null;
    this._task = null;
  }

  get _kind(): string {
    return this._queue.kind;
  }

  /** @internal */
  get _number(): number {
    return numberOf(this._queue.owner, (this._task as Driven)._loop);
  }

  /**
   * An answer to a `yield*` in a plain generator, which keeps it while it is suspended: not done, and yields itself.
   */
  get done(): false {
    return false;
  }

  get value(): this {
    return this;
  }

  override [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return askLater(this, WAITING) as Iterator<Awaitable<unknown>, T, unknown>;
  }

  override toString(): string {
    return this._task === null ? super.toString() : `${this._queue.kind} ${this._queue.owner}`;
  }

  /** @internal */
  override _coroutineName(): string {
    return this._queue.operation;
  }

  /**
   * @internal Begin, in the coroutine that awaits it.
   * @returns Whether it is done.
   * @throws RuntimeError if it has begun before.
   */
  _begin(): boolean {
    if (this._state !== FRESH) {
      throw this._reused();
    }
    this._state = OVER;
    if (this._queue.attempt(this)) {
      return true;
    }
    this._state = TRIED;
    return false;
  }

  /** @internal */
  override _enter(task: Driven): number {
    return this._state !== TRIED && this._begin() ? READY : this._join(task);
  }

  /** @internal */
  override _take(): T {
    return this._value as T;
  }

  /** @internal */
  override _open(): Frame {
    if (this._state !== FRESH) {
      throw this._reused();
    }
    this._state = OPENED;
    return this._steps() as Frame;
  }

  /** @internal Whether it waits and has not been woken. */
  _isPending(): boolean {
    return this._state === PENDING;
  }

  /** @internal Whether its wait was cancelled. */
  _isCancelled(): boolean {
    return this._state === TAKEN_BACK;
  }

  /** @internal End the wait: the task goes on in the next pass. */
  _wake(): void {
    const task = this._task as Driven;
    const loop = task._loop;
    loop._requireInside();
    loop._ordering?.touched(this._queue.owner, "w");
    this._state = WOKEN;
    task._wakeUp();
  }

  /** @internal */
  cancel(reason?: string): boolean {
    const task = this._task as Driven;
    task._loop._requireInside();
    if (this._state !== PENDING) {
      return false;
    }
    this._markCancelled();
    this._value = reason;
    task._wakeUp();
    return true;
  }

  /** @internal */
  _takeError(): unknown {
    return new CancelledError(this._value as string | undefined);
  }

  /** @internal */
  _leftBy(): void {}

  /** @internal */
  _goOn(task: Driven): number {
    return this._queue.goOn(this, task);
  }

  /** @internal */
  _giveUp(task: Driven, error: unknown): boolean {
    return this._queue.giveUp(this, task, error);
  }

  /** @internal Wait in the queue. */
  _join(task: Driven): number {
    const loop = task._loop;
    const queue = this._queue;
    queue.belongTo(loop);
    // A number for each wait, as of a future: numbers appear in traces.
    loop._nextId();
    this._task = task;
    this._state = PENDING;
    queue.append(this);
    queue.joined();
    loop._ordering?.touched(queue.owner, "w");
    task._waitFor(this);
    return SUSPENDED;
  }

  /** @internal The wait is over with this result. */
  _finish(value: unknown): number {
    this._state = OVER;
    this._task = null;
    this._value = value;
    return READY;
  }

  /** @internal The wait is over as if it had been cancelled. Does nothing once it was woken. */
  _markCancelled(): void {
    if (this._state === PENDING) {
      (this._task as Driven)._loop._ordering?.touched(this._queue.owner, "w");
      this._state = TAKEN_BACK;
    }
  }

  /** The operation as a coroutine, for a task of its own. */
  private *_steps(): Steps<unknown> {
    this._state = FRESH;
    return this._begin() ? this._value : yield this;
  }
}

answerNoPromise(WaitOperation.prototype);

/** The queue of one operation of a primitive, and what that operation does. */
export abstract class OperationQueue<T, O extends Primitive = Primitive> extends WaitQueue {
  /** What messages call the operation: `"Lock.acquire"`. */
  readonly operation: string;
  declare readonly owner: O;

  constructor(operation: string, owner: O, kind = operation) {
    super(kind, owner);
    this.operation = operation;
  }

  /** Do it if that is possible at once, and keep the result in its `_value`. @returns Whether it is done. */
  abstract attempt(operation: WaitOperation<T>): boolean;

  /** An operation that waited was woken, and its task has its turn. As {@link Resumable._goOn}. */
  abstract goOn(operation: WaitOperation<T>, task: Driven): number;

  /**
   * The task of an operation that waited, and may have been woken, goes on with an error. As {@link Resumable._giveUp}.
   */
  abstract giveUp(operation: WaitOperation<T>, task: Driven, error: unknown): boolean;

  /** One has just joined. */
  joined(): void {}
}

/** What `yield*` drives in a plain generator. */
const WAITING: Iterator<unknown, unknown, unknown> = {
  next(given) {
    const operation = takeAsked() as WaitOperation<unknown> | null;
    if (operation === null) {
      return doneWith(given);
    }
    return operation._begin() ? doneWith(operation._value) : operation;
  },
  throw: YIELDING.throw as NonNullable<typeof YIELDING.throw>,
  return: YIELDING.return as NonNullable<typeof YIELDING.return>,
};
