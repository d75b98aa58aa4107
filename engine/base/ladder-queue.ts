import { NONE, Rung } from "./rung.ts";

/** Up to this many entries a bucket is sorted outright; above, it is spread over a finer rung. */
const SORT_UP_TO = 48;
/** The bottom gives half of itself away when insertions have made it this long. */
const BOTTOM_LIMIT = 64;
/** Entries per bucket that a new rung aims at. */
const PER_BUCKET = 2;
const MAX_RUNGS = 13;

const grownTo = (size: number): number => Math.max(16, size * 2);

function grownInts(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const ints = new Int32Array(size);
  ints.set(old);
  return ints;
}

function grownDoubles(old: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const doubles = new Float64Array(size);
  doubles.set(old);
  return doubles;
}

/**
 * A priority queue of items by time, first in, first out among equal times, with amortised O(1) operations.
 *
 * A ladder queue (Tang, Goh and Thng, 2005): entries leave from the short, sorted *bottom*. What comes after all that is there waits unsorted on
 * *top*; when its time has come it is spread over the buckets of a *rung*, a crowded bucket over a finer rung, and the bucket whose time has come
 * is sorted into the bottom. It beats a heap of 1,000 entries by a factor of two and one of 1,000,000 by more. Departures from the paper: every
 * move is stable, so no sequence numbers are kept; entries are numbers in typed arrays, chained through `_next`; the top is the coarsest rung, of a
 * single bucket; an overlong bottom gives its later half back to the top or to a rung of its own.
 *
 * Invariants:
 * 1. what is in the bottom comes before what is on the rungs, and a finer rung before a coarser one; of two equal times, the one that came
 *    first is never behind;
 * 2. chains keep the order of arrival;
 * 3. the bottom is empty only if the queue is.
 */
export class LadderQueue<T> {
  /** Time of the earliest item; `Infinity` when there is none. */
  headWhen = Number.POSITIVE_INFINITY;
  /** How many items are in the queue. */
  size = 0;

  private readonly _items: (T | undefined)[] = [];
  private _when = new Float64Array(0);
  private _next = new Int32Array(0);
  private _slots = 0;
  private _free = NONE;

  private _bottom = new Int32Array(0);
  private _bottomWhen = new Float64Array(0);
  private _bottomHead = 0;
  private _bottomTail = 0;

  private readonly _top = new Rung(Number.POSITIVE_INFINITY);
  /** The coarsest first; those from `_rungCount` on are kept for later. */
  private readonly _rungs = [this._top];
  private _rungCount = 1;

  private _min = Number.POSITIVE_INFINITY;
  private _max = Number.NEGATIVE_INFINITY;

  /** Add `item` at `when`, which is finite; behind all that are there with the same time. */
  push(when: number, item: T): void {
    const slot = this._takeSlot(when, item);
    this.size++;
    if (!this._pushOnRung(slot, when)) {
      this._insertIntoBottom(slot, when);
    }
    if (when < this.headWhen) {
      this.headWhen = when;
    }
  }

  /** Take the earliest item. */
  pop(): T | undefined {
    if (this._bottomHead === this._bottomTail) {
      return undefined;
    }
    const slot = this._bottom[this._bottomHead++] as number;
    const item = this._items[slot];
    this._freeSlot(slot);
    this.headWhen =
      this._bottomHead < this._bottomTail || this._refillBottom()
        ? (this._bottomWhen[this._bottomHead] as number)
        : Number.POSITIVE_INFINITY;
    return item;
  }

  /** The earliest item, which stays. */
  peek(): T | undefined {
    if (this._bottomHead === this._bottomTail) {
      return undefined;
    }
    return this._items[this._bottom[this._bottomHead] as number];
  }

  /** Drop every item for which `keep` is false; the others keep their order. */
  retain(keep: (item: T) => boolean): void {
    // In the order of the slots, in which items were made: chains would jump through memory at every step.
    for (let slot = 0; slot < this._slots; slot++) {
      const item = this._items[slot];
      if (item !== undefined && !keep(item)) {
        this._items[slot] = undefined;
      }
    }
    this._dropFromBottom();
    for (let i = 0; i < this._rungCount; i++) {
      const rung = this._rungs[i] as Rung;
      for (let bucket = rung.current; bucket < rung.buckets; bucket++) {
        const chain = rung.heads[bucket] as number;
        rung.heads[bucket] = NONE;
        this._dropFromChain(chain, (slot) => this._appendToBucket(rung, bucket, slot));
      }
    }
    this.headWhen =
      this._bottomHead < this._bottomTail || this._refillBottom()
        ? (this._bottomWhen[this._bottomHead] as number)
        : Number.POSITIVE_INFINITY;
  }

