import { describeValue } from "../base/describe.ts";
import { daysFromCivil, SECONDS_PER_DAY } from "./calendar.ts";
import { intlOffset } from "./intl-offset.ts";
import { formatOffset, parseOffset } from "./utc-offset.ts";
import { zoneAbbreviations } from "./zone-abbreviations.ts";

/** What a place's clocks show. */
export interface TimeZone {
  /** As it was asked for: `UTC`, `+08:00`, `Europe/Berlin`. */
  readonly name: string;
  /** Seconds that its clocks are ahead of UTC at `instant`, in whole seconds of Unix time. */
  offsetAt(instant: number): number;
  /** What `%Z` returns at `instant`: `UTC`, `UTC+08:00`, `CET`. */
  abbreviationAt(instant: number): string;
}

const THREE_LETTERS = /^[a-z]{3}$/i;
const YEAR_ONE = daysFromCivil({ year: 1, month: 1, day: 1 }) * SECONDS_PER_DAY;

/** A zone whose clocks never change. @see Python `datetime.timezone`, for the abbreviation */
function fixedZone(name: string, offset: number): TimeZone {
  const abbreviation = offset === 0 ? "UTC" : `UTC${formatOffset(offset, ":")}`;
  return { name, offsetAt: () => offset, abbreviationAt: () => abbreviation };
}

/** The IANA database's own way with places whose time has no name in English: `+08`, `+0530`. */
const numericAbbreviation = (offset: number): string => formatOffset(offset, "").replace(/^(...)00$/, "$1");

function namedZone(name: string, offsetAt: (instant: number) => number): TimeZone {
  const abbreviations = zoneAbbreviations(name);
  const abbreviationAt = (instant: number): string => {
    const offset = offsetAt(instant);
    const isLocalMean = offset % 60 !== 0 && offset === offsetAt(YEAR_ONE);
    return abbreviations?.get(offset) ?? (isLocalMean ? "LMT" : numericAbbreviation(offset));
  };
  return { name, offsetAt, abbreviationAt };
}

function makeZone(name: string): TimeZone {
  const offset = name === "UTC" ? 0 : parseOffset(name);
  if (offset !== undefined) {
    return fixedZone(name, offset);
  }
  // Some hosts know further abbreviations, and strange ones: BST as Bangladesh, AST as Alaska.
  if (THREE_LETTERS.test(name) && zoneAbbreviations(name) === undefined) {
    throw new RangeError("no time zone of the IANA database");
  }
  return namedZone(name, intlOffset(name));
}

/** Zones by name: making one takes the host a hundred times as long as asking it, and a zone is a pure function. */
const known = new Map<string, TimeZone>();

/**
 * The time zone of that name.
 *
 * @param name - `UTC`; a fixed offset such as `+08:00` or `-0330`, of less than a day; or a name of the IANA database
 * such as `Europe/Berlin`, of which the host (through `Intl`) knows the rules.
 * @throws RangeError if it is none of them, TypeError if it is not a string.
 */
export function timeZone(name: string): TimeZone {
  const rule = 'timeZone: expected "UTC", an offset such as "+08:00", or an IANA name such as "Europe/Berlin"';
  if (typeof name !== "string") {
    throw new TypeError(`${rule}, got ${describeValue(name)}`);
  }
  let zone = known.get(name);
  if (zone === undefined) {
    try {
      zone = makeZone(name);
    } catch (error) {
      throw new RangeError(`${rule}, got ${describeValue(name)}`, { cause: error });
    }
    known.set(name, zone);
  }
  return zone;
}

/**
 * The Unix time at which the clocks of `zone` show `local`.
 *
 * A time that they show twice, as clocks go back, means the first; one that they skip, as clocks go forward, is read as
 * if they had not gone forward yet.
 *
 * @param local - What the clocks show, in seconds from 1970-01-01T00:00:00 on those clocks.
 * @see Python `zoneinfo` with `fold=0`, PEP 495
 */
export function instantOf(local: number, zone: TimeZone): number {
  // Offsets are less than a day, so that these two lie on either side of the answer.
  const before = zone.offsetAt(local - SECONDS_PER_DAY);
  const after = zone.offsetAt(local + SECONDS_PER_DAY);
  const shownBefore = zone.offsetAt(local - before) === before;
  const shownAfter = zone.offsetAt(local - after) === after;
  return local - (shownAfter && !shownBefore ? after : before);
}
