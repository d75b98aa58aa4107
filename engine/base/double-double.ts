/*
 * Numbers of about 106 bits as unevaluated sums of two doubles, as far as correctly rounded functions need them. The
 * algorithms are Dekker's and Knuth's.
 */

/** A number `hi + lo`, where `hi` is the nearest double to it. */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

const SPLITTER = 134217729;

/** `a + b`, where `a` is not smaller than `b`. */
const quickSum = (a: number, b: number): DoubleDouble => {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
};

/** `a + b`, exactly. */
export const twoSum = (a: number, b: number): DoubleDouble => {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
};

/** `a * b`, exactly. */
const twoProduct = (a: number, b: number): DoubleDouble => {
  const hi = a * b;
  const at = SPLITTER * a;
  const ah = at - (at - a);
  const al = a - ah;
  const bt = SPLITTER * b;
  const bh = bt - (bt - b);
  const bl = b - bh;
  return { hi, lo: ah * bh - hi + ah * bl + al * bh + al * bl };
};

export const dd = (hi: number, lo = 0): DoubleDouble => ({ hi, lo });

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const first = quickSum(high.hi, high.lo + low.hi);
  return quickSum(first.hi, first.lo + low.lo);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.hi, b.hi);
  return quickSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const q1 = a.hi / b.hi;
  const r1 = add(a, multiply(b, dd(-q1)));
  const q2 = r1.hi / b.hi;
  const r2 = add(r1, multiply(b, dd(-q2)));
  const q3 = r2.hi / b.hi;
  return add(quickSum(q1, q2), dd(q3));
}

/** `a` times a power of two. */
export const scale = (a: DoubleDouble, factor: number): DoubleDouble => ({ hi: a.hi * factor, lo: a.lo * factor });
