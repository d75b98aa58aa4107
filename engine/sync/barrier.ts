import { describeValue } from "../base/describe.ts";
import { SafeError } from "../base/safe-error.ts";
import { touched } from "../loop/touched.ts";
import type { BlockCallback } from "../tasks/block-callback.ts";
import { beginBlock, requireBlockCallback } from "../tasks/block-callback.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { Condition } from "./condition.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";

/** The barrier was aborted, or reset while tasks waited at it. @see asyncio.BrokenBarrierError */
export class BrokenBarrierError extends SafeError {
  override name = "BrokenBarrierError";
}

type State = "filling" | "draining" | "resetting" | "broken";

/**
 * A point where a number of tasks wait for each other; the last to come lets all go on. It can be used again and again.
 *
 * @see asyncio.Barrier
 */
export class Barrier {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private readonly _condition = new Condition();
  private readonly _parties: number;
  private readonly _shownName: string;
  private _state: State = "filling";
  private _count = 0;

  /** @param parties - How many tasks wait for each other. @throws RangeError unless it is an integer above zero. */
  constructor(parties: number, options?: PrimitiveOptions) {
    this._shownName = nameShown("Barrier", options);
    if (!Number.isSafeInteger(parties) || parties < 1) {
      throw new RangeError(`Barrier: expected parties to be an integer > 0, got ${describeValue(parties)}`);
    }
    this._parties = parties;
  }

  /** How many tasks wait for each other. @see asyncio.Barrier.parties */
  get parties(): number {
    return this._parties;
  }

  /** How many wait now, while the barrier fills. @see asyncio.Barrier.n_waiting */
  get nWaiting(): number {
    touched(this, "r");
    return this._state === "filling" ? this._count : 0;
  }

  /** Whether the barrier was aborted. @see asyncio.Barrier.broken */
  get broken(): boolean {
    touched(this, "r");
    return this._state === "broken";
  }

  /**
   * Wait for the others. A task that comes while earlier ones are leaving waits until they have left.
   *
   * @returns The place in the order of arrival, from 0. @throws BrokenBarrierError when awaited.
   * @see asyncio.Barrier.wait
   */
  wait(): Operation<number> {
    return new GeneratorOperation("Barrier.wait", this._waitSteps());
  }

  /** Wait, then run `callback`; leaving it does nothing. @see `async with barrier` */
  with<T>(callback: BlockCallback<[number], T>): Operation<T> {
    requireBlockCallback("Barrier.with", callback);
    return new GeneratorOperation("Barrier.with", this._withSteps(callback));
  }

  /** Make the barrier empty; tasks that wait at it get `BrokenBarrierError`. @see asyncio.Barrier.reset */
  reset(): Operation<void> {
    return new GeneratorOperation(
      "Barrier.reset",
      this._changeSteps(() => (this._count > 0 ? "resetting" : "filling")),
    );
  }

  /** Break the barrier: present and future waits get `BrokenBarrierError`, until `reset`. @see asyncio.Barrier.abort */
  abort(): Operation<void> {
    return new GeneratorOperation(
      "Barrier.abort",
      this._changeSteps(() => "broken"),
    );
  }

  toString(): string {
    const waiters = this.broken ? "" : `, waiters:${this.nWaiting}/${this._parties}`;
    return `<Barrier${this._shownName} [${this._state}${waiters}]>`;
  }

  private *_withSteps<T>(callback: BlockCallback<[number], T>): Steps<T> {
    const index = yield* this._waitSteps();
    return (yield beginBlock(callback, index)) as T;
  }

  private *_changeSteps(next: () => State): Steps<void> {
    yield* this._condition._acquireSteps();
    try {
      touched(this, "w");
      this._state = next();
      this._condition.notifyAll();
    } finally {
      this._condition.release();
    }
  }

  private *_waitSteps(): Steps<number> {
    yield* this._condition._acquireSteps();
    try {
      yield* this._untilOpen();
      try {
        touched(this, "w");
        const index = this._count++;
        if (index + 1 === this._parties) {
          tell(this, "released", index);
          this._state = "draining";
          this._condition.notifyAll();
        } else {
          tell(this, "waited", this._count);
          yield* this._untilFull();
          tell(this, "acquired", this._count - 1);
        }
        return index;
      } finally {
        touched(this, "w");
        this._count--;
        this._leave();
      }
    } finally {
      this._condition.release();
    }
  }

  private *_untilOpen(): Steps<void> {
    yield* this._condition._waitForSteps(() => this._state !== "draining" && this._state !== "resetting");
    if (this._state === "broken") {
      throw new BrokenBarrierError(`Barrier aborted: ${this}`);
    }
  }

  private *_untilFull(): Steps<void> {
    yield* this._condition._waitForSteps(() => this._state !== "filling");
    if (this._state === "broken" || this._state === "resetting") {
      throw new BrokenBarrierError(`Abort or reset of barrier: ${this}`);
    }
  }

  private _leave(): void {
    if (this._count === 0) {
      if (this._state === "resetting" || this._state === "draining") {
        this._state = "filling";
      }
      this._condition.notifyAll();
    }
  }
}
