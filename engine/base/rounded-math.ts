import { add, type DoubleDouble, dd, divide, multiply, scale } from "./double-double.ts";

/*
 * The elementary functions, correctly rounded but for cases too rare to meet: the results are the same on every
 * machine, and those of the C library that CPython calls on Linux, whose error is hardly above half a unit in the last
 * place. V8's own differ from these in every tenth case. Slower than those by two orders of magnitude.
 */

const LN2 = dd(Math.LN2, 2.3190468138462996e-17);
const LN2_REST = 5.707708438416212e-34;
const HALF_PI = dd(1.5707963267948966, 6.123233995736766e-17);
const HALF_PI_REST = -1.4973849048591833e-33;
const ONE = dd(1);

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The exponent of a positive, normal number. */
function exponentOf(x: number): number {
  double[0] = x;
  return (words[HIGH]! >>> 20) - 1023;
}

/** 2 to the power of an integer within the range of normal numbers. */
function powerOfTwo(exponent: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (exponent + 1023) << 20;
  return double[0]!;
}

/** The logarithm of a positive, normal number: of the mantissa by the series of the inverse hyperbolic tangent. */
function logOf(x: number): DoubleDouble {
  let exponent = exponentOf(x);
  let mantissa = x / powerOfTwo(exponent);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = divide(dd(mantissa - 1), add(dd(mantissa), ONE));
  const square = multiply(s, s);
  let sum = dd(0);
  for (let i = 24; i >= 0; i--) {
    sum = add(multiply(sum, square), divide(ONE, dd(2 * i + 1)));
  }
  return add(multiply(scale(s, 2), sum), multiply(dd(exponent), LN2));
}

const HALVINGS = 8;

/** The exponential of a number whose result is normal. */
function expOf(x: DoubleDouble): DoubleDouble {
  const k = Math.round(x.hi / LN2.hi);
  const rest = add(add(x, multiply(dd(-k), LN2)), dd(-k * LN2_REST));
  const small = scale(rest, 1 / (1 << HALVINGS));
  let sum = dd(0);
  for (let i = 12; i >= 1; i--) {
    sum = multiply(add(sum, ONE), divide(small, dd(i)));
  }
  // exp(x) - 1, so that squaring loses nothing.
  for (let i = 0; i < HALVINGS; i++) {
    sum = add(scale(sum, 2), multiply(sum, sum));
  }
  return scale(add(sum, ONE), powerOfTwo(k));
}

/** The series of sine (from 1) or cosine (from 0) up to the quarter of pi. */
function circular(x: DoubleDouble, first: 0 | 1): DoubleDouble {
  const square = scale(multiply(x, x), -1);
  let sum = ONE;
  for (let i = 26 + first; i > first; i -= 2) {
    sum = add(ONE, divide(multiply(sum, square), dd(i * (i - 1))));
  }
  return first === 1 ? multiply(sum, x) : sum;
}

/** Sine with `quarters` 0, cosine with 1, of a number of moderate size. */
function turned(x: number, quarters: number): number {
  const k = Math.round(x / HALF_PI.hi);
  const rest = add(add(dd(x), multiply(dd(-k), HALF_PI)), dd(-k * HALF_PI_REST));
  const quadrant = (((k + quarters) % 4) + 4) % 4;
  const value = circular(rest, quadrant % 2 === 0 ? 1 : 0).hi;
  return quadrant < 2 ? value : -value;
}

/** Natural logarithm of a positive, normal number. */
export const roundedLog = (x: number): number => logOf(x).hi;

/** Exponential function. */
export const roundedExp = (x: number): number =>
  x < -708 || x > 709 ? (x < 0 ? 0 : Number.POSITIVE_INFINITY) : expOf(dd(x)).hi;

/** `base`, positive, to the power of `exponent`. */
export function roundedPower(base: number, exponent: number): number {
  const logarithm = multiply(logOf(base), dd(exponent));
  return logarithm.hi < -708 || logarithm.hi > 709
    ? logarithm.hi < 0
      ? 0
      : Number.POSITIVE_INFINITY
    : expOf(logarithm).hi;
}

/** Sine of a number up to some thousands. */
export const roundedSine = (x: number): number => turned(x, 0);

/** Cosine of a number up to some thousands. */
export const roundedCosine = (x: number): number => turned(x, 1);
