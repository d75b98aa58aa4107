/** What a ladder queue holds. */
export interface Chained {
  /** @internal The time that it is queued for, in seconds. */
  _due: number;
  /** @internal The item behind it in its chain. The queue's own. */
  _behind: Chained | null;
}

/** Chains of items, spread over buckets of equal width. Buckets before `current` are spent. */
export class Rung {
  start: number;
  perSecond = 0;
  buckets = 1;
  current = 0;
  private _heads: (Chained | null)[] = [null];
  private _tails: (Chained | null)[] = [null];

  /** One bucket for all that is due at `start` or later. */
  constructor(start: number) {
    this.start = start;
  }

  /** Buckets that reach from `start` on. The rung is empty. */
  reset(start: number, perSecond: number, buckets: number): void {
    this.start = start;
    this.perSecond = perSecond;
    this.buckets = buckets;
    this.current = 0;
    if (this._heads.length < buckets) {
      this._heads = new Array<Chained | null>(buckets).fill(null);
      this._tails = new Array<Chained | null>(buckets).fill(null);
    }
  }

  /** The bucket for `when`. Never falls as `when` rises, so that rounding cannot put two items into the wrong order. */
  bucketOf(when: number): number {
    const position = (when - this.start) * this.perSecond;
    return position < this.buckets ? position | 0 : this.buckets - 1;
  }

  isEmpty(bucket: number): boolean {
    return this._heads[bucket] === null;
  }

  /** Take all that is in a bucket, as a chain. */
  take(bucket: number): Chained | null {
    const head = this._heads[bucket] as Chained | null;
    this._heads[bucket] = null;
    this._tails[bucket] = null;
    return head;
  }

  /** Add `item`, which has nothing behind it, to a bucket. */
  append(bucket: number, item: Chained): void {
    const last = this._tails[bucket] as Chained | null;
    if (last === null) {
      this._heads[bucket] = item;
    } else {
      last._behind = item;
    }
    this._tails[bucket] = item;
  }

  /** Put a chain in front of the first bucket. */
  prepend(first: Chained, last: Chained): void {
    last._behind = this._heads[0] as Chained | null;
    if (last._behind === null) {
      this._tails[0] = last;
    }
    this._heads[0] = first;
  }
}
