import { touched } from "../loop/touched.ts";
import { describe } from "../loop/validate.ts";
import type { Body } from "../tasks/body.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { type Guard, type Holdable, hold, withHeld } from "./guard.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { type Waiter, WaitQueue } from "./wait-queue.ts";

const requirePermits = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Semaphore: expected the initial value to be an integer >= 0, got ${describe(value)}`);
  }
  return value;
};

/**
 * A counter of permits: `acquire` takes one, and waits while there is none.
 *
 * Invariant: a permit that is released while a task waits is at once the first waiter's; a woken waiter that is cancelled gives it back.
 *
 * @see asyncio.Semaphore
 */
export class Semaphore implements Holdable {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private _value: number;
  private readonly _shownName: string;
  private readonly _initial: number;
  private readonly _waiters: WaitQueue<Waiter>;

  /** @param value - Permits at the beginning. @throws RangeError unless it is an integer that is not negative. */
  constructor(value = 1, options?: PrimitiveOptions) {
    this._shownName = nameShown("Semaphore", options);
    this._value = requirePermits(value);
    this._initial = value;
    this._waiters = new WaitQueue<Waiter>(`${this.constructor.name}.acquire`, this);
  }

  /** Whether `acquire` would have to wait: no permit is there, or a task is ahead. @see asyncio.Semaphore.locked */
  locked(): boolean {
    touched(this, "r");
    return this._value === 0 || !this._waiters.allCancelled();
  }

  /** Wait for a permit and take it. @see asyncio.Semaphore.acquire */
  acquire(): Operation<true> {
    return new GeneratorOperation("Semaphore.acquire", this._acquireSteps());
  }

  /** Give a permit back, and wake the first waiter. @see asyncio.Semaphore.release */
  release(): void {
    touched(this, "w");
    this._value++;
    tell(this, "released", this._waiters.size);
    this._wakeNext();
  }

  /** Run `body` while holding a permit. @returns What `body` returned. @see `async with semaphore` */
  with<T>(body: Body<[], T>): Operation<T> {
    return withHeld("Semaphore", this, body);
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

  /** @internal */
  *_acquireSteps(): Steps<true> {
    touched(this, "w");
    if (!this.locked()) {
      this._value--;
      tell(this, "acquired", this._waiters.size);
      return true;
    }
    const waiter = this._waiters.join();
    try {
      yield waiter;
    } catch (error) {
      this._waiters.leave(waiter);
      if (waiter.done() && !waiter.cancelled()) {
        this._value++;
      }
      this._wakeWhilePossible();
      throw error;
    }
    this._waiters.leave(waiter);
    tell(this, "acquired", this._waiters.size);
    // New waiters may have come while there were permits: a task that leaves serves them.
    this._wakeWhilePossible();
    return true;
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
