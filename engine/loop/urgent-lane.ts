import type { Runnable } from "../base/runnable.ts";

/** The side of a loop that an {@link UrgentLane} works with. */
interface UrgentOwner {
  /** @internal Run `item` before all that is ready. */
  _putFirst(item: Runnable): void;
  /** @internal Run `item` as the last act of a handle. */
  _runNext(item: Runnable): void;
}

/**
 * What runs before everything that is ready, in the order in which it was asked for.
 *
 * The lane itself stands at the head of the ready queue while it holds something.
 *
 * @see SimPy's events of priority `URGENT`
 */
export class UrgentLane implements Runnable {
  private readonly _owner: UrgentOwner;
  private readonly _items: Runnable[] = [];

  constructor(owner: UrgentOwner) {
    this._owner = owner;
  }

  /** Add `item` behind what is urgent already. */
  add(item: Runnable): void {
    this._items.push(item);
    if (this._items.length === 1) {
      this._owner._putFirst(this);
    }
  }

  /** @internal */
  _run(): void {
    const item = this._items.shift()!;
    if (this._items.length > 0) {
      this._owner._putFirst(this);
    }
    this._owner._runNext(item);
  }
}
