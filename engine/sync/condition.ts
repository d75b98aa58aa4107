import { describeValue } from "../base/describe.ts";
import { CancelledError, RuntimeError } from "../base/errors.ts";
import { requireCallback } from "../loop/validate.ts";
import type { BlockCallback } from "../tasks/block-callback.ts";
import { CALLED, type Driven, type Frame, runBefore } from "../tasks/drive.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import { Interrupt } from "../tasks/interrupt.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { type Guard, type Holdable, hold, withHeld } from "./guard.ts";
import { Lock } from "./lock.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { OperationQueue, WaitOperation } from "./wait-operation.ts";

/**
 * A condition variable: tasks that hold its lock wait to be notified, giving up the lock meanwhile.
 *
 * @see asyncio.Condition
 */
export class Condition implements Holdable {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private readonly _lock: Lock;
  private readonly _shownName: string;
  /** @internal */
  readonly _waiters: OperationQueue<true> = new Waiting("Condition.wait", this);

  /**
   * @param lock - The lock to use, which others may share; a new one by default.
   * @throws TypeError if it is not a lock, and for unknown options.
   */
  constructor(lock: Lock = new Lock(), options?: PrimitiveOptions) {
    this._shownName = nameShown("Condition", options);
    if (!(lock instanceof Lock)) {
      throw new TypeError(`Condition: expected a Lock, got ${describeValue(lock)}`);
    }
    this._lock = lock;
  }

  /** Whether the lock is held. */
  locked(): boolean {
    return this._lock.locked();
  }

  /** Acquire the lock. */
  acquire(): Operation<true> {
    return this._lock.acquire();
  }

  /** Release the lock. @throws RuntimeError if it is not held. */
  release(): void {
    this._lock.release();
  }

  /** Run `callback` while holding the lock. @returns What `callback` returned. @see `async with condition` */
  with<T>(callback: BlockCallback<[], T>): Operation<T> {
    return withHeld("Condition", this, callback);
  }

  /** Acquire the lock; disposing of the guard releases it. */
  hold(): Operation<Guard> {
    return hold("Condition", this);
  }

  /**
   * Release the lock, wait to be notified, and acquire the lock again, also when cancelled meanwhile.
   *
   * @throws RuntimeError when awaited without the lock held. @see asyncio.Condition.wait
   */
  wait(): Operation<true> {
    return new WaitOperation(this._waiters, true);
  }

  /**
   * Wait until `predicate` returns something true, which is asked at once and after each notification.
   *
   * @returns What it returned. @see asyncio.Condition.wait_for
   */
  waitFor<T>(predicate: () => T): Operation<T> {
    requireCallback("Condition.waitFor", predicate);
    return new GeneratorOperation("Condition.waitFor", this._waitForSteps(predicate));
  }

  /**
   * Wake `count` of the tasks that wait; each goes on when it has the lock.
   *
   * @throws RuntimeError if the lock is not held; TypeError if `count` is not a number. @see asyncio.Condition.notify
   */
  notify(count = 1): void {
    if (typeof count !== "number" || Number.isNaN(count)) {
      throw new TypeError(`Condition.notify: expected a number of tasks to wake, got ${describeValue(count)}`);
    }
    if (!this.locked()) {
      throw new RuntimeError(`cannot notify on un-acquired lock: ${this}`);
    }
    tell(this, "released", this._waiters.size);
    this._waiters.wake(count);
  }

  /** Wake all tasks that wait. @throws RuntimeError if the lock is not held. @see asyncio.Condition.notify_all */
  notifyAll(): void {
    this.notify(this._waiters.size);
  }

  toString(): string {
    const waiters = this._waiters.size === 0 ? "" : `, waiters:${this._waiters.size}`;
    return `<Condition${this._shownName} [${this.locked() ? "locked" : "unlocked"}${waiters}]>`;
  }

  /** @internal */
  *_acquireSteps(): Steps<true> {
    return (yield this._lock.acquire()) as true;
  }

  /** @internal */
  *_waitForSteps<T>(predicate: () => T): Steps<T> {
    let result = predicate();
    while (!result) {
      yield this.wait();
      result = predicate();
    }
    return result;
  }

  /** @internal Take the lock again, as its `acquire` does, if that is possible at once. */
  _reacquireNow(): boolean {
    return this._lock.acquire === Lock.prototype.acquire && this._lock._acquireNow();
  }

  /** @internal The end of a wait that has to wait for the lock again, and of one that ends with an error. */
  *_reacquireSteps(failure: { readonly error: unknown } | null): Steps<true> {
    try {
      yield* this._reacquire();
      if (failure !== null) {
        throw failure.error;
      }
    } catch (error) {
      // The notification may have been ours, and we could not use it.
      this._waiters.wake(1);
      throw error;
    }
    return true;
  }

  /** Acquire the lock whatever comes, and only then pass on the last cancellation or interrupt. */
  private *_reacquire(): Steps<void> {
    let failure: CancelledError | Interrupt | null = null;
    for (;;) {
      try {
        yield this._lock.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError || error instanceof Interrupt)) {
          throw error;
        }
        failure = error;
      }
    }
    if (failure !== null) {
      throw failure;
    }
  }
}

class Waiting extends OperationQueue<true, Condition> {
  attempt(): boolean {
    if (!this.owner.locked()) {
      throw new RuntimeError(`cannot wait on un-acquired lock: ${this.owner}`);
    }
    return false;
  }

  override joined(): void {
    try {
      this.owner.release();
    } catch (error) {
      this.wake(1);
      throw error;
    }
  }

  goOn(operation: WaitOperation<true>, task: Driven): number {
    this.leave(operation);
    if (this.owner._reacquireNow()) {
      return operation._finish(true);
    }
    runBefore(task, this.owner._reacquireSteps(null) as Frame);
    return CALLED;
  }

  giveUp(operation: WaitOperation<true>, task: Driven, error: unknown): boolean {
    this.leave(operation);
    runBefore(task, this.owner._reacquireSteps({ error }) as Frame);
    return true;
  }
}
