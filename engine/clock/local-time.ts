import { type CivilDate, civilFromDays, daysFromCivil, SECONDS_PER_DAY } from "./calendar.ts";
import type { TimeZone } from "./time-zone.ts";

/** What the clocks and the calendar of a place show at an instant, to the second. */
export interface LocalTime extends CivilDate {
  /** Whole seconds of Unix time. */
  readonly instant: number;
  readonly zone: TimeZone;
  /** Seconds that the clocks are ahead of UTC. */
  readonly offset: number;
  /** From 1970-01-01 to the local date. */
  readonly days: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const FIRST = daysFromCivil({ year: 1, month: 1, day: 1 }) * SECONDS_PER_DAY;
const END = daysFromCivil({ year: 10_000, month: 1, day: 1 }) * SECONDS_PER_DAY;

const isCovered = (local: number, margin = 0): boolean => local >= FIRST - margin && local < END + margin;

/**
 * What `zone` shows at `instant`.
 *
 * @param instant - Whole seconds of Unix time.
 * @throws RangeError if the local date lies outside of the years 1 to 9999.
 * @see Python `datetime.MINYEAR`, `datetime.MAXYEAR`
 */
export function localTime(instant: number, zone: TimeZone): LocalTime {
  const offset = isCovered(instant, SECONDS_PER_DAY) ? zone.offsetAt(instant) : 0;
  const local = instant + offset;
  if (!isCovered(local)) {
    throw new RangeError(
      `the wall clock shows the years 1 to 9999, and ${instant} s of Unix time are outside of them in ${zone.name}; ` +
        "choose a start in between, or end the run sooner",
    );
  }
  const days = Math.floor(local / SECONDS_PER_DAY);
  const secondOfDay = local - days * SECONDS_PER_DAY;
  return {
    ...civilFromDays(days),
    instant,
    zone,
    offset,
    days,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
  };
}
