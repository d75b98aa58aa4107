import { invariant } from "../base/invariant.ts";
import { parseOffset } from "./utc-offset.ts";

const SECONDS_PER_HOUR = 3600;
const MILLISECONDS = 1000;

/**
 * How far an IANA zone is ahead of UTC, as a function from Unix time to seconds.
 *
 * The only place that asks the host for its time-zone database. The locale is fixed, and only the offset, which is not
 * a matter of language, is read from the answer. Asking takes about a microsecond, so the last hour without a change is
 * kept.
 *
 * @param name - Such as `Europe/Berlin`; letter case does not matter.
 * @returns A function of whole seconds of Unix time.
 * @throws RangeError if the host does not know the zone.
 */
export function intlOffset(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset", year: "numeric" });
  const ask = (instant: number): number => {
    const text = format.format(instant * MILLISECONDS);
    const offset = text.endsWith("GMT") ? 0 : parseOffset(text.slice(text.lastIndexOf("GMT") + "GMT".length));
    invariant(offset !== undefined, `Intl gave the offset of ${name} as ${JSON.stringify(text)}`);
    return offset;
  };
  let keptHour = Number.NaN;
  let kept = 0;
  return (instant) => {
    const hour = Math.floor(instant / SECONDS_PER_HOUR);
    if (hour === keptHour) {
      return kept;
    }
    const first = ask(hour * SECONDS_PER_HOUR);
    if (first !== ask((hour + 1) * SECONDS_PER_HOUR - 1)) {
      return ask(instant);
    }
    keptHour = hour;
    kept = first;
    return first;
  };
}
