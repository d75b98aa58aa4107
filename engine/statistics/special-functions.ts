import { exponential, log, squareRoot } from "../base/float.ts";

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
const LOG_SQRT_TWO_PI = 0.9189385332046728;

/** The logarithm of the gamma function of a positive number; Lanczos' approximation, good to 15 digits. */
export function logGamma(x: number): number {
  let series: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) {
    series += LANCZOS[i]! / (x - 1 + i);
  }
  const t = x + 6.5;
  return LOG_SQRT_TWO_PI + (x - 0.5) * log(t) - t + log(series);
}

const TINY = 1e-300;
const EPSILON = 1e-16;

const notTiny = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** The continued fraction of the incomplete beta function, by Lentz' method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / notTiny(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notTiny(1 + even * d);
    c = notTiny(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notTiny(1 + odd * d);
    c = notTiny(1 + odd / c);
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < EPSILON) {
      break;
    }
  }
  return result;
}

/** The regularized incomplete beta function I_x(a, b). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) {
    return x <= 0 ? 0 : 1;
  }
  const front = exponential(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** The complementary error function; relative error below 1e-14 where it matters here (|x| < 6). */
function complementaryError(x: number): number {
  if (x < 0) {
    return 2 - complementaryError(-x);
  }
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 100 && Math.abs(term) > EPSILON * sum; n++) {
      term *= (-x * x * (2 * n - 1)) / (n * (2 * n + 1));
      sum += term;
    }
    return 1 - 1.1283791670955126 * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) {
    fraction = n / 2 / (x + fraction);
  }
  return (0.5641895835477563 * exponential(-x * x)) / (x + fraction);
}

/** The share of a standard normal distribution below `x`. */
export const normalBelow = (x: number): number => complementaryError(-x / squareRoot(2)) / 2;
