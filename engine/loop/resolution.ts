/** The resolution that CPython reads off Linux's monotonic clock, in seconds. */
export const CLOCK_RESOLUTION = 1e-9;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The distance from `x`, which is positive and normal, to the next larger double. @see math.ulp */
function unitInLastPlace(x: number): number {
  double[0] = x;
  const exponent = (words[HIGH]! >>> 20) - 52;
  words[HIGH] = exponent << 20;
  words[1 - HIGH] = 0;
  return double[0]!;
}

/**
 * How far apart two instants must be to count as different, in seconds, on a clock that only goes forward.
 *
 * Never below one unit in the last place: a resolution that vanishes in rounding would leave a timer that is due now
 * for ever in the future.
 */
export class Resolution {
  private _value = Number.NaN;
  private _validBelow = Number.NEGATIVE_INFINITY;

  /** The resolution at `time`, which is not before that of the call before. */
  at(time: number): number {
    if (time >= this._validBelow) {
      this._adapt(time);
    }
    return this._value;
  }

  /**
   * Called often while time is short, although nothing changes in the first 97 days: so V8 has seen this when it
   * compiles the loop, and keeps its code.
   */
  private _adapt(time: number): void {
    const unit = unitInLastPlace(Math.max(time, 1));
    this._value = Math.max(unit, CLOCK_RESOLUTION);
    // The unit doubles at the next power of two.
    this._validBelow = unit * 2 ** 53;
  }
}
