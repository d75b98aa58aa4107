import { describeValue } from "../base/describe.ts";
import { power } from "../base/float.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";

/** Options of {@link selectBest}. */
export interface SelectOptions {
  /** How many alternatives there are. */
  readonly count: number;
  /** The result of replication `replication`, from 0, of alternative `alternative`, from 0. */
  readonly sample: (alternative: number, replication: number) => number | Promise<number>;
  /** Whether the largest or the smallest mean is the best; `"max"` by default. */
  readonly better?: "max" | "min";
  /** The smallest difference of means that matters. */
  readonly indifference: number;
  /** How often the best is to be selected: above 1/count and below 1; 0.95 by default. */
  readonly confidence?: number;
  /** Replications of each alternative before the first is left out; 10 by default. */
  readonly first?: number;
  /**
   * Replications of an alternative at most; then the best mean so far is selected, without the guarantee. 100,000 by
   * default.
   */
  readonly most?: number;
}

const OPTIONS = optionNames<SelectOptions>({
  count: true,
  sample: true,
  better: true,
  indifference: true,
  confidence: true,
  first: true,
  most: true,
});

/** What {@link selectBest} found. */
export interface Selection {
  /** The selected alternative. */
  readonly best: number;
  /** How many replications each alternative had. */
  readonly replications: readonly number[];
  /** The mean of each. */
  readonly means: readonly number[];
  /** Whether the guarantee holds: all others were left out before `most`. */
  readonly isGuaranteed: boolean;
}

/** The mean of `values`, and the variance of the differences from those of `others`. */
function differences(values: readonly number[], others: readonly number[], count: number): number {
  let mean = 0;
  let m2 = 0;
  for (let i = 0; i < count; i++) {
    const delta = values[i]! - others[i]!;
    const step = delta - mean;
    mean += step / (i + 1);
    m2 += step * (delta - mean);
  }
  return m2 / (count - 1);
}

function requireSelection(options: SelectOptions): Required<SelectOptions> {
  requireOptions("selectBest", options, OPTIONS);
  const all = { better: "max", confidence: 0.95, first: 10, most: 100_000, ...options } as const;
  const { count, sample, better, indifference, confidence, first, most } = all;
  const refuse = (expected: string, got: unknown): never => {
    throw new RangeError(`selectBest: expected ${expected}, got ${describeValue(got)}`);
  };
  if (!(Number.isSafeInteger(count) && count >= 2)) {
    refuse("at least two alternatives", count);
  }
  if (typeof sample !== "function") refuse("a function (alternative, replication) => number as sample", sample);
  if (better !== "max" && better !== "min") refuse('better to be "max" or "min"', better);
  if (!(indifference > 0)) refuse("an indifference above 0", indifference);
  if (!(confidence > 1 / count && confidence < 1)) refuse(`a confidence above 1/${count} and below 1`, confidence);
  if (!(Number.isSafeInteger(first) && first >= 2)) refuse("an integer of at least 2 as first", first);
  if (!(Number.isSafeInteger(most) && most >= first)) refuse("an integer not below first as most", most);
  return all;
}

/**
 * Select the best of several alternatives with a guarantee: with the given confidence, the selected one has the best
 * mean, if it is better than the others by at least the indifference.
 *
 * The procedure is fully sequential: after each round of replications those that are clearly worse are left out. Common
 * random numbers, the same for all alternatives of a replication, make it faster.
 *
 * @throws TypeError, RangeError for values without sense, and samples that are not finite numbers.
 * @see Kim and Nelson (2001), procedure KN
 */
export async function selectBest(options: SelectOptions): Promise<Selection> {
  const { count, sample, better, indifference, confidence, first, most } = requireSelection(options);
  const sign = better === "max" ? 1 : -1;
  const values: number[][] = Array.from({ length: count }, () => []);
  const draw = async (alternative: number): Promise<void> => {
    const list = values[alternative]!;
    const value = await sample(alternative, list.length);
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `selectBest: expected a finite number of alternative ${alternative}, got ${describeValue(value)}`,
      );
    }
    list.push(sign * value);
  };
  for (let alternative = 0; alternative < count; alternative++) {
    for (let i = 0; i < first; i++) {
      await draw(alternative);
    }
  }
  const eta = (power((2 * (1 - confidence)) / (count - 1), -2 / (first - 1)) - 1) / 2;
  const h2 = 2 * eta * (first - 1);
  const variances = values.map((a) => values.map((b) => differences(a, b, first)));
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  let left = values.map((_, i) => i);
  let round = first;
  for (; left.length > 1 && round < most; round++) {
    const sums = values.map(sum);
    left = left.filter((a) =>
      left.every((b) => {
        const slack = (h2 * variances[a]![b]!) / (2 * indifference) - (indifference * round) / 2;
        return sums[a]! >= sums[b]! - Math.max(0, slack);
      }),
    );
    if (left.length > 1) {
      for (const alternative of left) {
        await draw(alternative);
      }
    }
  }
  const means = values.map((list) => sum(list) / list.length);
  const best = left.reduce((winner, each) => (means[each]! > means[winner]! ? each : winner));
  return {
    best,
    replications: values.map(({ length }) => length),
    means: means.map((mean) => sign * mean),
    isGuaranteed: left.length === 1,
  };
}
