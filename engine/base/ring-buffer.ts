import type { ReadyQueue } from "./ordering-policy.ts";

const INITIAL_CAPACITY = 16;

/**
 * A first-in, first-out queue on a circular array; both ends cost O(1).
 *
 * Invariants:
 * 1. the capacity is a power of two, and `_mask` is the capacity minus one;
 * 2. the items are those from `_head` up to, but without, `_tail`, round the end of the array;
 * 3. `_head === _tail` means empty, for the array grows as soon as it is full.
 */
export class RingBuffer<T> implements ReadyQueue<T> {
  private _items: (T | undefined)[] = new Array(INITIAL_CAPACITY);
  private _mask = INITIAL_CAPACITY - 1;
  private _head = 0;
  private _tail = 0;

  /** How many items are queued. */
  get length(): number {
    return (this._tail - this._head) & this._mask;
  }

  /** Append `item`. */
  push(item: T): void {
    this._items[this._tail] = item;
    this._tail = (this._tail + 1) & this._mask;
    if (this._tail === this._head) {
      this._grow();
    }
  }

  /** Put `item` in front of the oldest. */
  unshift(item: T): void {
    this._head = (this._head - 1) & this._mask;
    this._items[this._head] = item;
    if (this._tail === this._head) {
      this._grow();
    }
  }

  /** Take the oldest item; `undefined` when there is none. */
  shift(): T | undefined {
    const item = this._items[this._head];
    if (this._head !== this._tail) {
      this._items[this._head] = undefined;
      this._head = (this._head + 1) & this._mask;
    }
    return item;
  }

  private _grow(): void {
    const old = this._items;
    const size = old.length;
    const items: (T | undefined)[] = new Array(size * 2);
    for (let i = 0; i < size; i++) {
      items[i] = old[(this._head + i) & this._mask];
    }
    this._items = items;
    this._mask = items.length - 1;
    this._head = 0;
    this._tail = size;
  }
}
