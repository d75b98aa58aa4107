import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { describeValue, safeString } from "./describe.ts";
import { exponential as exp, log, power, squareRoot } from "./float.ts";
import type { Instrument } from "./instrument.ts";
import { requireArgument } from "./require-argument.ts";

/**
 * What a run is seeded with. A number and its decimal string are the same seed. The seed `antithetic:7` draws the
 * mirror image of what the seed 7 draws: 1 − u where that draws u, for antithetic variates.
 */
export type Seed = number | string;

const ANTITHETIC = "antithetic:";

const TWO_TO_26 = 0x4000000;
const TWO_TO_53 = 2 ** 53;
const TWO_TO_MINUS_53 = 2 ** -53;
const TWO_TO_32 = 0x100000000;

/** Starting values and multipliers of the four lanes of {@link hashText}. */
const LANES = [
  [0x243f6a88, 0x85ebca6b],
  [0x13198a2e, 0xc2b2ae35],
  [0x3707344a, 0x27d4eb2f],
  [0x299f31d0, 0x165667b1],
] as const;

/** MurmurHash3's finaliser: every bit of the input changes about half the bits of the result. */
function avalanche(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Four words from a string. Small seeds differ in few bits, and the generator would carry that on into its first draws.
 */
const hashText = (text: string): number[] =>
  LANES.map(([start, multiplier], lane) => {
    let hash = start ^ text.length;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), multiplier);
      hash = (hash << 13) | (hash >>> 19);
    }
    return avalanche(hash + lane);
  });

function requireLeast(method: string, what: string, value: number, least: number): void {
  if (!(value >= least)) {
    throw new RangeError(
      `${method}: expected a ${what} ${least === 0 ? "that is not negative" : "above 0"}, got ${describeValue(value)}`,
    );
  }
}

/** Receives what is drawn. */
type DrawWatcher = Pick<Instrument, "drawn">;

/**
 * A stream of random numbers of its own, found by its name: what one stream draws never shifts another.
 *
 * A run's streams follow from its seed; the same seed and name give the same numbers on every machine.
 */
export class RandomStream {
  /** The name. */
  readonly name: string;
  private readonly _generator: RandomGenerator;
  private readonly _watcher: DrawWatcher | null;
  /**
   * Whether each draw is the mirror image of the one that belongs to the seed: what was likely to be small is large.
   */
  private readonly _isMirrored: boolean;

  /** @param watcher - Receives every number that is drawn, and not what is made of it, such as a normal variate. */
  constructor(seed: Seed, name: string, watcher: DrawWatcher | null = null) {
    requireArgument("random", "a string as name of the stream", typeof name === "string", name);
    this.name = name;
    const text = safeString(seed);
    this._isMirrored = text.startsWith(ANTITHETIC);
    this._watcher = watcher;
    this._generator = xoroshiro128plusFromState(
      hashText(`${this._isMirrored ? text.slice(ANTITHETIC.length) : text}\u0000${name}`),
    );
  }

  /** A number from 0 up to, but without, 1, with all 53 bits drawn. @see random.random */
  random(): number {
    const high = this._generator.next() >>> 5;
    const low = this._generator.next() >>> 6;
    const drawn = high * TWO_TO_26 + low;
    const value = (this._isMirrored ? TWO_TO_53 - 1 - drawn : drawn) * TWO_TO_MINUS_53;
    this._watcher?.drawn(this.name, value);
    return value;
  }

