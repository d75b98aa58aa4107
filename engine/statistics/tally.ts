import { describeValue } from "../base/describe.ts";
import { squareRoot } from "../base/float.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { CompensatedSum } from "./compensated-sum.ts";
import { Doubles } from "./doubles.ts";
import type { HistogramBin } from "./histogram.ts";
import { requireFinite, requireInteger } from "./numbers.ts";
import { QuantileSketch, requireShare, type SketchEntry } from "./quantile-sketch.ts";
import { noteStatistic } from "./run-statistics.ts";

/** Options of a {@link Tally}. */
export interface TallyOptions {
  /** What the tally is called in reports. */
  readonly name?: string;
  /**
   * Keep every observation, with its time if one is given: quantiles are exact then, and `slice` and `values` work.
   * False by default.
   */
  readonly keep?: boolean;
}

const TALLY_OPTIONS = optionNames<TallyOptions>({ name: true, keep: true });

/** Up to this many observations quantiles are exact in any case. */
const EXACT_UP_TO = 256;

/** A tally as plain data; see {@link Tally.toJSON}. */
export interface TallyData {
  readonly kind: "tally";
  readonly name?: string;
  readonly n: number;
  readonly sum: readonly [number, number];
  readonly mean: number;
  readonly m2: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly few?: readonly number[];
  readonly sketch?: { positive: SketchEntry[]; negative: SketchEntry[]; zeros: number };
  readonly kept?: { readonly values: readonly number[]; readonly times: readonly number[] };
}

const compare = (a: number, b: number): number => a - b;

/**
 * Statistics of separate observations, such as waiting times: count, mean, variance, extremes, quantiles, histogram.
 *
 * Memory is constant: observations are not kept unless asked for. The mean and the variance come from Welford's
 * recurrence and the sum is compensated, so that they stay exact to a few units in the last place over 10⁹
 * observations. Quantiles are exact up to 256 observations; above, their relative error is at most 1/256 (see
 * {@link QuantileSketch}).
 *
 * @see salabim `Monitor`, simmer's `get_mon_arrivals`. SimPy has none.
 */
export class Tally {
  /** What it is called in reports. */
  readonly name: string | undefined;
  private readonly _keep: boolean;
  private _n = 0;
  private _sum = new CompensatedSum();
  private _mean = 0;
  private _m2 = 0;
  private _min = Number.POSITIVE_INFINITY;
  private _max = Number.NEGATIVE_INFINITY;
  /** The observations while they are few; `null` once the sketch has them. */
  private _few: number[] | null = [];
  private _sketch: QuantileSketch | null = null;
  private _values: Doubles | null = null;
  private _times: Doubles | null = null;

  /** @throws TypeError for unknown options. */
  constructor(options: TallyOptions = NO_OPTIONS) {
    requireOptions("Tally", options, TALLY_OPTIONS);
    this.name = options.name;
    this._keep = options.keep === true;
    this.reset();
    noteStatistic(this);
  }

  /** How many observations there are. */
  get n(): number {
    return this._n;
  }

  /** Their sum; 0 when there are none. */
  get sum(): number {
    return this._sum.value;
  }

  /** Their mean; NaN when there are none. */
  get mean(): number {
    return this._n === 0 ? Number.NaN : this.sum / this._n;
  }

  /** Their variance, with n − 1 in the denominator; NaN below two observations. */
  get variance(): number {
    return this._n < 2 ? Number.NaN : this._m2 / (this._n - 1);
  }

  /** Their standard deviation; NaN below two observations. */
  get deviation(): number {
    return squareRoot(this.variance);
  }

  /** The smallest; NaN when there are none. */
  get min(): number {
    return this._n === 0 ? Number.NaN : this._min;
  }

  /** The largest; NaN when there are none. */
  get max(): number {
    return this._n === 0 ? Number.NaN : this._max;
  }

  /** The median. */
  get median(): number {
    return this.quantile(0.5);
  }

  /** All observations in order. @throws RangeError unless they are kept. */
  get values(): readonly number[] {
    return [...this._kept("values").view()];
  }

