import { invariant } from "../base/invariant.ts";

/** The parts of a double, for {@link partsOf}. */
const words = new DataView(new ArrayBuffer(8));

const FRACTION = (1n << 52n) - 1n;

/** A finite double as an integer times a power of two. */
function partsOf(value: number): { readonly integer: bigint; readonly exponent: number } {
  words.setFloat64(0, value);
  const bits = words.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const magnitude = exponent === 0 ? bits & FRACTION : (bits & FRACTION) | (1n << 52n);
  return { integer: bits >> 63n === 0n ? magnitude : -magnitude, exponent: Math.max(exponent, 1) - 1075 };
}

/**
 * A sum of doubles without rounding.
 *
 * Rounded sums depend on the order of the summands. This one does not, so that the statistics of a sweep are equal, to
 * the last digit, however its runs were distributed over workers.
 */
export class ExactSum {
  private _integer = 0n;
  private _exponent = 0;

  /** @param text - What {@link toJSON} returned; empty for zero. */
  constructor(text = "") {
    if (text !== "") {
      const [integer = "", exponent = ""] = text.split("p");
      this._integer = integer.startsWith("-") ? -BigInt(`0x${integer.slice(1)}`) : BigInt(`0x${integer}`);
      this._exponent = Number(exponent);
    }
  }

  /** Add a finite number. */
  add(value: number): void {
    invariant(Number.isFinite(value), "a sum of finite numbers");
    const { integer, exponent } = partsOf(value);
    this._add(integer, exponent);
  }

  /** Add the square of a finite number. */
  addSquare(value: number): void {
    const { integer, exponent } = partsOf(value);
    this._add(integer * integer, 2 * exponent);
  }

  /** Add another sum. */
  merge({ _integer, _exponent }: ExactSum): void {
    this._add(_integer, _exponent);
  }

  /** The sum divided by `count`, rounded once, to about 15 digits. */
  over(count: number): number {
    return ratio(this._integer, BigInt(count), this._exponent);
  }

  /**
   * The variance of `count` observations of which this is the sum and `squares` the sum of squares; 0 for fewer than
   * two.
   */
  varianceOf(count: number, squares: ExactSum): number {
    if (count < 2) {
      return 0;
    }
    const n = BigInt(count);
    const exponent = Math.min(2 * this._exponent, squares._exponent);
    const square = (this._integer * this._integer) << BigInt(2 * this._exponent - exponent);
    const all = n * (squares._integer << BigInt(squares._exponent - exponent));
    return ratio(all - square, n * (n - 1n), exponent);
  }

  /**
   * Hexadecimal digits of an integer, `p`, and the power of two by which to multiply it. Equal sums have equal strings.
   */
  toJSON(): string {
    if (this._integer === 0n) {
      return "0p0";
    }
    let [integer, exponent] = [this._integer, this._exponent];
    while ((integer & 0xffffn) === 0n) {
      [integer, exponent] = [integer >> 16n, exponent + 16];
    }
    while ((integer & 1n) === 0n) {
      [integer, exponent] = [integer >> 1n, exponent + 1];
    }
    return `${integer.toString(16)}p${exponent}`;
  }

  private _add(integer: bigint, exponent: number): void {
    if (integer === 0n) {
      return;
    }
    if (this._integer === 0n) {
      [this._integer, this._exponent] = [integer, exponent];
    } else if (exponent >= this._exponent) {
      this._integer += integer << BigInt(exponent - this._exponent);
    } else {
      this._integer = (this._integer << BigInt(this._exponent - exponent)) + integer;
      this._exponent = exponent;
    }
  }
}

/** `numerator / denominator * 2^exponent` as a double: with 64 bits of the quotient, so that it is rounded once. */
function ratio(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) {
    return 0;
  }
  const magnitude = numerator < 0n ? -numerator : numerator;
  const shift = 64 - (magnitude.toString(2).length - denominator.toString(2).length);
  const quotient =
    shift >= 0 ? (magnitude << BigInt(shift)) / denominator : magnitude / (denominator << BigInt(-shift));
  const scale = exponent - shift;
  // Two steps, because 2^scale alone may be too small for a double.
  const half = Math.trunc(scale / 2);
  const value = Number(quotient) * 2 ** half * 2 ** (scale - half);
  return numerator < 0n ? -value : value;
}