  /**
   * A whole number from `low` to `high`, both included, each equally likely.
   *
   * @throws RangeError unless both are safe integers, `low` is not above `high`, and they are less than 2^32 apart.
   * @see random.randint
   */
  integer(low: number, high: number): number {
    const count = high - low + 1;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || !(count >= 1 && count <= TWO_TO_32)) {
      throw new RangeError(
        `integer: expected low <= high, integers less than 2^32 apart, got ${describeValue(low)} and ${high}`,
      );
    }
    const limit = TWO_TO_32 - (TWO_TO_32 % count);
    for (;;) {
      const draw = this._generator.next() >>> 0;
      if (draw < limit) {
        const value = this._isMirrored ? high - (draw % count) : low + (draw % count);
        this._watcher?.drawn(this.name, value);
        return value;
      }
    }
  }

  /** True with the given probability, from 0 (never) to 1 (always). @throws RangeError outside of that. */
  chance(probability: number): boolean {
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`chance: expected a probability from 0 to 1, got ${describeValue(probability)}`);
    }
    return this.random() < probability;
  }

  /** One of `items`, each equally likely. @throws RangeError if there is none. @see random.choice */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new RangeError("pick: expected at least one item, got none");
    }
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** The items of an array in random order, in a new array. @see random.shuffle */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  /** Uniform between `low` and `high`. @see random.uniform */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /**
   * Exponential with the given mean, which is not negative.
   *
   * @throws RangeError otherwise.
   * @see random.expovariate, which takes the rate
   */
  exponential(mean: number): number {
    requireLeast("exponential", "mean", mean, 0);
    return -mean * log(1 - this.random());
  }

  /** Normal, by Marsaglia's polar method. @throws RangeError if the deviation is negative. @see random.normalvariate */
  normal(mean: number, deviation: number): number {
    requireLeast("normal", "deviation", deviation, 0);
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const s = x * x + y * y;
      if (s > 0 && s < 1) {
        return mean + deviation * x * squareRoot((-2 * log(s)) / s);
      }
    }
  }

  /**
   * Pareto: never below `scale`, the heavier in the tail the smaller `shape` is.
   *
   * @throws RangeError unless the shape is positive and the scale not negative.
   * @see random.paretovariate, whose scale is 1
   */
  pareto(shape: number, scale: number): number {
    requireLeast("pareto", "shape", shape, Number.MIN_VALUE);
    requireLeast("pareto", "scale", scale, 0);
    return scale * power(1 - this.random(), -1 / shape);
  }

  /**
   * Triangular between `low` and `high`, with its peak at `mode`.
   *
   * @throws RangeError unless `low` <= `mode` <= `high`.
   * @see random.triangular
   */
  triangular(low: number, high: number, mode: number): number {
    if (!(low <= mode && mode <= high)) {
      throw new RangeError(`triangular: expected low <= mode <= high, got ${describeValue(low)}, ${mode} and ${high}`);
    }
    const u = this.random() * (high - low);
    const below = mode - low;
    return u < below ? low + squareRoot(u * below) : high - squareRoot((high - low - u) * (high - mode));
  }

  /**
   * Gamma with mean `shape` × `scale`, by the method of Marsaglia and Tsang.
   *
   * @throws RangeError unless both are above 0.
   * @see random.gammavariate
   */
  gamma(shape: number, scale: number): number {
    requireLeast("gamma", "shape", shape, Number.MIN_VALUE);
    requireLeast("gamma", "scale", scale, Number.MIN_VALUE);
    if (shape < 1) {
      return this.gamma(shape + 1, scale) * power(1 - this.random(), 1 / shape);
    }
    const d = shape - 1 / 3;
    const c = 1 / squareRoot(9 * d);
    for (;;) {
      const x = this.normal(0, 1);
      const v = (1 + c * x) * (1 + c * x) * (1 + c * x);
      if (v > 0 && log(1 - this.random()) < (x * x) / 2 + d - d * v + d * log(v)) {
        return d * v * scale;
      }
    }
  }

  /**
   * Erlang: the sum of `phases` exponential times, with the given mean in all.
   *
   * @throws RangeError unless `phases` is a positive integer.
   */
  erlang(phases: number, mean: number): number {
    if (!Number.isSafeInteger(phases) || phases < 1) {
      throw new RangeError(`erlang: expected a positive integer as number of phases, got ${describeValue(phases)}`);
    }
    requireLeast("erlang", "mean", mean, 0);
    let sum = 0;
    for (let i = 0; i < phases; i++) {
      sum += this.exponential(mean / phases);
    }
    return sum;
  }

  /** Weibull. @throws RangeError unless the shape is positive and the scale not negative. @see random.weibullvariate */
  weibull(shape: number, scale: number): number {
    requireLeast("weibull", "shape", shape, Number.MIN_VALUE);
    requireLeast("weibull", "scale", scale, 0);
    return scale * power(-log(1 - this.random()), 1 / shape);
  }

  /**
   * Lognormal with the given mean and deviation, which are those of the result, not of its logarithm.
   *
   * @throws RangeError unless the mean is positive.
   */
  lognormal(mean: number, deviation: number): number {
    requireLeast("lognormal", "mean", mean, Number.MIN_VALUE);
    requireLeast("lognormal", "deviation", deviation, 0);
    const variance = log(1 + (deviation / mean) ** 2);
    return exp(this.normal(log(mean) - variance / 2, squareRoot(variance)));
  }

  /**
   * Beta, between 0 and 1, with mean `a` / (`a` + `b`).
   *
   * @throws RangeError unless both are above 0.
   * @see random.betavariate
   */
  beta(a: number, b: number): number {
    const x = this.gamma(a, 1);
    return x / (x + this.gamma(b, 1));
  }

  /** Poisson with the given mean, from 0 to a million. @throws RangeError outside of that. */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean <= 1_000_000)) {
      throw new RangeError(`poisson: expected a mean from 0 to 1000000, got ${describeValue(mean)}`);
    }
    // In parts, since the exponential of a large mean is 0.
    let count = 0;
    for (let left = mean; left > 0; left -= 100) {
      const limit = exp(-Math.min(left, 100));
      for (let product = this.random(); product > limit; product *= this.random()) {
        count++;
      }
    }
    return count;
  }

  /**
   * Binomial: how many of `trials` succeed, each with the given probability.
   *
   * @throws RangeError unless `trials` is an integer that is not negative.
   */
  binomial(trials: number, probability: number): number {
    if (!Number.isSafeInteger(trials) || trials < 0) {
      throw new RangeError(
        `binomial: expected an integer that is not negative as number of trials, got ${describeValue(trials)}`,
      );
    }
    let count = 0;
    for (let i = 0; i < trials; i++) {
      count += Number(this.chance(probability));
    }
    return count;
  }

  /**
   * Geometric: how many trials it takes to the first success, from 1.
   *
   * @throws RangeError unless the probability is above 0 and at most 1.
   */
  geometric(probability: number): number {
    if (!(probability > 0 && probability <= 1)) {
      throw new RangeError(
        `geometric: expected a probability above 0 and at most 1, got ${describeValue(probability)}`,
      );
    }
    return probability === 1 ? 1 : Math.max(1, Math.ceil(log(1 - this.random()) / log(1 - probability)));
  }

  /** One of some values, each with its probability. @throws RangeError unless the probabilities add up to 1. */
  discrete<T>(choices: readonly (readonly [value: T, probability: number])[]): T {
    const sum = choices.reduce((total, [, probability]) => total + probability, 0);
    if (choices.length === 0 || !choices.every(([, each]) => each >= 0) || !(Math.abs(sum - 1) < 1e-9)) {
      throw new RangeError(
        `discrete: expected probabilities that are not negative and add up to 1, got a sum of ${sum}`,
      );
    }
    let left = this.random() * sum;
    for (const [value, probability] of choices) {
      left -= probability;
      if (left < 0) {
        return value;
      }
    }
    return choices.at(-1)![0];
  }

  /**
   * As the observations in `sample` are distributed: between two neighbours of them, in ascending order.
   *
   * @throws RangeError if there is none.
   */
  empirical(sample: readonly number[]): number {
    if (sample.length === 0 || !sample.every(Number.isFinite)) {
      throw new RangeError("empirical: expected finite observations, at least one");
    }
    const sorted = [...sample].sort((a, b) => a - b);
    const place = this.random() * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below]!;
    return low + ((sorted[below + 1] ?? low) - low) * (place - below);
  }
}

/** The random streams of a run, by name, each made when first asked for. */
export class RandomStreams {
  private readonly _seed: Seed;
  private readonly _watcher: DrawWatcher | null;
  private readonly _streams = new Map<string, RandomStream>();

  constructor(seed: Seed, watcher: DrawWatcher | null = null) {
    this._seed = seed;
    this._watcher = watcher;
  }

  /** The stream called `name`; always the same one. */
  stream(name: string): RandomStream {
    let stream = this._streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(this._seed, name, this._watcher);
      this._streams.set(name, stream);
    }
    return stream;
  }
}
