import { touched } from "../loop/touched.ts";
import type { Operation } from "../tasks/operation.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { type TracedPrimitive, tell } from "./tell.ts";
import { OperationQueue, WaitOperation } from "./wait-operation.ts";

/**
 * A flag that tasks can wait for.
 *
 * @see asyncio.Event
 */
export class Event {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  private _value = false;
  private readonly _shownName: string;
  /** @internal */
  readonly _waiters: OperationQueue<true> = new Waiting("Event.wait", this);

  /** @throws TypeError for unknown options. */
  constructor(options?: PrimitiveOptions) {
    this._shownName = nameShown("Event", options);
  }

  /** Whether the flag is set. @see asyncio.Event.is_set */
  isSet(): boolean {
    touched(this, "r");
    return this._value;
  }

  /** Set the flag and wake all who wait; they return even if it is cleared before they run. @see asyncio.Event.set */
  set(): void {
    if (!this._value) {
      tell(this, "released", this._waiters.size);
    }
    this._set();
  }

  /** @internal {@link set}, of which a trace hears nothing. */
  _set(): void {
    touched(this, "w");
    if (!this._value) {
      this._value = true;
      this._waiters.wake(Number.POSITIVE_INFINITY);
    }
  }

  /** Take the flag back. @see asyncio.Event.clear */
  clear(): void {
    touched(this, "w");
    this._value = false;
  }

  /** Wait until the flag is set; at once if it is. @see asyncio.Event.wait */
  wait(): Operation<true> {
    return new WaitOperation(this._waiters, true);
  }

  toString(): string {
    const waiters = this._waiters.size === 0 ? "" : `, waiters:${this._waiters.size}`;
    return `<Event${this._shownName} [${this._value ? "set" : "unset"}${waiters}]>`;
  }
}

class Waiting extends OperationQueue<true, Event> {
  attempt(): boolean {
    return this.owner.isSet();
  }

  goOn(operation: WaitOperation<true>): number {
    this.leave(operation);
    return operation._finish(true);
  }

  giveUp(operation: WaitOperation<true>): boolean {
    this.leave(operation);
    return false;
  }
}