  /**
   * Count an observation.
   *
   * @param value - A finite number.
   * @param time - When it was made, in seconds, not before the one before; `slice` needs it.
   * @throws TypeError, RangeError for anything else.
   */
  add(value: number, time = 0): void {
    if (!Number.isFinite(value)) {
      requireFinite("Tally.add", "value", value);
    }
    const n = ++this._n;
    this._sum.add(value);
    const delta = value - this._mean;
    this._mean += delta / n;
    this._m2 += delta * (value - this._mean);
    if (value < this._min) {
      this._min = value;
    }
    if (value > this._max) {
      this._max = value;
    }
    this._count(value);
    if (this._values !== null) {
      requireFinite("Tally.add", "time", time);
      this._values.push(value);
      this._times!.push(time);
    }
  }

  /**
   * The value below which the share `p` of the observations lies; NaN when there are none.
   *
   * Exact, with linear interpolation between neighbours, while all observations are known; otherwise from the sketch.
   *
   * @param p - From 0 to 1. @throws RangeError outside of that.
   */
  quantile(p: number): number {
    requireShare("Tally.quantile", p);
    const known = this._values === null ? this._few : [...this._values.view()];
    if (known === null) {
      return Math.min(this._max, Math.max(this._min, this._sketch!.quantile(p)));
    }
    const sorted = [...known].sort(compare);
    const rank = p * (sorted.length - 1);
    const below = Math.floor(rank);
    const [low = Number.NaN, high = low] = [sorted[below], sorted[below + 1]];
    return low + (high - low) * (rank - below);
  }

  /**
   * How the observations spread over `bins` intervals of equal width from the smallest to the largest.
   *
   * Counts of a sketched tally are those of the sketch's buckets, assigned by their middles.
   *
   * @throws RangeError unless `bins` is an integer from 1 to 10,000.
   */
  histogram(bins = 10): HistogramBin[] {
    requireInteger("Tally.histogram", "number of bins", bins, 1, 10_000);
    if (this._n === 0) {
      return [];
    }
    const width = (this._max - this._min) / bins;
    const counts = new Array<number>(bins).fill(0);
    for (const [value, count] of this._weighted()) {
      const bin = width === 0 ? 0 : Math.floor((value - this._min) / width);
      const index = Math.min(bins - 1, Math.max(0, bin));
      counts[index] = counts[index]! + count;
    }
    return counts.map((count, i) => ({ from: this._min + i * width, to: this._min + (i + 1) * width, count }));
  }

  /** Forget all observations, as at the end of a warm-up. */
  reset(): void {
    this._n = 0;
    this._sum = new CompensatedSum();
    this._mean = 0;
    this._m2 = 0;
    this._min = Number.POSITIVE_INFINITY;
    this._max = Number.NEGATIVE_INFINITY;
    this._few = [];
    this._sketch = null;
    this._values = this._keep ? new Doubles() : null;
    this._times = this._keep ? new Doubles() : null;
  }

  /**
   * The observations made from `from` up to, but without, `to`, in seconds, as a tally of their own.
   *
   * @throws RangeError unless the observations are kept, and `from` is not above `to`.
   */
  slice(from: number, to: number): Tally {
    const values = this._kept("slice");
    const times = this._times!;
    if (!(from <= to)) {
      throw new RangeError(`Tally.slice: expected from <= to, got ${describeValue(from)} and ${to}`);
    }
    const part = new Tally({ ...(this.name === undefined ? {} : { name: this.name }), keep: true });
    const end = times.firstNotBelow(to);
    for (let i = times.firstNotBelow(from); i < end; i++) {
      part.add(values.at(i), times.at(i));
    }
    return part;
  }