  /** Close the gaps that {@link retain} made in the bottom. */
  private _dropFromBottom(): void {
    let tail = this._bottomHead;
    for (let i = tail; i < this._bottomTail; i++) {
      const slot = this._bottom[i] as number;
      if (this._items[slot] !== undefined) {
        this._bottom[tail] = slot;
        this._bottomWhen[tail++] = this._bottomWhen[i] as number;
      } else {
        this._freeSlot(slot);
      }
    }
    this._bottomTail = tail;
  }

  /** Append again what {@link retain} left of a chain. */
  private _dropFromChain(head: number, append: (slot: number) => void): void {
    let slot = head;
    while (slot !== NONE) {
      const next = this._next[slot] as number;
      if (this._items[slot] !== undefined) {
        append(slot);
      } else {
        this._freeSlot(slot);
      }
      slot = next;
    }
  }

  private _freeSlot(slot: number): void {
    this._items[slot] = undefined;
    this._next[slot] = this._free;
    this._free = slot;
    this.size--;
  }

  private _takeSlot(when: number, item: T): number {
    let slot = this._free;
    if (slot === NONE) {
      slot = this._slots++;
      if (slot === this._when.length) {
        this._when = grownDoubles(this._when, grownTo(slot));
        this._next = grownInts(this._next, grownTo(slot));
      }
    } else {
      this._free = this._next[slot] as number;
    }
    this._when[slot] = when;
    this._items[slot] = item;
    return slot;
  }

  /** Whether there was a rung whose unspent buckets include `when`; the coarser rungs hold the later times. */
  private _pushOnRung(slot: number, when: number): boolean {
    for (let i = 0; i < this._rungCount; i++) {
      const rung = this._rungs[i] as Rung;
      if (when >= rung.start) {
        const bucket = rung.bucketOf(when);
        if (bucket >= rung.current) {
          this._appendToBucket(rung, bucket, slot);
          return true;
        }
      }
    }
    return false;
  }

  private _appendToBucket(rung: Rung, bucket: number, slot: number): void {
    this._next[slot] = NONE;
    if (rung.heads[bucket] === NONE) {
      rung.heads[bucket] = slot;
    } else {
      this._next[rung.tails[bucket] as number] = slot;
    }
    rung.tails[bucket] = slot;
  }

  private _insertIntoBottom(slot: number, when: number): void {
    this._sortInto(slot, when);
    if (this._bottomTail - this._bottomHead > BOTTOM_LIMIT) {
      this._shortenBottom();
    }
  }

  /** Place an entry in the bottom behind all that are not later. */
  private _sortInto(slot: number, when: number): void {
    if (this._bottomTail === this._bottom.length) {
      this._growBottom();
    }
    const slots = this._bottom;
    const whens = this._bottomWhen;
    const head = this._bottomHead;
    let i = this._bottomTail++;
    while (i > head && (whens[i - 1] as number) > when) {
      whens[i] = whens[i - 1] as number;
      slots[i] = slots[i - 1] as number;
      i--;
    }
    whens[i] = when;
    slots[i] = slot;
  }

  private _growBottom(): void {
    const head = this._bottomHead;
    if (head > this._bottom.length >> 1) {
      this._bottom.copyWithin(0, head, this._bottomTail);
      this._bottomWhen.copyWithin(0, head, this._bottomTail);
      this._bottomTail -= head;
      this._bottomHead = 0;
      return;
    }
    this._bottomWhen = grownDoubles(this._bottomWhen, grownTo(this._bottom.length));
    this._bottom = grownInts(this._bottom, grownTo(this._bottom.length));
  }

