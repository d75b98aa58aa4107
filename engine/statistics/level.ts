import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { CompensatedSum } from "./compensated-sum.ts";
import { Doubles } from "./doubles.ts";
import { requireFinite } from "./numbers.ts";
import { noteStatistic } from "./run-statistics.ts";

/** Options of a {@link Level}. */
export interface LevelOptions {
  /** What the level is called in reports. */
  readonly name?: string;
  /** Its value at the beginning; 0 by default. */
  readonly initial?: number;
  /** When it begins, in seconds; 0 by default, or the present of the clock. */
  readonly start?: number;
  /** Returns the present in seconds, so that times need not be passed: `() => getRunningLoop().time()`. */
  readonly clock?: () => number;
  /** Keep every change, so that `slice` works. False by default. */
  readonly keep?: boolean;
}

const LEVEL_OPTIONS = optionNames<LevelOptions>({ name: true, initial: true, start: true, clock: true, keep: true });

/** Shares are kept for this many different values; time at further values is counted together. */
const MAX_VALUES = 4096;

/** A level as plain data; see {@link Level.toJSON}. */
export interface LevelData {
  readonly kind: "level";
  readonly name?: string;
  readonly value: number;
  readonly start: number;
  readonly time: number;
  readonly area: readonly [number, number];
  readonly square: readonly [number, number];
  readonly duration: number;
  readonly min: number;
  readonly max: number;
  readonly shares: readonly (readonly [value: number, seconds: number])[];
  readonly other: number;
}

/**
 * Statistics of a quantity that holds each value for some time, such as a queue's length: mean over time, extremes,
 * share of the time at each value.
 *
 * Memory is constant unless changes are kept; the shares are exact for up to 4,096 different values.
 *
 * @see salabim's level `Monitor`, simmer's `get_mon_resources`. SimPy has none.
 */
export class Level {
  /** What it is called in reports. */
  readonly name: string | undefined;
  private readonly _clock: (() => number) | undefined;
  private readonly _keep: boolean;
  private _value: number;
  private _start: number;
  private _time: number;
  private _area = new CompensatedSum();
  private _square = new CompensatedSum();
  /** Seconds that belong to merged levels. */
  private _merged = 0;
  private _min: number;
  private _max: number;
  private _shares = new Map<number, number>();
  private _other = 0;
  private _times: Doubles | null = null;
  private _values: Doubles | null = null;

  /**
   * @throws TypeError for unknown options and a clock that is not a function; RangeError for values that are not
   * finite.
   */
  constructor(options: LevelOptions = NO_OPTIONS) {
    requireOptions("Level", options, LEVEL_OPTIONS);
    const { name, initial = 0, clock } = options;
    if (clock !== undefined && typeof clock !== "function") {
      throw new TypeError(`Level: expected a function that returns seconds as clock, got ${describeValue(clock)}`);
    }
    const start = options.start ?? clock?.() ?? 0;
    requireFinite("Level", "initial value", initial);
    requireFinite("Level", "start", start);
    this.name = name;
    this._clock = clock;
    this._keep = options.keep === true;
    this._value = initial;
    this._start = start;
    this._time = start;
    this._min = initial;
    this._max = initial;
    this._startKeeping();
    noteStatistic(this);
  }

  /** The present value. */
  get value(): number {
    return this._value;
  }

  /** Seconds observed. */
  get duration(): number {
    this._catchUp();
    return this._merged + this._time - this._start;
  }

  /** The mean over time; NaN before any time has passed. */
  get mean(): number {
    const { duration } = this;
    return duration > 0 ? this._area.value / duration : Number.NaN;
  }

  /** The variance over time; NaN before any time has passed. */
  get variance(): number {
    const { duration, mean } = this;
    return duration > 0 ? Math.max(0, this._square.value / duration - mean * mean) : Number.NaN;
  }

  /** The smallest value that it had. */
  get min(): number {
    return this._min;
  }

  /** The largest value that it had. */
  get max(): number {
    return this._max;
  }

  /** The value times seconds: what the mean is divided from. */
  get area(): number {
    this._catchUp();
    return this._area.value;
  }

  /**
   * Change the value.
   *
   * @param time - When, in seconds: not before the last change. The clock's present by default.
   * @throws TypeError, RangeError for values that are not finite, times that go back, and no time without a clock.
   */
  set(value: number, time: number = this._now("set")): void {
    if (!Number.isFinite(value)) {
      requireFinite("Level.set", "value", value);
    }
    this.advance(time);
    this._value = value;
    if (value < this._min) {
      this._min = value;
    }
    if (value > this._max) {
      this._max = value;
    }
    if (this._values !== null) {
      this._values.push(value);
      this._times!.push(time);
    }
  }

  /** Change the value by `change`; all else as {@link Level.set}. */
  add(change: number, time: number = this._now("add")): void {
    this.set(this._value + change, time);
  }

  /**
   * Let time pass up to `time` without a change: the end of an observation.
   *
   * @throws RangeError if it is before the last change.
   */
  advance(time: number = this._now("advance")): void {
    const passed = time - this._time;
    if (!(passed >= 0) || time === Number.POSITIVE_INFINITY) {
      requireFinite("Level", "time", time);
      throw new RangeError(
        `Level: expected a time from ${this._time} s (the last change) on, got ${describeValue(time)}`,
      );
    }
    if (passed > 0) {
      const value = this._value;
      this._area.add(value * passed);
      this._square.add(value * value * passed);
      this._addShare(value, passed);
      this._time = time;
    }
  }

  /** The share of the time at `value`; NaN before any time has passed. */
  share(value: number): number {
    const { duration } = this;
    return duration > 0 ? (this._shares.get(value) ?? 0) / duration : Number.NaN;
  }

