import type { TraceHeader } from "./record.ts";

const ISO = /^(-?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Days from 1970-01-01 to a day of the Gregorian calendar. @see Howard Hinnant, "days_from_civil" */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") {
    return 0;
  }
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/**
 * The wall clock at virtual time 0, in Unix seconds, for formats that stamp events with it.
 *
 * A date without an offset is read as UTC: the rules of named time zones belong to the run, not to its trace. 0 if it
 * cannot be read.
 */
export function startSeconds({ start }: TraceHeader): number {
  if (typeof start === "number") {
    return Number.isFinite(start) ? start : 0;
  }
  // A time without a date is one of the first day of 2000, as for the wall clock of a run.
  const parts = ISO.exec(/^\d{2}:/.test(start) ? `2000-01-01T${start}` : start);
  if (parts === null) {
    return 0;
  }
  const [, year, month, day, hours = "0", minutes = "0", seconds = "0", zone] = parts;
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  return days * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - offsetOf(zone);
}
