import { describeValue } from "../../base/describe.ts";
import type { RandomStream } from "../../base/random.ts";

/**
 * How long something takes, in seconds: a constant, a distribution, or a function that draws from the random stream it
 * is given.
 *
 * A drawn value below 0 counts as 0.
 */
export type Latency =
  | number
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly exponential: number; readonly min?: number }
  | { readonly normal: readonly [mean: number, deviation: number] }
  | { readonly pareto: readonly [shape: number, scale: number] }
  | ((random: RandomStream) => number);

/** Draws one duration. */
export interface Sampler {
  (random: RandomStream): number;
  /** The shortest and the longest that it returns, where it has them. */
  readonly range?: readonly [low: number, high: number];
}

const isDuration = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;

const isPair = (value: unknown, isValid: (a: number, b: number) => boolean): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && isValid(value[0], value[1]);

/** A distribution written as data, or `null` if it is malformed. */
function distribution(latency: Readonly<Record<string, unknown>>): Sampler | null {
  const { uniform, exponential, min = 0, normal, pareto } = latency;
  const mayHave = exponential === undefined ? 1 : 1 + Number("min" in latency);
  if (Object.keys(latency).length > mayHave) {
    return null;
  }
  if (isPair(uniform, (low, high) => low >= 0 && low <= high)) {
    const range = [uniform[0], uniform[1]] as const;
    return Object.assign((random: RandomStream) => random.uniform(uniform[0], uniform[1]), { range });
  }
  if (isDuration(exponential) && isDuration(min)) {
    return (random) => min + random.exponential(exponential);
  }
  if (isPair(normal, (mean, deviation) => mean >= 0 && deviation >= 0)) {
    return (random) => Math.max(0, random.normal(normal[0], normal[1]));
  }
  if (isPair(pareto, (shape, scale) => shape > 0 && scale > 0)) {
    return (random) => random.pareto(pareto[0], pareto[1]);
  }
  return null;
}

function checkedSampler(what: string, draw: (random: RandomStream) => number): Sampler {
  return (random) => {
    const seconds = draw(random);
    if (!isDuration(seconds)) {
      throw new RangeError(
        `${what}: the function must return seconds, finite and not negative; it returned ${describeValue(seconds)}`,
      );
    }
    return seconds;
  };
}

/**
 * What draws from `latency`; a number stays one.
 *
 * @param what - For the message: whose latency it is.
 * @throws RangeError if `latency` is negative, infinite or malformed.
 */
export function samplerOf(what: string, latency: Latency): number | Sampler {
  if (typeof latency === "function") {
    return checkedSampler(what, latency);
  }
  if (isDuration(latency)) {
    return latency;
  }
  const sampler = typeof latency === "object" && latency !== null ? distribution({ ...latency }) : null;
  if (sampler === null) {
    throw new RangeError(
      `${what}: expected seconds (finite, not negative), { uniform: [low, high] }, { exponential: mean, min? }, { normal: [mean, deviation] }, ` +
        `{ pareto: [shape, scale] } or a function, got ${describeValue(latency)}`,
    );
  }
  return sampler;
}
