import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import { requireFinite, requireInteger } from "./numbers.ts";

/** One interval of a histogram: from `from` up to, but without, `to`. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Options of a {@link Histogram}. */
export interface HistogramOptions {
  /** Lower bound of the first bin. */
  readonly from: number;
  /** Upper bound of the last bin. */
  readonly to: number;
  /** How many bins of equal width there are. */
  readonly bins: number;
}

const HISTOGRAM_OPTIONS = optionNames<HistogramOptions>({ from: true, to: true, bins: true });

/** Counts of values in bins of equal width that are fixed in advance, and of what lies below and above them. */
export class Histogram {
  /** Lower bound of the first bin. */
  readonly from: number;
  /** Upper bound of the last bin. */
  readonly to: number;
  private readonly _counts: number[];
  private _below = 0;
  private _above = 0;

  /**
   * @throws TypeError for unknown options; RangeError unless `from` is below `to` and `bins` is an integer from 1 to
   * 1,000,000.
   */
  constructor(options: HistogramOptions) {
    requireOptions("Histogram", options, HISTOGRAM_OPTIONS);
    const { from, to, bins } = options;
    requireFinite("Histogram", "lower bound", from);
    requireFinite("Histogram", "upper bound", to);
    requireInteger("Histogram", "number of bins", bins, 1, 1_000_000);
    if (!(from < to)) {
      throw new RangeError(`Histogram: expected from < to, got ${describeValue(from)} and ${to}`);
    }
    this.from = from;
    this.to = to;
    this._counts = new Array<number>(bins).fill(0);
  }

  /** How many values were counted, those outside of the bins included. */
  get n(): number {
    return this._counts.reduce((sum, count) => sum + count, this._below + this._above);
  }

  /** How many values were below the first bin. */
  get below(): number {
    return this._below;
  }

  /** How many values were at the upper bound of the last bin or above it. */
  get above(): number {
    return this._above;
  }

  /** The bins in ascending order. */
  get bins(): HistogramBin[] {
    const width = (this.to - this.from) / this._counts.length;
    return this._counts.map((count, i) => ({ from: this.from + i * width, to: this.from + (i + 1) * width, count }));
  }

  /** Count `value`. @throws TypeError, RangeError unless it is a finite number. */
  add(value: number): void {
    requireFinite("Histogram.add", "value", value);
    if (value < this.from) {
      this._below++;
    } else if (value >= this.to) {
      this._above++;
    } else {
      const { length } = this._counts;
      const bin = Math.min(length - 1, Math.floor(((value - this.from) / (this.to - this.from)) * length));
      this._counts[bin] = this._counts[bin]! + 1;
    }
  }

  /** Add the counts of `other`. @returns This histogram. @throws RangeError unless both have the same bins. */
  merge(other: Histogram): this {
    if (other.from !== this.from || other.to !== this.to || other._counts.length !== this._counts.length) {
      throw new RangeError("Histogram.merge: expected a histogram with the same bins");
    }
    this._below += other._below;
    this._above += other._above;
    for (const [i, count] of other._counts.entries()) {
      this._counts[i] = this._counts[i]! + count;
    }
    return this;
  }

  /** Set all counts to zero. */
  reset(): void {
    this._counts.fill(0);
    this._below = 0;
    this._above = 0;
  }
}
