import { daysFromCivil, isCivilDate, SECONDS_PER_DAY } from "./calendar.ts";
import type { LocalTime } from "./local-time.ts";
import { formatOffset, parseOffset } from "./utc-offset.ts";

/** What a string says of a date and a time. */
export interface IsoReading {
  /** Seconds from 1970-01-01T00:00:00 on clocks that show what the string says. */
  readonly local: number;
  /** 0 to 999999999. */
  readonly nanosecond: number;
  /** Seconds east of UTC; `undefined` when the string has none. */
  readonly offset: number | undefined;
}

const EXAMPLES = '"2021-03-04T15:27:26", "2021-03-04T15:27:26.5+08:00", "2021-03-04" or "15:27"';
const PARTS = /^(?:(\d{4}-\d{2}-\d{2})(?:[T ](?=\d)|$))?(.*)$/s;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-].*)?$/s;

const digits = (value: number, width: number): string => String(value).padStart(width, "0");

function readDate(text: string): number {
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  if (year < 1 || !isCivilDate({ year, month, day })) {
    throw new RangeError(`${text} is not a day in the years 1 to 9999`);
  }
  return daysFromCivil({ year, month, day }) * SECONDS_PER_DAY;
}

function readOffset(text: string): number {
  const offset = text === "Z" ? 0 : parseOffset(text);
  if (offset === undefined) {
    throw new RangeError(`${JSON.stringify(text)} is not an offset from UTC such as +08:00`);
  }
  return offset;
}

function readClock(text: string): IsoReading {
  const match = CLOCK.exec(text);
  if (match === null) {
    throw new RangeError(`${JSON.stringify(text)} is not a time of day`);
  }
  const [, hour, minute, second = "0", fraction = "", offset] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw new RangeError("hours go from 00 to 23, minutes and seconds from 00 to 59");
  }
  return {
    local: Number(hour) * 3600 + Number(minute) * 60 + Number(second),
    nanosecond: Number(fraction.padEnd(9, "0")),
    offset: offset === undefined ? undefined : readOffset(offset),
  };
}

/**
 * Read a date and a time of ISO 8601.
 *
 * A blank may stand for the `T`. Seconds and an offset (or `Z`) may be left out, and so may be the time of day, which
 * is then midnight, or the date. Fractions of a second have up to nine digits.
 *
 * @param defaultDays - The date, in days from 1970-01-01, of a string without one.
 * @throws RangeError if the string has another form, or names a day or time that does not exist.
 * @see Python `datetime.fromisoformat`, which reads more forms
 */
export function readIso(text: string, defaultDays: number): IsoReading {
  try {
    const [, date, clock] = PARTS.exec(text) as unknown as [string, string | undefined, string];
    const midnight = date === undefined ? defaultDays * SECONDS_PER_DAY : readDate(date);
    if (date !== undefined && clock === "") {
      return { local: midnight, nanosecond: 0, offset: undefined };
    }
    const reading = readClock(clock);
    return { ...reading, local: midnight + reading.local };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`cannot read ${JSON.stringify(text)} as a date and time such as ${EXAMPLES}: ${reason}`, {
      cause: error,
    });
  }
}

/** `time` as `2021-03-04T15:27:26.000000000+08:00`: always with nanoseconds and the zone's offset. */
export function formatIso(time: LocalTime, nanosecond: number): string {
  const date = `${digits(time.year, 4)}-${digits(time.month, 2)}-${digits(time.day, 2)}`;
  const clock = `${digits(time.hour, 2)}:${digits(time.minute, 2)}:${digits(time.second, 2)}`;
  return `${date}T${clock}.${digits(nanosecond, 9)}${formatOffset(time.offset, ":")}`;
}
