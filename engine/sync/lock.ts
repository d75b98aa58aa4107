import { RuntimeError } from "../base/errors.ts";
import { touched } from "../loop/touched.ts";
import type { BlockCallback } from "../tasks/block-callback.ts";
import type { Operation } from "../tasks/operation.ts";
import { type Guard, type Holdable, hold, withHeld } from "./guard.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { OperationQueue, WaitOperation } from "./wait-operation.ts";

/**
 * A mutual exclusion lock for tasks, first come, first served. It has no owner: any task may release it.
 *
 * Invariants:
 * 1. while the lock is free, the first waiter that was not cancelled has been woken;
 * 2. a woken waiter stays in the queue until it runs, so that no later task can take the lock before it.
 *
 * @see asyncio.Lock. Differs: `async with lock` is `yield* lock.with(callback)` or `using guard = yield* lock.hold()`.
 */
export class Lock implements Holdable {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private _locked = false;
  private readonly _shownName: string;
  /** @internal */
  readonly _waiters: OperationQueue<true> = new Acquiring("Lock.acquire", this);

  /** @throws TypeError for unknown options. */
  constructor(options?: PrimitiveOptions) {
    this._shownName = nameShown("Lock", options);
  }

  /** Whether the lock is held. @see asyncio.Lock.locked */
  locked(): boolean {
    touched(this, "r");
    return this._locked;
  }

  /** Wait until the lock is free, and take it. At once if it is free and no task is ahead. @see asyncio.Lock.acquire */
  acquire(): Operation<true> {
    return new WaitOperation(this._waiters, true);
  }

  /**
   * Give the lock back, and wake the first waiter.
   *
   * @throws RuntimeError if the lock is not held.
   * @see asyncio.Lock.release
   */
  release(): void {
    touched(this, "w");
    if (!this._locked) {
      throw new RuntimeError(`Lock is not acquired: ${this} cannot be released`);
    }
    this._locked = false;
    tell(this, "released", this._waiters.size);
    this._wakeFirst();
  }

  /** Run `callback` while holding the lock. @returns What `callback` returned. @see `async with lock` */
  with<T>(callback: BlockCallback<[], T>): Operation<T> {
    return withHeld("Lock", this, callback);
  }

  /** Acquire the lock; disposing of the guard releases it: `using guard = yield* lock.hold()`. */
  hold(): Operation<Guard> {
    return hold("Lock", this);
  }

  toString(): string {
    const waiters = this._waiters.size === 0 ? "" : `, waiters:${this._waiters.size}`;
    return `<Lock${this._shownName} [${this._locked ? "locked" : "unlocked"}${waiters}]>`;
  }

  /** @internal Take the lock, if it is free and no task is ahead. */
  _acquireNow(): boolean {
    touched(this, "w");
    if (this._locked || !this._waiters.allCancelled()) {
      return false;
    }
    this._take();
    return true;
  }

  /** @internal Take the lock, which is free. */
  _take(): void {
    this._locked = true;
    tell(this, "acquired", this._waiters.size);
  }

  /** @internal Wake the first waiter if the lock is free. */
  _passOn(): void {
    if (!this._locked) {
      this._wakeFirst();
    }
  }

  private _wakeFirst(): void {
    const first = this._waiters.first();
    if (first?._isPending() === true) {
      first._wake();
    }
  }
}

class Acquiring extends OperationQueue<true, Lock> {
  attempt(): boolean {
    return this.owner._acquireNow();
  }

  goOn(operation: WaitOperation<true>): number {
    this.leave(operation);
    this.owner._take();
    return operation._finish(true);
  }

  giveUp(operation: WaitOperation<true>): boolean {
    this.leave(operation);
    this.owner._passOn();
    return false;
  }
}
