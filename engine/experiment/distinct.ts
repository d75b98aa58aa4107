import { requireArgument } from "../base/require-argument.ts";

/** How many of the smallest digests are kept: the estimate is exact below that, and off by about 9 % beyond. */
const KEPT = 128;

/** Digests are 128 bits; the first 52 make a number that a double holds exactly. */
const PREFIX = 13;
const RANGE = 16 ** PREFIX;

/**
 * Estimates how many distinct digests there were, in constant memory.
 *
 * Estimates of parts merge into that of the whole, whatever the parts are.
 *
 * @see Bar-Yossef and others, "Counting distinct elements in a data stream" (2002), the k minimum values
 */
export class DistinctCount {
  /** The smallest prefixes of digests, ascending. */
  private readonly _smallest: number[];

  /** @param smallest - What {@link toJSON} returned. */
  constructor(smallest: readonly number[] = []) {
    requireArgument("DistinctCount", "an array of numbers", Array.isArray(smallest), smallest);
    this._smallest = [...smallest];
  }

  /** Count a digest; the same one again changes nothing. */
  add(digest: string): void {
    this._insert(Number.parseInt(digest.slice(0, PREFIX), 16));
  }

  /** Count what `other` counted. */
  merge(other: DistinctCount): void {
    for (const value of other._smallest) {
      this._insert(value);
    }
  }

  /** The estimate: exact while it is small. */
  estimate(): number {
    const kept = this._smallest.length;
    return kept < KEPT ? kept : Math.round((KEPT - 1) / ((this._smallest[KEPT - 1]! + 1) / RANGE));
  }

  /** Whether {@link estimate} is exact. */
  get isExact(): boolean {
    return this._smallest.length < KEPT;
  }

  toJSON(): readonly number[] {
    return this._smallest;
  }

  private _insert(value: number): void {
    const kept = this._smallest;
    if (kept.length === KEPT && value >= kept[KEPT - 1]!) {
      return;
    }
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (kept[middle]! < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (kept[low] !== value) {
      kept.splice(low, 0, value);
      kept.length = Math.min(kept.length, KEPT);
    }
  }
}
