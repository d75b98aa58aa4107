import { describeValue } from "../base/describe.ts";
import { daysFromCivil } from "./calendar.ts";
import { addExact, type Digits, type ExactSeconds, exactSeconds } from "./exact-seconds.ts";
import { formatIso, readIso } from "./iso.ts";
import { localTime } from "./local-time.ts";
import { strftime } from "./strftime.ts";
import { instantOf, type TimeZone, timeZone } from "./time-zone.ts";

/** What the simulated wall clock shows when the loop's clock shows zero, and where it hangs. */
export interface WallClockOptions {
  /**
   * The wall clock's time at zero of the loop's clock; 2000-01-01T00:00:00 in `timeZone` by default.
   *
   * Unix time in seconds, or a string: a date and a time of day (`2021-03-04T15:27:26`, with a blank for the `T`, a
   * fraction of a second, an offset or `Z` if you like), a date (at midnight), or a time of day (`15:27:26`, `15:27`)
   * of 2000-01-01. A text without an offset is local time in `timeZone`; a time that its clocks show twice means the
   * first, and one that they skip is counted as if they had not yet gone forward, as Python's `zoneinfo` does with
   * `fold=0`.
   */
  readonly start?: number | string;
  /**
   * `UTC` (the default), a fixed offset such as `+08:00` or `-0330`, or an IANA name such as `Europe/Berlin`.
   *
   * The rules of a name are those of the host's time-zone database, which governments change: where strings must be the
   * same on every machine, take a fixed offset. `%Z` returns the abbreviation that the IANA database last had for the
   * zone's offset since 1970, so that names used before then (`EWT` in the war) are not found; where it had none,
   * digits (`+08`), as in the database.
   */
  readonly timeZone?: string;
}

const DEFAULT_DATE = { year: 2000, month: 1, day: 1 };
const DEFAULT_START = "2000-01-01T00:00:00";
const NANOSECONDS_PER_MICROSECOND = 1000;

/** The start in both precisions, and as the nearest number. */
interface Start {
  readonly number: number;
  readonly micro: ExactSeconds;
  readonly nano: ExactSeconds;
}

function startFromNumber(seconds: number): Start {
  if (!Number.isFinite(seconds)) {
    throw new RangeError(
      `start: expected a finite number, got ${describeValue(seconds)}; pass Unix time in seconds or an ISO 8601 string`,
    );
  }
  return { number: seconds, micro: exactSeconds(seconds, 6), nano: exactSeconds(seconds, 9) };
}

function startFromText(text: string, zone: TimeZone): Start {
  const { local, nanosecond, offset } = readIso(text, daysFromCivil(DEFAULT_DATE));
  const whole = offset === undefined ? instantOf(local, zone) : local - offset;
  return {
    number: nanosecond === 0 ? whole : Number(`${BigInt(whole) * 1_000_000_000n + BigInt(nanosecond)}e-9`),
    micro: { whole, fraction: Math.floor(nanosecond / NANOSECONDS_PER_MICROSECOND) },
    nano: { whole, fraction: nanosecond },
  };
}

function readStart(start: unknown, zone: TimeZone): Start {
  if (typeof start === "string") {
    return startFromText(start, zone);
  }
  if (typeof start === "number") {
    return startFromNumber(start);
  }
  throw new TypeError(`start: expected Unix time in seconds or an ISO 8601 string, got ${describeValue(start)}`);
}

function requireTime(time: unknown): asserts time is number {
  if (typeof time !== "number") {
    throw new TypeError(`wall clock: expected a time of the loop's clock in seconds, got ${describeValue(time)}`);
  }
  if (!Number.isFinite(time)) {
    throw new RangeError(`wall clock: expected a finite time of the loop's clock, got ${describeValue(time)}`);
  }
}

/**
 * The date and time of day in a simulation: the loop's clock plus a start.
 *
 * It has no time of its own and reads no clock; every method takes the loop's time, in seconds.
 */
export class WallClock {
  private readonly _zone: TimeZone;
  private readonly _start: Start;

  /** @throws RangeError or TypeError if an option has no such form, or the start is outside of the years 1 to 9999. */
  constructor(options: WallClockOptions = {}) {
    this._zone = timeZone(options.timeZone ?? "UTC");
    this._start = readStart(options.start ?? DEFAULT_START, this._zone);
    localTime(this._start.nano.whole, this._zone);
  }

  /**
   * Unix time in seconds at `time`.
   *
   * @see Python `time.time`
   */
  seconds(time: number): number {
    requireTime(time);
    return this._start.number + time;
  }

  /**
   * The local date and time at `time` as `format` says, in the C locale.
   *
   * The start and `time` are each rounded to the microsecond, ties to even, and then added; a start that is a string is
   * cut off there. So a time that floating-point sums left just below a second shows that second.
   *
   * @throws RangeError if a directive is unknown, or the date is outside of the years 1 to 9999.
   * @see Python `(start + timedelta(seconds=time)).strftime(format)`, and `strftime` here for the differences
   */
  strftime(format: string, time: number): string {
    if (typeof format !== "string") {
      throw new TypeError(`strftime: expected a format such as "%H:%M:%S", got ${describeValue(format)}`);
    }
    const { whole, fraction } = this._at(time, 6);
    return strftime(format, localTime(whole, this._zone), fraction);
  }

  /**
   * The local date and time at `time` to the nanosecond, with the offset: `2021-03-04T15:27:26.000000000+08:00`.
   *
   * The start is a whole number of nanoseconds (a number is rounded once); the exact sum of it and `time` is rounded,
   * ties to even nanoseconds of `time`. Such a string can be a `start`.
   *
   * @throws RangeError if the date is outside of the years 1 to 9999.
   */
  isoTime(time: number): string {
    const { whole, fraction } = this._at(time, 9);
    return formatIso(localTime(whole, this._zone), fraction);
  }

  toString(): string {
    return `<WallClock start=${this.isoTime(0)} timeZone=${this._zone.name}>`;
  }

  private _at(time: number, digits: Digits): ExactSeconds {
    requireTime(time);
    return addExact(digits === 6 ? this._start.micro : this._start.nano, exactSeconds(time, digits), digits);
  }
}
