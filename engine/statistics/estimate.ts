import { describeValue } from "../base/describe.ts";
import { squareRoot } from "../base/float.ts";
import { requireArgument } from "../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { requireFinite, requireOpenShare } from "./numbers.ts";
import { studentQuantile } from "./quantiles.ts";
import { Tally } from "./tally.ts";

/** An estimate of a mean with its confidence interval. */
export interface Estimate {
  /** The estimate. */
  readonly mean: number;
  /** Half the width of the interval; NaN below two observations. */
  readonly halfWidth: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** How many independent observations it rests on. */
  readonly n: number;
  /** How often such intervals contain the truth: 0.95 means 95 of 100. */
  readonly confidence: number;
}

/** Options of the functions that return an {@link Estimate}. */
export interface EstimateOptions {
  /** How often such intervals are to contain the truth: above 0 and below 1; 0.95 by default. */
  readonly confidence?: number;
}

const ESTIMATE_OPTIONS = optionNames<EstimateOptions>({ confidence: true });

/** @throws TypeError, RangeError for unknown options and confidences out of range. */
export function requireConfidence(method: string, options: EstimateOptions): number {
  requireOptions(method, options, ESTIMATE_OPTIONS);
  const { confidence = 0.95 } = options;
  requireOpenShare(method, "confidence", confidence);
  return confidence;
}

/** The numbers of `values` as a tally. @throws TypeError, RangeError unless they are finite numbers. */
export function tallyOf(method: string, values: Tally | Iterable<number>): Tally {
  if (values instanceof Tally) {
    return values;
  }
  if (typeof (values as Iterable<number> | null)?.[Symbol.iterator] !== "function" || typeof values === "string") {
    throw new TypeError(`${method}: expected a Tally or numbers, got ${describeValue(values)}`);
  }
  const tally = new Tally();
  for (const value of values) {
    requireFinite(method, "value", value);
    tally.add(value);
  }
  return tally;
}

/** The estimate that a mean, a standard error of it and its degrees of freedom make. */
export function estimateOf(mean: number, error: number, freedom: number, n: number, confidence: number): Estimate {
  const halfWidth = freedom > 0 ? studentQuantile(1 - (1 - confidence) / 2, freedom) * error : Number.NaN;
  return { mean, halfWidth, low: mean - halfWidth, high: mean + halfWidth, n, confidence };
}

/**
 * The mean of independent observations, such as the results of replications, with Student's confidence interval.
 *
 * Observations of one run are seldom independent, for a customer who waits long makes the next one wait; use
 * `batchMeans` for those.
 *
 * @throws TypeError, RangeError for values that are not finite numbers, unknown options, and a confidence that is not
 * between 0 and 1.
 */
export function meanInterval(values: Tally | Iterable<number>, options: EstimateOptions = NO_OPTIONS): Estimate {
  const confidence = requireConfidence("meanInterval", options);
  const { mean, variance, n } = tallyOf("meanInterval", values);
  return estimateOf(mean, squareRoot(variance / n), n - 1, n, confidence);
}

/**
 * The mean difference `a` − `b` of paired observations, such as two settings with common random numbers, with its
 * interval.
 *
 * @throws RangeError unless both have the same length; all else as {@link meanInterval}.
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
  options: EstimateOptions = NO_OPTIONS,
): Estimate {
  requireArgument("pairedInterval", "an array of numbers", Array.isArray(a), a);
  requireArgument("pairedInterval", "an array of numbers", Array.isArray(b), b);
  if (a.length !== b.length) {
    throw new RangeError(`pairedInterval: expected as many observations of each, got ${a.length} and ${b.length}`);
  }
  return meanInterval(
    a.map((value, i) => value - b[i]!),
    options,
  );
}
