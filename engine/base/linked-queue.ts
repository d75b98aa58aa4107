/** What a {@link LinkedQueue} holds: an item that carries its own links. */
export interface Linked {
  /** @internal The item in front of it. The queue's own. */
  _front: Linked | null;
  /** @internal The item behind it. The queue's own. */
  _back: Linked | null;
}

/**
 * A queue through its items, which are in one queue at a time: joining at the end and leaving from anywhere cost O(1).
 *
 * With a comparison, an item joins behind all that do not come after it.
 */
export class LinkedQueue<T extends Linked> {
  /** How many items are in the queue. */
  size = 0;
  private _first: Linked | null = null;
  private _last: Linked | null = null;

  /** The item at the head; `null` when there is none. */
  get first(): T | null {
    return this._first as T | null;
  }

  /** The item at the end; `null` when there is none. */
  get last(): T | null {
    return this._last as T | null;
  }

  /** The item behind `item`; `null` at the end. */
  after(item: T): T | null {
    return item._back as T | null;
  }

  /** Join at the end. */
  append(item: T): void {
    this._link(item, this._last, null);
  }

  /** Join at the head. */
  prepend(item: T): void {
    this._link(item, null, this._first);
  }

  /**
   * Join in front of all items at the end that come after it.
   *
   * @param isBefore - Whether the first item comes before the second.
   */
  insert(item: T, isBefore: (a: T, b: T) => boolean): void {
    let front = this._last;
    while (front !== null && isBefore(item, front as T)) {
      front = front._front;
    }
    this._link(item, front, front === null ? this._first : front._back);
  }

  /** Join so that `place` items are in front. */
  insertAt(item: T, place: number): void {
    let back = this._first;
    for (let i = 0; i < place && back !== null; i++) {
      back = back._back;
    }
    this._link(item, back === null ? this._last : back._front, back);
  }

  /** Leave. Nothing happens if `item` is not in the queue. */
  remove(item: T): void {
    const { _front: front, _back: back } = item;
    if (front === null && this._first !== item) {
      return;
    }
    if (front === null) {
      this._first = back;
    } else {
      front._back = back;
    }
    if (back === null) {
      this._last = front;
    } else {
      back._front = front;
    }
    item._front = null;
    item._back = null;
    this.size--;
  }

  /** The items in order. The one that was given last may leave meanwhile. */
  *[Symbol.iterator](): Generator<T, void, void> {
    let item = this._first;
    while (item !== null) {
      const next: Linked | null = item._back;
      yield item as T;
      item = next;
    }
  }

  private _link(item: Linked, front: Linked | null, back: Linked | null): void {
    item._front = front;
    item._back = back;
    if (front === null) {
      this._first = item;
    } else {
      front._back = item;
    }
    if (back === null) {
      this._last = item;
    } else {
      back._front = item;
    }
    this.size++;
  }
}
