import { CancelledError, RuntimeError } from "../base/errors.ts";
import { describe, requireCallback } from "../loop/validate.ts";
import type { Body } from "../tasks/body.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import { Interrupt } from "../tasks/interrupt.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { type Guard, type Holdable, hold, withHeld } from "./guard.ts";
import { Lock } from "./lock.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { type Waiter, WaitQueue } from "./wait-queue.ts";

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
  private readonly _waiters = new WaitQueue<Waiter>("Condition.wait", this);

  /** @param lock - The lock to use, which others may share; a new one by default. @throws TypeError if it is not a lock, and for unknown options. */
  constructor(lock: Lock = new Lock(), options?: PrimitiveOptions) {
    this._shownName = nameShown("Condition", options);
    if (!(lock instanceof Lock)) {
      throw new TypeError(`Condition: expected a Lock, got ${String(lock)}`);
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

  /** Run `body` while holding the lock. @returns What `body` returned. @see `async with condition` */
  with<T>(body: Body<[], T>): Operation<T> {
    return withHeld("Condition", this, body);
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
    return new GeneratorOperation("Condition.wait", this._waitSteps());
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
      throw new TypeError(`Condition.notify: expected a number of tasks to wake, got ${describe(count)}`);
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
      yield* this._waitSteps();
      result = predicate();
    }
    return result;
  }

  /** @internal */
  *_waitSteps(): Steps<true> {
    if (!this.locked()) {
      throw new RuntimeError(`cannot wait on un-acquired lock: ${this}`);
    }
    const waiter = this._waiters.join();
    try {
      this.release();
      try {
        yield waiter;
      } finally {
        this._waiters.leave(waiter);
        yield* this._reacquire();
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