  /** Give the later half of the bottom away: in front of the top, or as the finest rung. */
  private _shortenBottom(): void {
    const from = (this._bottomHead + this._bottomTail) >> 1;
    const to = this._bottomTail;
    const first = this._bottom[from] as number;
    for (let i = from; i < to; i++) {
      this._next[this._bottom[i] as number] = i + 1 < to ? (this._bottom[i + 1] as number) : NONE;
    }
    const min = this._bottomWhen[from] as number;
    const max = this._bottomWhen[to - 1] as number;
    if (this._rungCount > 1) {
      if (this._rungCount < MAX_RUNGS && max > min && this._spread(first, to - from, min, max)) {
        this._bottomTail = from;
      }
      return;
    }
    this._bottomTail = from;
    this._prependToTop(first, this._bottom[to - 1] as number);
    this._top.start = min;
  }

  private _prependToTop(first: number, last: number): void {
    const top = this._top;
    this._next[last] = top.heads[0] as number;
    if (top.heads[0] === NONE) {
      top.tails[0] = last;
    }
    top.heads[0] = first;
  }

  /** Sort the next bucket into the empty bottom; false when nothing is left. */
  private _refillBottom(): boolean {
    this._bottomHead = 0;
    this._bottomTail = 0;
    while (this._bottomTail === 0) {
      if (this._rungCount > 1) {
        this._takeBucket(this._rungs[this._rungCount - 1] as Rung);
      } else if (this._top.heads[0] !== NONE) {
        this._takeTop();
      } else {
        this._top.start = Number.POSITIVE_INFINITY;
        return false;
      }
    }
    return true;
  }

  private _takeBucket(rung: Rung): void {
    while (rung.current < rung.buckets && rung.heads[rung.current] === NONE) {
      rung.current++;
    }
    if (rung.current === rung.buckets) {
      this._rungCount--;
      return;
    }
    const chain = rung.heads[rung.current++] as number;
    if (rung.current === rung.buckets) {
      // Its last bucket holds all that came later, too: without this, each generation would stand on the one before.
      this._rungCount--;
    }
    this._takeChain(chain);
  }

  private _takeTop(): void {
    const chain = this._top.heads[0] as number;
    this._top.heads[0] = NONE;
    this._top.start = this._takeChain(chain);
  }

  /** Sort a chain into the empty bottom, or spread it over a finer rung if it is long. Gives the latest time in it. */
  private _takeChain(head: number): number {
    const count = this._measure(head);
    const min = this._min;
    const max = this._max;
    if (count > SORT_UP_TO && max > min) {
      if (this._rungCount < MAX_RUNGS && this._spread(head, count, min, max)) {
        return max;
      }
      this._sortLongChain(head);
      return max;
    }
    for (let slot = head; slot !== NONE; slot = this._next[slot] as number) {
      this._sortInto(slot, this._when[slot] as number);
    }
    return max;
  }

  /** Count a chain, and note its earliest and its latest time. */
  private _measure(head: number): number {
    let count = 0;
    this._min = Number.POSITIVE_INFINITY;
    this._max = Number.NEGATIVE_INFINITY;
    for (let slot = head; slot !== NONE; slot = this._next[slot] as number) {
      const when = this._when[slot] as number;
      if (when < this._min) {
        this._min = when;
      }
      if (when > this._max) {
        this._max = when;
      }
      count++;
    }
    return count;
  }

  /** Make a chain the finest rung; false when its times lie too close together to be told apart by buckets. */
  private _spread(head: number, count: number, min: number, max: number): boolean {
    const buckets = Math.ceil(count / PER_BUCKET);
    const perSecond = buckets / (max - min);
    if (!(perSecond < Number.MAX_VALUE)) {
      return false;
    }
    this._rungs[this._rungCount] ??= new Rung(min);
    const rung = this._rungs[this._rungCount++] as Rung;
    rung.reset(min, perSecond, buckets);
    let slot = head;
    while (slot !== NONE) {
      const next = this._next[slot] as number;
      this._appendToBucket(rung, rung.bucketOf(this._when[slot] as number), slot);
      slot = next;
    }
    return true;
  }

  private _sortLongChain(head: number): void {
    const slots: number[] = [];
    for (let slot = head; slot !== NONE; slot = this._next[slot] as number) {
      slots.push(slot);
    }
    slots.sort((a, b) => (this._when[a] as number) - (this._when[b] as number));
    for (const slot of slots) {
      this._sortInto(slot, this._when[slot] as number);
    }
  }
}
