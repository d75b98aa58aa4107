import { describeValue } from "../base/describe.ts";
import { touched } from "../loop/touched.ts";
import type { BlockCallback } from "../tasks/block-callback.ts";
import { WOKEN } from "../tasks/drive.ts";
import type { Operation } from "../tasks/operation.ts";
import { type Guard, type Holdable, hold, withHeld } from "./guard.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { OperationQueue, WaitOperation } from "./wait-operation.ts";

const requirePermits = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Semaphore: expected the initial value to be an integer >= 0, got ${describeValue(value)}`);
  }
  return value;
};

/**
 * A counter of permits: `acquire` takes one, and waits while there is none.
 *
 * Invariant: a permit that is released while a task waits is at once the first waiter's; a woken waiter that is
 * cancelled gives it back.
 *
 * @see asyncio.Semaphore
 */
export class Semaphore implements Holdable {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private _value: number;
  private readonly _shownName: string;
  private readonly _initial: number;
  /** @internal */
  readonly _waiters: OperationQueue<true>;

  /** @param value - Permits at the beginning. @throws RangeError unless it is an integer that is not negative. */
  constructor(value = 1, options?: PrimitiveOptions) {
    this._shownName = nameShown("Semaphore", options);
    this._value = requirePermits(value);
    this._initial = value;
    this._waiters = new Acquiring("Semaphore.acquire", this, `${this.constructor.name}.acquire`);
  }

  /** Whether `acquire` would have to wait: no permit is there, or a task is ahead. @see asyncio.Semaphore.locked */
  locked(): boolean {
    touched(this, "r");
    return this._value === 0 || !this._waiters.allCancelled();
  }

  /** Wait for a permit and take it. @see asyncio.Semaphore.acquire */
  acquire(): Operation<true> {
    return new WaitOperation(this._waiters, true);
  }

  /** Give a permit back, and wake the first waiter. @see asyncio.Semaphore.release */
  release(): void {
    touched(this, "w");
    this._value++;
    tell(this, "released", this._waiters.size);
    this._wakeNext();
  }

  /** Run `callback` while holding a permit. @returns What `callback` returned. @see `async with semaphore` */
  with<T>(callback: BlockCallback<[], T>): Operation<T> {
    return withHeld("Semaphore", this, callback);
  }

  /** Acquire a permit; disposing of the guard releases it. */
  hold(): Operation<Guard> {
    return hold("Semaphore", this);
  }

  toString(): string {
    const state = this.locked() ? "locked" : `unlocked, value:${this._value}`;
    const waiters = this._waiters.size === 0 ? "" : `, waiters:${this._waiters.size}`;
    return `<${this.constructor.name}${this._shownName} [${state}${waiters}]>`;
  }

  /** @internal Permits that are neither held nor promised. */
  get _permits(): number {
    return this._value;
  }

  /** @internal Permits that were acquired and not released, as far as is known. */
  get _missing(): number {
    return Math.max(0, this._initial - this._value);
  }

  /** @internal Take a permit, if one is there and no task is ahead. */
  _acquireNow(): boolean {
    touched(this, "w");
    if (this.locked()) {
      return false;
    }
    this._value--;
    tell(this, "acquired", this._waiters.size);
    return true;
  }

  /** @internal A waiter has the permit that was promised to it. */
  _handedOver(): void {
    tell(this, "acquired", this._waiters.size);
    // New waiters may have come while there were permits: a task that leaves serves them.
    this._wakeWhilePossible();
  }

  /** @internal A waiter has left without a permit. @param wasPromised - One was promised to it. */
  _passOn(wasPromised: boolean): void {
    if (wasPromised) {
      this._value++;
    }
    this._wakeWhilePossible();
  }

  private _wakeWhilePossible(): void {
    while (this._value > 0 && this._wakeNext()) {
      // Each turn gives one permit away.
    }
  }

  private _wakeNext(): boolean {
    if (this._waiters.wake(1) === 0) {
      return false;
    }
    this._value--;
    return true;
  }
}

class Acquiring extends OperationQueue<true, Semaphore> {
  attempt(): boolean {
    return this.owner._acquireNow();
  }

  goOn(operation: WaitOperation<true>): number {
    this.leave(operation);
    this.owner._handedOver();
    return operation._finish(true);
  }

  giveUp(operation: WaitOperation<true>): boolean {
    this.leave(operation);
    this.owner._passOn(operation._state === WOKEN);
    return false;
  }
}

/** A semaphore that is never released above its initial value. @see asyncio.BoundedSemaphore */
export class BoundedSemaphore extends Semaphore {
  private readonly _bound: number;

  constructor(value = 1, options?: PrimitiveOptions) {
    super(value, options);
    this._bound = value;
  }

  /** As {@link Semaphore.release}. @throws RangeError above the initial value. @see asyncio.BoundedSemaphore.release */
  override release(): void {
    touched(this, "w");
    if (this._permits >= this._bound) {
      throw new RangeError(`BoundedSemaphore released too many times: ${this}, bound ${this._bound}`);
    }
    super.release();
  }
}
