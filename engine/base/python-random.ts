import { describeValue } from "./describe.ts";
import { squareRoot } from "./float.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { roundedCosine, roundedExp, roundedLog, roundedPower, roundedSine } from "./rounded-math.ts";

const NV_MAGIC = (4 * roundedExp(-0.5)) / squareRoot(2);
const LOG4 = roundedLog(4);
const SG_MAGIC = 1 + roundedLog(4.5);
const E = Math.E;
const TWO_PI = 2 * Math.PI;

/** The words of 32 bits of a seed, the least significant first. */
function keyOf(seed: number | bigint): number[] {
  let rest = BigInt(seed);
  rest = rest < 0n ? -rest : rest;
  const key: number[] = [];
  do {
    key.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return key;
}

function requireItems(method: string, items: { readonly length: number }): void {
  if (!(items?.length > 0)) {
    throw new RangeError(`${method}: expected at least one item, got ${describeValue(items)}`);
  }
}

/**
 * The random numbers of CPython's `random.Random(seed)`: the same Mersenne Twister, and the same algorithms for
 * everything that is made of it.
 *
 * Draws equal CPython's to the bit. Those that take a logarithm, an exponential, a power, a sine or a cosine take it
 * correctly rounded; the C library of Linux, which CPython calls, rounds about one in 2,000 of these the other way, so
 * such a draw may differ in its last bit.
 *
 * The draws are in no trace, and depend on the seed alone. For streams of a simulation of your own take
 * `getRunningLoop().random(name)`.
 *
 * @see CPython 3.13 `Lib/random.py`
 */
export class PythonRandom {
  private _twister: MersenneTwister;
  private _gaussNext: number | null = null;

  /** @param seed - An integer. @throws TypeError for anything else: CPython hashes those. */
  constructor(seed: number | bigint) {
    this._twister = this._seeded(seed);
  }

  /** Begin again with another seed. @see random.seed */
  seed(seed: number | bigint): void {
    this._twister = this._seeded(seed);
    this._gaussNext = null;
  }

  /** A number from 0 up to, but without, 1. @see random.random */
  random(): number {
    const high = this._twister.next() >>> 5;
    const low = this._twister.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An integer of `bits` random bits, from 0 to 53. @see random.getrandbits */
  getrandbits(bits: number): number {
    if (!Number.isInteger(bits) || bits < 0 || bits > 53) {
      throw new RangeError(`getrandbits: expected an integer from 0 to 53, got ${describeValue(bits)}`);
    }
    if (bits === 0) {
      return 0;
    }
    if (bits <= 32) {
      return this._twister.next() >>> (32 - bits);
    }
    const low = this._twister.next();
    return (this._twister.next() >>> (64 - bits)) * 4294967296 + low;
  }

  /** Uniform between `low` and `high`. @see random.uniform */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** An integer from `low` to `high`, both included. @see random.randint */
  randint(low: number, high: number): number {
    const count = high - low + 1;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || !(count >= 1) || !Number.isSafeInteger(count)) {
      throw new RangeError(
        `randint: expected integers low <= high, got ${describeValue(low)} and ${describeValue(high)}`,
      );
    }
    return low + this._below(count);
  }

  /** One of `range(start, stop, step)`. @see random.randrange */
  randrange(start: number, stop?: number, step = 1): number {
    const [first, end] = stop === undefined ? [0, start] : [start, stop];
    const count = Math.ceil((end - first) / step);
    if (![first, end, step].every(Number.isSafeInteger) || step === 0 || !(count >= 1)) {
      throw new RangeError(
        `randrange: expected integers with something between, got ${describeValue(first)}, ${end} and ${step}`,
      );
    }
    return first + step * this._below(count);
  }

  /** One of `items`. @throws RangeError if there is none. @see random.choice */
  choice<T>(items: ArrayLike<T>): T {
    requireItems("choice", items);
    return items[this._below(items.length)] as T;
  }

  /** `k` of `items` with replacement, by weight. @see random.choices */
  choices<T>(items: readonly T[], options: { readonly weights?: readonly number[]; readonly k?: number } = {}): T[] {
    requireItems("choices", items);
    const { weights, k = 1 } = options;
    if (weights === undefined) {
      return Array.from({ length: k }, () => items[Math.floor(this.random() * items.length)] as T);
    }
    let total = 0;
    const sums = weights.map((weight) => {
      total += weight;
      return total;
    });
    if (weights.length !== items.length || !(total > 0 && total < Number.POSITIVE_INFINITY)) {
      throw new RangeError("choices: expected a weight for each item, with a finite sum above 0");
    }
    return Array.from({ length: k }, () => {
      const draw = this.random() * total;
      const place = sums.findIndex((sum) => draw < sum);
      return items[place < 0 ? items.length - 1 : place] as T;
    });
  }

  /** Bring `items` into random order, in place. @see random.shuffle */
  shuffle<T>(items: T[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this._below(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
  }

  /** `k` different ones of `items`. @see random.sample */
  sample<T>(items: readonly T[], k: number): T[] {
    const n = items.length;
    if (!Number.isInteger(k) || k < 0 || k > n) {
      throw new RangeError(`sample: expected an integer from 0 to ${n}, got ${describeValue(k)}`);
    }
    let setSize = 21;
    if (k > 5) {
      setSize += 4 ** Math.ceil(roundedLog(k * 3) / roundedLog(4));
    }
    if (n <= setSize) {
      const pool = [...items];
      return Array.from({ length: k }, (_, i) => {
        const j = this._below(n - i);
        const item = pool[j] as T;
        pool[j] = pool[n - i - 1] as T;
        return item;
      });
    }
    const selected = new Set<number>();
    return Array.from({ length: k }, () => {
      let j = this._below(n);
      while (selected.has(j)) {
        j = this._below(n);
      }
      selected.add(j);
      return items[j] as T;
    });
  }

  /** Triangular between `low` and `high` with its peak at `mode`. @see random.triangular */
  triangular(low = 0, high = 1, mode: number | null = null): number {
    let u = this.random();
    if (high === low) {
      return low;
    }
    let c = mode === null ? 0.5 : (mode - low) / (high - low);
    let [from, to] = [low, high];
    if (u > c) {
      u = 1 - u;
      c = 1 - c;
      [from, to] = [to, from];
    }
    return from + (to - from) * squareRoot(u * c);
  }

  /** Exponential with the rate `lambda`. @see random.expovariate */
  expovariate(lambda = 1): number {
    return -roundedLog(1 - this.random()) / lambda;
  }

  /** Normal, by the method of Kinderman and Monahan. @see random.normalvariate */
  normalvariate(mu = 0, sigma = 1): number {
    for (;;) {
      const u1 = this.random();
      const u2 = 1 - this.random();
      const z = (NV_MAGIC * (u1 - 0.5)) / u2;
      if ((z * z) / 4 <= -roundedLog(u2)) {
        return mu + z * sigma;
      }
    }
  }

  /** Normal, two at a time. @see random.gauss */
  gauss(mu = 0, sigma = 1): number {
    let z = this._gaussNext;
    this._gaussNext = null;
    if (z === null) {
      const angle = this.random() * TWO_PI;
      const radius = squareRoot(-2 * roundedLog(1 - this.random()));
      z = roundedCosine(angle) * radius;
      this._gaussNext = roundedSine(angle) * radius;
    }
    return mu + z * sigma;
  }

  /** The exponential of a normal variate. @see random.lognormvariate */
  lognormvariate(mu = 0, sigma = 1): number {
    return roundedExp(this.normalvariate(mu, sigma));
  }

  /** Gamma with shape `alpha` and scale `beta`. @throws RangeError unless both are above 0. @see random.gammavariate */
  gammavariate(alpha: number, beta: number): number {
    if (!(alpha > 0 && beta > 0)) {
      throw new RangeError(`gammavariate: expected alpha and beta above 0, got ${describeValue(alpha)} and ${beta}`);
    }
    if (alpha === 1) {
      return -roundedLog(1 - this.random()) * beta;
    }
    return (alpha > 1 ? this._largeGamma(alpha) : this._smallGamma(alpha)) * beta;
  }

  /** Beta. @see random.betavariate */
  betavariate(alpha: number, beta: number): number {
    const y = this.gammavariate(alpha, 1);
    return y === 0 ? 0 : y / (y + this.gammavariate(beta, 1));
  }

  /** Pareto with shape `alpha`. @see random.paretovariate */
  paretovariate(alpha: number): number {
    return roundedPower(1 - this.random(), -1 / alpha);
  }

  /** Weibull with scale `alpha` and shape `beta`. @see random.weibullvariate */
  weibullvariate(alpha: number, beta: number): number {
    const logarithm = -roundedLog(1 - this.random());
    return alpha * (logarithm === 0 ? 0 : roundedPower(logarithm, 1 / beta));
  }

  private _seeded(seed: number | bigint): MersenneTwister {
    if (typeof seed !== "bigint" && !Number.isSafeInteger(seed)) {
      throw new TypeError(`pythonRandom: expected an integer as seed, got ${describeValue(seed)}`);
    }
    return new MersenneTwister(keyOf(seed));
  }

  /** An integer from 0 up to, but without, `count`. */
  private _below(count: number): number {
    const bits = count < 4294967296 ? 32 - Math.clz32(count) : 64 - Math.clz32(Math.floor(count / 4294967296));
    for (;;) {
      const draw = this.getrandbits(bits);
      if (draw < count) {
        return draw;
      }
    }
  }

  /** Cheng's method. */
  private _largeGamma(alpha: number): number {
    const ainv = squareRoot(2 * alpha - 1);
    const bbb = alpha - LOG4;
    const ccc = alpha + ainv;
    for (;;) {
      const u1 = this.random();
      if (!(u1 > 1e-7 && u1 < 0.9999999)) {
        continue;
      }
      const u2 = 1 - this.random();
      const v = roundedLog(u1 / (1 - u1)) / ainv;
      const x = alpha * roundedExp(v);
      const z = u1 * u1 * u2;
      const r = bbb + ccc * v - x;
      if (r + SG_MAGIC - 4.5 * z >= 0 || r >= roundedLog(z)) {
        return x;
      }
    }
  }

  /** The method of Ahrens and Dieter. */
  private _smallGamma(alpha: number): number {
    for (;;) {
      const b = (E + alpha) / E;
      const p = b * this.random();
      const x = p <= 1 ? roundedPower(p, 1 / alpha) : -roundedLog((b - p) / alpha);
      const u1 = this.random();
      if (p > 1 ? u1 <= roundedPower(x, alpha - 1) : u1 <= roundedExp(-x)) {
        return x;
      }
    }
  }
}

/**
 * The random numbers of CPython's `random.Random(seed)`; see {@link PythonRandom}.
 *
 * @throws TypeError unless `seed` is an integer.
 */
export const pythonRandom = (seed: number | bigint): PythonRandom => new PythonRandom(seed);
