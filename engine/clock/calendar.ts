/** A day of the proleptic Gregorian calendar, which runs backwards by today's rules. */
export interface CivilDate {
  /** Astronomical: 0 is the year before 1. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** A week of ISO 8601: from Monday to Sunday, and of the year that has its Thursday. */
export interface IsoWeek {
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
}

export const SECONDS_PER_DAY = 86_400;

const DAYS_PER_ERA = 146_097;
const DAYS_FROM_MARCH_0000_TO_1970 = 719_468;
const DAYS_PER_WEEK = 7;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const FEBRUARY = 2;
const THURSDAY = 4;

/** The days from 1970-01-01 to `date`, negative before it. @see civilFromDays */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const marchYear = month <= FEBRUARY ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const marchMonth = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_MARCH_0000_TO_1970;
}

/**
 * The date that is `days` days after 1970-01-01.
 *
 * Years are counted from March, so that the leap day is a year's last, and in eras of 400 years, which are equally
 * long.
 *
 * @see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`civil_from_days`, `days_from_civil`), at
 * https://howardhinnant.github.io/date_algorithms.html
 */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + DAYS_FROM_MARCH_0000_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = ((marchMonth + 2) % 12) + 1;
  const year = yearOfEra + era * 400 + (month <= FEBRUARY ? 1 : 0);
  return { year, month, day };
}

/** Whether `year` has a 29th of February. */
export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Whether the calendar has such a day. */
export function isCivilDate(date: CivilDate): boolean {
  const there = civilFromDays(daysFromCivil(date));
  return there.month === date.month && there.day === date.day;
}

/** The number of a day in its year, 1 to 366. */
export function dayOfYear({ year, month, day }: CivilDate): number {
  const leapDay = month > FEBRUARY && isLeapYear(year) ? 1 : 0;
  return DAYS_BEFORE_MONTH[month - 1]! + leapDay + day;
}

/** The day of the week, 0 for Sunday to 6 for Saturday, that is `days` days after 1970-01-01, a Thursday. */
export function weekdayOf(days: number): number {
  const weekday = (days + THURSDAY) % DAYS_PER_WEEK;
  return weekday < 0 ? weekday + DAYS_PER_WEEK : weekday;
}

/** The week of ISO 8601 that holds the day `days` days after 1970-01-01. */
export function isoWeekOf(days: number): IsoWeek {
  const daysSinceMonday = (weekdayOf(days) + 6) % DAYS_PER_WEEK;
  const thursday = civilFromDays(days - daysSinceMonday + 3);
  return { year: thursday.year, week: Math.ceil(dayOfYear(thursday) / DAYS_PER_WEEK) };
}