  /** The share of the time at each value, in ascending order of the values. */
  shares(): Map<number, number> {
    const { duration } = this;
    const sorted = [...this._shares].sort(([a], [b]) => a - b);
    return new Map(sorted.map(([value, seconds]) => [value, seconds / duration]));
  }

  /**
   * The smallest value below or at which the level was for the share `p` of the time; NaN before any time has passed.
   *
   * @throws RangeError if there were too many different values to keep their shares.
   */
  quantile(p: number): number {
    requireFinite("Level.quantile", "share", p);
    const { duration } = this;
    if (this._other > 0) {
      throw new RangeError(`Level.quantile: more than ${MAX_VALUES} different values; tally samples instead`);
    }
    let seconds = p * duration;
    let last = Number.NaN;
    for (const [value, at] of [...this._shares].sort(([a], [b]) => a - b)) {
      seconds -= at;
      last = value;
      if (seconds < 0) {
        return value;
      }
    }
    return last;
  }

  /**
   * Forget what was, as at the end of a warm-up; the value stays.
   *
   * @param time - The present by default, or the last change.
   */
  reset(time: number = this._clock?.() ?? this._time): void {
    this.advance(time);
    this._start = time;
    this._merged = 0;
    this._area = new CompensatedSum();
    this._square = new CompensatedSum();
    this._min = this._value;
    this._max = this._value;
    this._shares = new Map();
    this._other = 0;
    this._startKeeping();
  }

  /**
   * What the level was from `from` to `to`, in seconds, as a level of its own.
   *
   * @throws RangeError unless changes are kept and the interval was observed.
   */
  slice(from: number, to: number): Level {
    this._catchUp();
    if (this._times === null || this._values === null) {
      throw new RangeError("Level.slice: the changes are not kept; make the level with { keep: true }");
    }
    if (!(this._start <= from && from <= to && to <= this._time)) {
      throw new RangeError(
        `Level.slice: expected an interval from ${this._start} to ${this._time} s, got ${describeValue(from)} to ${to}`,
      );
    }
    let next = this._times.firstNotBelow(from);
    while (next < this._times.length && this._times.at(next) === from) {
      next++;
    }
    const part = new Level({ initial: this._values.at(next - 1), start: from, keep: true });
    for (; next < this._times.length && this._times.at(next) < to; next++) {
      part.set(this._values.at(next), this._times.at(next));
    }
    part.advance(to);
    return part;
  }

  /** The changes in order, the first being the beginning. @throws RangeError unless they are kept. */
  changes(): { readonly time: number; readonly value: number }[] {
    const { _times: times, _values: values } = this;
    if (times === null || values === null) {
      throw new RangeError("Level.changes: the changes are not kept; make the level with { keep: true }");
    }
    return [...times.view()].map((time, i) => ({ time, value: values.at(i) }));
  }

  /**
   * Add the time that `other` observed, as of another run. Kept changes are dropped: two runs have no common time axis.
   *
   * @returns This level.
   */
  merge(other: Level): this {
    if (!(other instanceof Level)) {
      throw new TypeError(`Level.merge: expected a Level, got ${describeValue(other)}`);
    }
    this._merged += other.duration;
    this._area.merge(other._area);
    this._square.merge(other._square);
    this._min = Math.min(this._min, other._min);
    this._max = Math.max(this._max, other._max);
    for (const [value, seconds] of other._shares) {
      this._addShare(value, seconds);
    }
    this._other += other._other;
    this._times = null;
    this._values = null;
    return this;
  }

  toString(): string {
    const name = this.name === undefined ? "" : ` ${this.name}`;
    return `<Level${name} value=${this._value} mean=${this.mean} max=${this._max}>`;
  }

  /** The level as plain data, without the kept changes; {@link Level.fromJSON} makes an equal one of it. */
  toJSON(): LevelData {
    this._catchUp();
    return {
      kind: "level",
      ...(this.name === undefined ? {} : { name: this.name }),
      value: this._value,
      start: this._start,
      time: this._time,
      area: this._area.toJSON(),
      square: this._square.toJSON(),
      duration: this._merged,
      min: this._min,
      max: this._max,
      shares: [...this._shares].sort(([a], [b]) => a - b),
      other: this._other,
    };
  }

  /** The level that {@link Level.toJSON} described. */
  static fromJSON(data: LevelData): Level {
    const { name, value, start } = data;
    const level = new Level({ ...(name === undefined ? {} : { name }), initial: value, start });
    level._time = data.time;
    level._area = CompensatedSum.fromJSON(data.area);
    level._square = CompensatedSum.fromJSON(data.square);
    level._merged = data.duration;
    level._min = data.min;
    level._max = data.max;
    level._shares = new Map(data.shares);
    level._other = data.other;
    return level;
  }

  private _startKeeping(): void {
    this._times = this._keep ? new Doubles() : null;
    this._values = this._keep ? new Doubles() : null;
    this._times?.push(this._time);
    this._values?.push(this._value);
  }

  private _addShare(value: number, seconds: number): void {
    const known = this._shares.get(value);
    if (known !== undefined || this._shares.size < MAX_VALUES) {
      this._shares.set(value, (known ?? 0) + seconds);
    } else {
      this._other += seconds;
    }
  }

  private _catchUp(): void {
    if (this._clock !== undefined) {
      this.advance(Math.max(this._time, this._clock()));
    }
  }

  private _now(method: string): number {
    if (this._clock === undefined) {
      throw new TypeError(`Level.${method}: expected a time, or a level that was made with a clock`);
    }
    return this._clock();
  }
}
