import { heappop, heappush, type Less } from "../base/heapq.ts";

/** Where a store keeps its items. */
export interface Items<T> {
  readonly size: number;
  add(item: T): void;
  /** Put an item back that was taken last. */
  putBack(item: T): void;
  /** Take the next item that `filter` accepts; `null` if there is none. */
  take(filter: ((item: T) => boolean) | null): { readonly item: T } | null;
  /** The items in the order in which they would be taken. */
  list(): readonly T[];
}

/** Items in the order in which they came. */
export class ItemList<T> implements Items<T> {
  private _items: T[] = [];
  private _head = 0;

  get size(): number {
    return this._items.length - this._head;
  }

  add(item: T): void {
    this._items.push(item);
  }

  putBack(item: T): void {
    if (this._head > 0) {
      this._items[--this._head] = item;
    } else {
      this._items.unshift(item);
    }
  }

  take(filter: ((item: T) => boolean) | null): { readonly item: T } | null {
    const { _items: items, _head: head } = this;
    if (head === items.length) {
      return null;
    }
    if (filter === null) {
      const item = items[head] as T;
      items[head] = undefined as T;
      this._head++;
      this._shrink();
      return { item };
    }
    for (let i = head; i < items.length; i++) {
      const item = items[i] as T;
      if (filter(item)) {
        items.splice(i, 1);
        return { item };
      }
    }
    return null;
  }

  list(): readonly T[] {
    return this._items.slice(this._head);
  }

  private _shrink(): void {
    if (this._head > 1024 && this._head * 2 > this._items.length) {
      this._items = this._items.slice(this._head);
      this._head = 0;
    }
  }
}

interface Ranked<T> {
  readonly item: T;
  readonly rank: number;
}

/** Items by a comparison; equal ones in the order in which they came. */
export class ItemHeap<T> implements Items<T> {
  private _heap: Ranked<T>[] = [];
  private _ranks = 0;
  private _returned = 0;
  private readonly _less: Less<Ranked<T>>;

  constructor(less: Less<T>) {
    this._less = (a, b) => less(a.item, b.item) || (!less(b.item, a.item) && a.rank < b.rank);
  }

  get size(): number {
    return this._heap.length;
  }

  add(item: T): void {
    heappush(this._heap, { item, rank: ++this._ranks }, this._less);
  }

  putBack(item: T): void {
    heappush(this._heap, { item, rank: --this._returned }, this._less);
  }

  take(filter: ((item: T) => boolean) | null): { readonly item: T } | null {
    if (filter === null) {
      return heappop(this._heap, this._less) ?? null;
    }
    const found = this._sorted().find(({ item }) => filter(item)) ?? null;
    if (found !== null) {
      const rest = this._heap.filter((each) => each !== found);
      this._heap = [];
      for (const each of rest) {
        heappush(this._heap, each, this._less);
      }
    }
    return found;
  }

  list(): readonly T[] {
    return this._sorted().map(({ item }) => item);
  }

  private _sorted(): Ranked<T>[] {
    return [...this._heap].sort((a, b) => (this._less(a, b) ? -1 : 1));
  }
}
