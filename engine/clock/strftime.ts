import { dayOfYear, isoWeekOf, weekdayOf } from "./calendar.ts";
import type { LocalTime } from "./local-time.ts";
import { formatOffset } from "./utc-offset.ts";

/** A number with the width and the padding that it has unless a flag says otherwise. */
interface NumberDirective {
  readonly width: number;
  readonly pad: "0" | " ";
  readonly value: (time: LocalTime) => number;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const LETTERS_OF_SHORT_NAMES = 3;

const weekday = (time: LocalTime): string => WEEKDAYS[weekdayOf(time.days)]!;
const month = (time: LocalTime): string => MONTHS[time.month - 1]!;
const shortMonth = (time: LocalTime): string => month(time).slice(0, LETTERS_OF_SHORT_NAMES);
const halfOfDay = (time: LocalTime): string => (time.hour < 12 ? "AM" : "PM");
const hourOfHalf = (time: LocalTime): number => ((time.hour + 11) % 12) + 1;

/**
 * The week of the year, where week 1 begins with the year's first `firstDay` (0 for Sunday) and week 0 is before it.
 */
const weekOfYear = (time: LocalTime, firstDay: number): number =>
  Math.floor((dayOfYear(time) + 6 - ((weekdayOf(time.days) - firstDay + 7) % 7)) / 7);

const number = (
  width: number,
  value: NumberDirective["value"],
  pad: NumberDirective["pad"] = "0",
): NumberDirective => ({
  width,
  pad,
  value,
});

const NUMBERS: ReadonlyMap<string, NumberDirective> = new Map([
  ["C", number(1, (time) => Math.floor(time.year / 100))],
  ["d", number(2, (time) => time.day)],
  ["e", number(2, (time) => time.day, " ")],
  ["G", number(1, (time) => isoWeekOf(time.days).year)],
  ["g", number(2, (time) => isoWeekOf(time.days).year % 100)],
  ["H", number(2, (time) => time.hour)],
  ["I", number(2, hourOfHalf)],
  ["j", number(3, dayOfYear)],
  ["k", number(2, (time) => time.hour, " ")],
  ["l", number(2, hourOfHalf, " ")],
  ["M", number(2, (time) => time.minute)],
  ["m", number(2, (time) => time.month)],
  ["S", number(2, (time) => time.second)],
  ["s", number(1, (time) => time.instant)],
  ["U", number(2, (time) => weekOfYear(time, 0))],
  ["u", number(1, (time) => weekdayOf(time.days) || 7)],
  ["V", number(2, (time) => isoWeekOf(time.days).week)],
  ["W", number(2, (time) => weekOfYear(time, 1))],
  ["w", number(1, (time) => weekdayOf(time.days))],
  ["Y", number(1, (time) => time.year)],
  ["y", number(2, (time) => time.year % 100)],
]);

const WORDS: ReadonlyMap<string, (time: LocalTime) => string> = new Map([
  ["A", weekday],
  ["a", (time) => weekday(time).slice(0, LETTERS_OF_SHORT_NAMES)],
  ["B", month],
  ["b", shortMonth],
  ["h", shortMonth],
  ["n", () => "\n"],
  ["p", halfOfDay],
  ["t", () => "\t"],
  ["%", () => "%"],
]);

const COMPOSITES: ReadonlyMap<string, string> = new Map([
  ["c", "%a %b %e %H:%M:%S %Y"],
  ["D", "%m/%d/%y"],
  ["F", "%Y-%m-%d"],
  ["R", "%H:%M"],
  ["r", "%I:%M:%S %p"],
  ["T", "%H:%M:%S"],
  ["X", "%H:%M:%S"],
  ["x", "%m/%d/%y"],
]);

/** Those that Python fills in before it asks the platform, so that they take no flags. */
const WITHOUT_FLAGS: ReadonlyMap<string, (time: LocalTime, microsecond: number) => string> = new Map([
  ["f", (_, microsecond: number) => String(microsecond).padStart(6, "0")],
  ["Z", (time) => time.zone.abbreviationAt(time.instant)],
  ["z", (time) => formatOffset(time.offset, "")],
  [":z", (time) => formatOffset(time.offset, ":")],
]);

function formatNumber({ width, pad, value }: NumberDirective, time: LocalTime, flags: string): string {
  const lastPad = [...flags].filter((flag) => "-_0".includes(flag)).at(-1);
  const text = String(value(time));
  return lastPad === "-" ? text : text.padStart(width, lastPad === undefined ? pad : lastPad.replace("_", " "));
}

/** `#` turns the case of a word: the names of days and months become capital, AM and PM small. */
function formatWord(word: string, directive: string, flags: string): string {
  if (directive === "p" && flags.includes("#")) {
    return word.toLowerCase();
  }
  return /[#^]/.test(flags) ? word.toUpperCase() : word;
}

function unknownDirective(found: string, format: string): RangeError {
  const problem = found === "%" ? "a single % at the end" : `the directive ${found}, which strftime does not have,`;
  return new RangeError(`strftime: ${problem} in ${JSON.stringify(format)}; write %% for a percent sign`);
}

/**
 * `time` in words and digits as `format` says, in the C locale.
 *
 * Directives:
 * `%a %A %b %B %c %C %d %D %e %f %F %g %G %h %H %I %j %k %l %m %M %n %p %P %r %R %s %S`,
 * `%t %T %u %U %V %w %W %x %X %y %Y %z %:z %Z %%`.
 * Between the percent sign and the letter may stand flags, as in glibc: `-` no padding, `_` padding with blanks, `0`
 * with zeros, `^` capital letters, `#` the other case; but not before `f`, `z`, `:z` and `Z`.
 *
 * @throws RangeError if a directive is unknown.
 * @see Python `datetime.strftime`, 3.13 on Linux with glibc. Years are not padded there either (`%Y` of the year 1 is
 * `1`). Differs: an unknown directive is an error, there are no field widths and no `E` and `O`, and `%s` is Unix time
 * in any zone.
 */
export function strftime(format: string, time: LocalTime, microsecond: number): string {
  return format.replace(/%([-_0^#]*)(:z|.)?/gsu, (found, flags: string, directive = "") => {
    const numeric = NUMBERS.get(directive);
    if (numeric !== undefined) {
      return formatNumber(numeric, time, flags);
    }
    const word = WORDS.get(directive)?.(time);
    if (word !== undefined) {
      return formatWord(word, directive, flags);
    }
    if (directive === "P") {
      return halfOfDay(time).toLowerCase();
    }
    const composite = COMPOSITES.get(directive);
    if (composite !== undefined) {
      const text = strftime(composite, time, microsecond);
      return flags.includes("^") ? text.toUpperCase() : text;
    }
    const special = flags === "" ? WITHOUT_FLAGS.get(directive) : undefined;
    if (special === undefined) {
      throw unknownDirective(found, format);
    }
    return special(time, microsecond);
  });
}
