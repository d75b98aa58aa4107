/** A time as an integer of seconds and an integer, never negative, of microseconds or nanoseconds. */
export interface ExactSeconds {
  readonly whole: number;
  readonly fraction: number;
}

/** Digits after the point: microseconds or nanoseconds. */
export type Digits = 6 | 9;

/**
 * `seconds` to the nearest microsecond or nanosecond, ties to even.
 *
 * The rounding is of the number's exact value: `toFixed` is exact by its definition, except that it takes ties away
 * from zero. A tie is an odd multiple of half the unit, so (being a binary fraction) an odd multiple of 2 to the
 * -(digits + 1).
 *
 * @see Python `datetime.timedelta(seconds=...)`. Differs: Python multiplies first, so that it takes some near ties for
 * ties.
 */
export function exactSeconds(seconds: number, digits: Digits): ExactSeconds {
  if (Math.abs(seconds) > Number.MAX_SAFE_INTEGER) {
    return { whole: seconds, fraction: 0 };
  }
  const text = Math.abs(seconds).toFixed(digits);
  const whole = Number(text.slice(0, -digits - 1));
  let fraction = Number(text.slice(-digits));
  const isTie = Math.abs((seconds * 2 ** (digits + 1)) % 2) === 1;
  if (isTie && fraction % 2 === 1) {
    fraction--;
  }
  if (seconds >= 0 || (whole === 0 && fraction === 0)) {
    return { whole, fraction };
  }
  return fraction === 0 ? { whole: -whole, fraction } : { whole: -whole - 1, fraction: 10 ** digits - fraction };
}

/** The sum of two times with the same unit of fractions. */
export function addExact(a: ExactSeconds, b: ExactSeconds, digits: Digits): ExactSeconds {
  const unit = 10 ** digits;
  const fraction = a.fraction + b.fraction;
  const carry = fraction >= unit ? 1 : 0;
  return { whole: a.whole + b.whole + carry, fraction: fraction - carry * unit };
}
