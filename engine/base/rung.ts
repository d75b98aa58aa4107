/** No slot: the end of a chain, or an empty one. */
export const NONE = -1;

/** Entries spread over buckets of equal width. Buckets before `current` are spent. */
export class Rung {
  start: number;
  perSecond = 0;
  buckets = 1;
  current = 0;
  heads = new Int32Array([NONE]);
  tails = new Int32Array([NONE]);

  /** One bucket for all that is due at `start` or later. */
  constructor(start: number) {
    this.start = start;
  }

  reset(start: number, perSecond: number, buckets: number): void {
    this.start = start;
    this.perSecond = perSecond;
    this.buckets = buckets;
    this.current = 0;
    if (this.heads.length < buckets) {
      this.heads = new Int32Array(buckets);
      this.tails = new Int32Array(buckets);
    }
    this.heads.fill(NONE, 0, buckets);
  }

  /** The bucket for `when`. Never falls as `when` rises, so that rounding cannot put two entries into the wrong order. */
  bucketOf(when: number): number {
    const position = (when - this.start) * this.perSecond;
    return position < this.buckets ? position | 0 : this.buckets - 1;
  }
}
