import { squareRoot } from "../base/float.ts";
import { requireArgument } from "../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { type Estimate, estimateOf } from "./estimate.ts";
import { requireFinite, requireInteger, requireOpenShare } from "./numbers.ts";

function requireSeries(method: string, values: readonly number[], min: number): void {
  requireArgument(method, "an array of numbers", Array.isArray(values) || ArrayBuffer.isView(values), values);
  if (values.length < min) {
    throw new RangeError(`${method}: expected at least ${min} values, got ${values.length}`);
  }
  for (const value of values) {
    requireFinite(method, "value", value);
  }
}

const meanOf = (values: readonly number[], from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) {
    sum += values[i]!;
  }
  return sum / (to - from);
};

/** The sum of squared deviations of `values[from]` to `values[to - 1]` from `mean`. */
function deviations(values: readonly number[], from: number, to: number, mean: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const delta = values[i]! - mean;
    sum += delta * delta;
  }
  return sum;
}

/** Options of {@link batchMeans}. */
export interface BatchMeansOptions {
  /** How many batches; 20 by default. */
  readonly batches?: number;
  /** How often such intervals are to contain the truth; 0.95 by default. */
  readonly confidence?: number;
  /**
   * Let batches overlap, which uses the values better: each begins one value after the one before. False by default.
   */
  readonly overlapping?: boolean;
}

const BATCH_OPTIONS = optionNames<BatchMeansOptions>({ batches: true, confidence: true, overlapping: true });

/**
 * The mean of a long, correlated series, such as the waiting times of one run, with a confidence interval from the
 * means of batches.
 *
 * The series is cut into batches so long that their means are nearly independent; `autocorrelation` of the batch means
 * shows whether they are. Values at the end that do not fill a batch are left out.
 *
 * @throws RangeError unless there are at least two batches and two values to each; TypeError, RangeError for values
 * that are not finite numbers.
 */
export function batchMeans(values: readonly number[], options: BatchMeansOptions = NO_OPTIONS): Estimate {
  requireOptions("batchMeans", options, BATCH_OPTIONS);
  const { batches = 20, confidence = 0.95, overlapping = false } = options;
  requireOpenShare("batchMeans", "confidence", confidence);
  requireInteger("batchMeans", "number of batches", batches, 2, 1_000_000);
  requireSeries("batchMeans", values, 2 * batches);
  const size = Math.floor(values.length / batches);
  const n = size * batches;
  const mean = meanOf(values, 0, n);
  if (overlapping) {
    const starts = n - size + 1;
    let sum = 0;
    let running = meanOf(values, 0, size) * size;
    for (let start = 0; start < starts; start++) {
      sum += (running / size - mean) ** 2;
      running += (values[start + size]! ?? 0) - values[start]!;
    }
    const variance = (size * n * sum) / ((n - size) * starts);
    return estimateOf(mean, squareRoot(variance / n), 1.5 * (batches - 1), batches, confidence);
  }
  const means = Array.from({ length: batches }, (_, i) => meanOf(values, i * size, (i + 1) * size));
  const variance = deviations(means, 0, batches, mean) / (batches - 1);
  return estimateOf(mean, squareRoot(variance / batches), batches - 1, batches, confidence);
}

/** The end of a warm-up, as {@link mser5} finds it. */
export interface WarmUp {
  /** How many values to leave out at the beginning. */
  readonly truncate: number;
  /** The mean of the others. */
  readonly mean: number;
  /** Whether the series is too short to say: the smallest error lies at the last truncation that was tried. */
  readonly isTooShort: boolean;
}

/** Values to a batch of MSER-5. */
const MSER_BATCH = 5;

/**
 * Where the warm-up of a series ends: MSER-5 leaves out the values whose omission makes the standard error of the mean
 * smallest.
 *
 * It works on means of five values and leaves out at most half of the series.
 *
 * @throws RangeError below ten values; TypeError, RangeError for values that are not finite numbers.
 * @see White (1997); Hoad, Robinson and Davies (2010)
 */
export function mser5(values: readonly number[]): WarmUp {
  requireSeries("mser5", values, 2 * MSER_BATCH);
  const count = Math.floor(values.length / MSER_BATCH);
  const means = Array.from({ length: count }, (_, i) => meanOf(values, i * MSER_BATCH, (i + 1) * MSER_BATCH));
  const last = Math.floor(count / 2);
  let sum = 0;
  let squares = 0;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  // From the end, so that each truncation only adds a batch. Relative to the mean, so that nothing cancels.
  const center = meanOf(means, 0, count);
  for (let d = count - 1; d >= 0; d--) {
    const delta = means[d]! - center;
    sum += delta;
    squares += delta * delta;
    const left = count - d;
    const error = Math.max(0, squares - (sum * sum) / left) / (left * left);
    if (d <= last && error <= least) {
      least = error;
      best = d;
    }
  }
  const truncate = best * MSER_BATCH;
  return { truncate, mean: meanOf(values, truncate, values.length), isTooShort: best === last };
}

/**
 * The autocorrelation of a series at the lags 0, 1, … `maxLag`: 1 at lag 0, about 0 where values that far apart are
 * independent.
 *
 * @throws RangeError unless `maxLag` is an integer below the number of values; TypeError, RangeError for values that
 * are not finite numbers.
 */
export function autocorrelation(values: readonly number[], maxLag: number): number[] {
  requireSeries("autocorrelation", values, 2);
  requireInteger("autocorrelation", "largest lag", maxLag, 0, values.length - 1);
  const mean = meanOf(values, 0, values.length);
  const total = deviations(values, 0, values.length, mean);
  return Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < values.length; i++) {
      sum += (values[i]! - mean) * (values[i - lag]! - mean);
    }
    return lag === 0 ? 1 : sum / total;
  });
}
