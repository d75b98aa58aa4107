import { describeValue } from "../base/describe.ts";
import { requireFinite } from "./numbers.ts";

/** Buckets to a doubling: the top seven bits of the mantissa. */
const BITS = 7;
const PER_OCTAVE = 1 << BITS;
/** A bucket's middle is at most this far from any value in it, relative to the value. */
const RELATIVE_ERROR = 1 / (2 * PER_OCTAVE);
/** The largest number of buckets on each side of zero: 32 doublings, almost ten powers of ten. */
const MAX_BUCKETS = 32 * PER_OCTAVE;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const SHIFT = 20 - BITS;

/** The bucket of a positive number: its exponent and the first bits of its mantissa, read off the double itself. */
function bucketOf(value: number): number {
  double[0] = value;
  return words[HIGH]! >>> SHIFT;
}

/** The lower bound of a bucket. */
function lowerBound(bucket: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = bucket << SHIFT;
  return double[0]!;
}

const middle = (bucket: number): number => (lowerBound(bucket) + lowerBound(bucket + 1)) / 2;

/**
 * Counts of the values on one side of zero, by bucket. Below the highest {@link MAX_BUCKETS} buckets everything counts
 * as the lowest of them.
 */
class Side {
  counts = new Float64Array(0);
  first = 0;
  total = 0;

  add(bucket: number, count: number): void {
    this.total += count;
    const { length } = this.counts;
    if (bucket >= this.first + length || bucket < this.first) {
      this._makeRoom(bucket);
    }
    const index = Math.max(0, bucket - this.first);
    this.counts[index] = this.counts[index]! + count;
  }

  /** Grow by whole octaves, so that where the counts begin depends on the values alone, not on their order. */
  private _makeRoom(bucket: number): void {
    const old = this.counts;
    const octave = Math.floor(bucket / PER_OCTAVE);
    const end = Math.max(old.length === 0 ? 0 : this.first + old.length, (octave + 1) * PER_OCTAVE);
    const wanted = Math.min(old.length === 0 ? end : this.first, octave * PER_OCTAVE);
    const first = Math.max(wanted, end - MAX_BUCKETS);
    if (first === this.first && end === first + old.length) {
      return;
    }
    const counts = new Float64Array(end - first);
    for (let i = 0; i < old.length; i++) {
      const index = Math.max(0, this.first + i - first);
      counts[index] = counts[index]! + old[i]!;
    }
    this.counts = counts;
    this.first = first;
  }

  *entries(): Generator<[bucket: number, count: number], void, void> {
    for (let i = 0; i < this.counts.length; i++) {
      const count = this.counts[i]!;
      if (count > 0) {
        yield [this.first + i, count];
      }
    }
  }
}

/** A bucket of a {@link QuantileSketch}, as plain data. */
export type SketchEntry = readonly [bucket: number, count: number];

/**
 * Quantiles of any number of values in bounded memory, with a relative error of at most 1/256 (0.4 %).
 *
 * The sketch counts values in buckets that are the numbers with the same sign, exponent and first seven bits of
 * mantissa. Merging adds counts, so the result does not depend on how the values were divided or in which order they
 * came. On each side of zero it covers 32 doublings (almost ten powers of ten) below the largest magnitude; smaller
 * magnitudes count as the smallest covered one.
 *
 * @see DDSketch (Masson, Rim and Lee, 2019), whose buckets are logarithmic. Ours need no logarithm, so they are the
 * same on every machine.
 */
export class QuantileSketch {
  /** The largest relative error of a quantile. */
  static readonly relativeError: number = RELATIVE_ERROR;
  private readonly _positive = new Side();
  private readonly _negative = new Side();
  private _zeros = 0;

  /** How many values were added. */
  get n(): number {
    return this._positive.total + this._negative.total + this._zeros;
  }

  /** Count `value`. @throws TypeError, RangeError unless it is a finite number. */
  add(value: number): void {
    if (!Number.isFinite(value)) {
      requireFinite("QuantileSketch.add", "value", value);
    }
    if (value > 0) {
      this._positive.add(bucketOf(value), 1);
    } else if (value < 0) {
      this._negative.add(bucketOf(-value), 1);
    } else {
      this._zeros++;
    }
  }

  /** Add the counts of `other`. @returns This sketch. */
  merge(other: QuantileSketch): this {
    for (const [bucket, count] of other._positive.entries()) {
      this._positive.add(bucket, count);
    }
    for (const [bucket, count] of other._negative.entries()) {
      this._negative.add(bucket, count);
    }
    this._zeros += other._zeros;
    return this;
  }

  /**
   * The value below which the share `p` of the values lies, within {@link QuantileSketch.relativeError}; NaN when there
   * are none.
   *
   * @param p - From 0 to 1.
   * @throws RangeError outside of that.
   */
  quantile(p: number): number {
    requireShare("QuantileSketch.quantile", p);
    let rank = p * (this.n - 1);
    for (const [value, count] of this.buckets()) {
      rank -= count;
      if (rank < 0) {
        return value;
      }
    }
    return Number.NaN;
  }

  /** The middle of each bucket that holds values, in ascending order, with the number of values. */
  *buckets(): Generator<[middle: number, count: number], void, void> {
    for (const [bucket, count] of [...this._negative.entries()].reverse()) {
      yield [-middle(bucket), count];
    }
    if (this._zeros > 0) {
      yield [0, this._zeros];
    }
    for (const [bucket, count] of this._positive.entries()) {
      yield [middle(bucket), count];
    }
  }

  /** The counts as plain data. */
  toJSON(): { positive: SketchEntry[]; negative: SketchEntry[]; zeros: number } {
    return { positive: [...this._positive.entries()], negative: [...this._negative.entries()], zeros: this._zeros };
  }

  /** The sketch that {@link toJSON} described. */
  static fromJSON(data: {
    readonly positive: readonly SketchEntry[];
    readonly negative: readonly SketchEntry[];
    readonly zeros: number;
  }): QuantileSketch {
    const sketch = new QuantileSketch();
    for (const [bucket, count] of data.positive) {
      sketch._positive.add(bucket, count);
    }
    for (const [bucket, count] of data.negative) {
      sketch._negative.add(bucket, count);
    }
    sketch._zeros = data.zeros;
    return sketch;
  }
}

/** @throws RangeError unless `p` is from 0 to 1. */
export function requireShare(method: string, p: unknown): asserts p is number {
  requireFinite(method, "share", p);
  if (p < 0 || p > 1) {
    throw new RangeError(`${method}: expected a share from 0 to 1, got ${describeValue(p)}`);
  }
}
