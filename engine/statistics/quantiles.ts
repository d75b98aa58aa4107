import { describeValue } from "../base/describe.ts";
import { exponential, log, squareRoot } from "../base/float.ts";
import { requireFinite, requireOpenShare } from "./numbers.ts";
import { incompleteBeta, normalBelow } from "./special-functions.ts";

/** The root of an increasing function between `low` and `high`, by bisection to the last digit. */
function rootOf(f: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) {
      break;
    }
    if (f(middle) < 0) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low + (high - low) / 2;
}

/**
 * The value below which the share `p` of a standard normal distribution lies.
 *
 * @throws RangeError unless `p` is above 0 and below 1.
 */
export function normalQuantile(p: number): number {
  requireOpenShare("normalQuantile", "share", p);
  if (p > 0.5) {
    return -normalQuantile(1 - p);
  }
  const t = squareRoot(-2 * log(p));
  const start = ((0.010328 * t + 0.802853) * t + 2.515517) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1) - t;
  let x = p === 0.5 ? 0 : start;
  for (let i = 0; i < 4 && p !== 0.5; i++) {
    const density = 0.3989422804014327 * exponential((-x * x) / 2);
    const step = (normalBelow(x) - p) / density;
    x -= step / (1 + (x * step) / 2);
  }
  return x;
}

/** The share of Student's t distribution with `freedom` degrees of freedom below `t`. */
export function studentBelow(t: number, freedom: number): number {
  requireFinite("studentBelow", "value", t);
  requireFinite("studentBelow", "number of degrees of freedom", freedom);
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

const known = new Map<string, number>();

/**
 * The value below which the share `p` of Student's t distribution lies.
 *
 * @param freedom - Degrees of freedom: above 0.
 * @throws RangeError for other degrees, and unless `p` is above 0 and below 1.
 */
export function studentQuantile(p: number, freedom: number): number {
  requireOpenShare("studentQuantile", "share", p);
  requireFinite("studentQuantile", "number of degrees of freedom", freedom);
  if (!(freedom > 0)) {
    throw new RangeError(`studentQuantile: expected degrees of freedom above 0, got ${describeValue(freedom)}`);
  }
  if (p === 0.5) {
    return 0;
  }
  if (p < 0.5) {
    return -studentQuantile(1 - p, freedom);
  }
  const key = `${p}/${freedom}`;
  let quantile = known.get(key);
  if (quantile === undefined) {
    let high = 2;
    while (studentBelow(high, freedom) < p && high < 1e300) {
      high *= 4;
    }
    quantile = rootOf((t) => studentBelow(t, freedom) - p, 0, high);
    if (known.size < 1000) {
      known.set(key, quantile);
    }
  }
  return quantile;
}
