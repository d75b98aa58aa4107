/** The resolution that CPython reads off Linux's monotonic clock, in seconds. */
export const CLOCK_RESOLUTION = 1e-9;

/** Up to here a unit in the last place of a time is smaller than the resolution: 2^23 seconds, 97 days. */
const FINE_BELOW = 2 ** 23;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The distance from `x`, which is positive and normal, to the next larger double. @see math.ulp */
function unitInLastPlace(x: number): number {
  double[0] = x;
  const exponent = ((words[HIGH] as number) >>> 20) - 52;
  words[HIGH] = exponent << 20;
  words[1 - HIGH] = 0;
  return double[0] as number;
}

/**
 * How far apart two instants must be to count as different, in seconds, on a clock that only goes forward.
 *
 * Never below one unit in the last place: a resolution that vanishes in rounding would leave a timer that is due now for ever
 * in the future.
 */
export class Resolution {
  private _value = CLOCK_RESOLUTION;
  private _validBelow = FINE_BELOW;

  /** The resolution at `time`, which is not before that of the call before. */
  at(time: number): number {
    if (time >= this._validBelow && time < Number.POSITIVE_INFINITY) {
      this._value = unitInLastPlace(time);
      // The unit doubles at the next power of two, 2^53 units further at the latest.
      this._validBelow = this._value * 2 ** 53;
    }
    return this._value;
  }
}