  /**
   * Add all observations of `other`, which stays as it is. Kept observations stay kept only if both tallies keep them.
   *
   * @returns This tally.
   */
  merge(other: Tally): this {
    if (!(other instanceof Tally)) {
      throw new TypeError(`Tally.merge: expected a Tally, got ${describeValue(other)}`);
    }
    const total = this._n + other._n;
    if (other._n > 0) {
      const delta = other._mean - this._mean;
      this._m2 += other._m2 + (delta * delta * this._n * other._n) / total;
      this._mean += (delta * other._n) / total;
      this._min = Math.min(this._min, other._min);
      this._max = Math.max(this._max, other._max);
    }
    this._sum.merge(other._sum);
    this._n = total;
    this._mergeQuantiles(other);
    this._mergeKept(other);
    return this;
  }

  toString(): string {
    const name = this.name === undefined ? "" : ` ${this.name}`;
    return `<Tally${name} n=${this._n} mean=${this.mean} min=${this.min} max=${this.max}>`;
  }

  /** The tally as plain data, from which {@link Tally.fromJSON} makes an equal one. */
  toJSON(): TallyData {
    return {
      kind: "tally",
      ...(this.name === undefined ? {} : { name: this.name }),
      n: this._n,
      sum: this._sum.toJSON(),
      mean: this._mean,
      m2: this._m2,
      min: this._n === 0 ? null : this._min,
      max: this._n === 0 ? null : this._max,
      ...(this._few === null ? {} : { few: this._few }),
      ...(this._sketch === null ? {} : { sketch: this._sketch.toJSON() }),
      ...(this._values === null ? {} : { kept: { values: [...this._values.view()], times: [...this._times!.view()] } }),
    };
  }

  /** The tally that {@link Tally.toJSON} described. */
  static fromJSON(data: TallyData): Tally {
    const tally = new Tally({
      ...(data.name === undefined ? {} : { name: data.name }),
      keep: data.kept !== undefined,
    });
    tally._n = data.n;
    tally._sum = CompensatedSum.fromJSON(data.sum);
    tally._mean = data.mean;
    tally._m2 = data.m2;
    tally._min = data.min ?? Number.POSITIVE_INFINITY;
    tally._max = data.max ?? Number.NEGATIVE_INFINITY;
    tally._few = data.few === undefined ? null : [...data.few];
    tally._sketch = data.sketch === undefined ? null : QuantileSketch.fromJSON(data.sketch);
    for (const [i, value] of (data.kept?.values ?? []).entries()) {
      tally._values!.push(value);
      tally._times!.push(data.kept?.times[i] as number);
    }
    return tally;
  }

  private _count(value: number): void {
    if (this._few === null) {
      this._sketch!.add(value);
      return;
    }
    this._few.push(value);
    if (this._few.length > EXACT_UP_TO) {
      this._spill();
    }
  }

  private _spill(): QuantileSketch {
    const sketch = this._sketch ?? new QuantileSketch();
    for (const each of this._few ?? []) {
      sketch.add(each);
    }
    this._few = null;
    this._sketch = sketch;
    return sketch;
  }

  private _mergeQuantiles(other: Tally): void {
    if (this._few !== null && other._few !== null && this._few.length + other._few.length <= EXACT_UP_TO) {
      this._few.push(...other._few);
      return;
    }
    const sketch = this._spill();
    for (const each of other._few ?? []) {
      sketch.add(each);
    }
    if (other._sketch !== null) {
      sketch.merge(other._sketch);
    }
  }

  private _mergeKept(other: Tally): void {
    if (this._values === null || other._values === null) {
      this._values = null;
      this._times = null;
      return;
    }
    for (let i = 0; i < other._values.length; i++) {
      this._values.push(other._values.at(i));
      this._times!.push(other._times!.at(i));
    }
  }

  private _kept(method: string): Doubles {
    if (this._values === null) {
      throw new RangeError(`Tally.${method}: the observations are not kept; make the tally with { keep: true }`);
    }
    return this._values;
  }

  private *_weighted(): Generator<readonly [number, number], void, void> {
    const known = this._values === null ? this._few : this._values.view();
    if (known === null) {
      yield* this._sketch!.buckets();
      return;
    }
    for (const value of known) {
      yield [value, 1];
    }
  }
}
