import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { WallClock } from "./wall-clock.ts";

type Table = Readonly<Record<string, string>>;
type Tables = Readonly<Record<string, Table>>;

/** What CPython 3.13 says; engine/golden/clock/strftime.py writes it. */
interface Golden {
  readonly format: string;
  /** By zone and instant. */
  readonly strftime: Tables;
  readonly flaggedFormat: string;
  readonly flagged: Tables;
  /** By zone and local time: Unix time. */
  readonly local: Tables;
  /** By start and seconds: the instant that many seconds later, to the microsecond. */
  readonly sums: Tables;
  /** By zone: `%Z` in January and in July 2024. */
  readonly letters: Table;
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/clock/strftime.json", import.meta.url), "utf8"));

interface Comparison {
  readonly entries: number;
  /** The places that differ, with what Python says and what was computed. */
  readonly differences: readonly string[];
}

/** What differs between two texts of equally many parts, which bars divide. */
function differenceOf(expected: string, got: string): string {
  const parts = got.split("|");
  const differs = expected.split("|").map((part, index) => [index, part, parts[index]] as const);
  return differs.flatMap(([index, a, b]) => (a === b ? [] : [`part ${index} is ${b}, ${a} in Python`])).join("; ");
}

function compare(tables: Tables, compute: (outer: string, inner: string) => string): Comparison {
  const differences: string[] = [];
  let entries = 0;
  for (const [outer, table] of Object.entries(tables)) {
    for (const [inner, expected] of Object.entries(table)) {
      const got = compute(outer, inner);
      entries++;
      if (got !== expected) {
        differences.push(`${outer} ${inner}: ${differenceOf(expected, got)}`);
      }
    }
  }
  return { entries, differences };
}

test("WallClock: strftime says what Python says, for every directive around every edge of the calendar and the zones", (t) => {
  const comparison = compare(golden.strftime, (timeZone, start) =>
    new WallClock({ start, timeZone }).strftime(golden.format, 0),
  );
  t.deepEqual(comparison, { entries: 868, differences: [] });
});

test("WallClock: strftime obeys glibc's flags", (t) => {
  const comparison = compare(golden.flagged, (timeZone, start) =>
    new WallClock({ start, timeZone }).strftime(golden.flaggedFormat, 0),
  );
  t.deepEqual(comparison, { entries: 80, differences: [] });
});

test("WallClock: a start without an offset is the local time that Python's zoneinfo takes it for", (t) => {
  const comparison = compare(golden.local, (timeZone, start) => String(new WallClock({ start, timeZone }).seconds(0)));
  t.deepEqual(comparison, { entries: 336, differences: [] });
});

test("WallClock: time is added to the microsecond as Python's timedelta adds it", (t) => {
  const comparison = compare(golden.sums, (start, seconds) =>
    new WallClock({ start }).strftime("%FT%T.%f%:z", Number(seconds)),
  );
  t.deepEqual(comparison, { entries: 234, differences: [] });
});

test("WallClock: %Z knows the IANA database's abbreviations in every zone that the host knows", (t) => {
  const known = new Set(Intl.supportedValuesOf("timeZone"));
  const zones = Object.entries(golden.letters).filter(([zone]) => known.has(zone));
  const noons = [Date.UTC(2024, 0, 15, 12), Date.UTC(2024, 6, 15, 12)].map((milliseconds) => milliseconds / 1000);
  const comparison = compare({ letters: Object.fromEntries(zones) }, (_, timeZone) =>
    noons.map((start) => new WallClock({ start, timeZone }).strftime("%Z", 0)).join(" "),
  );
  t.true(comparison.entries > 350);
  t.deepEqual(comparison.differences, []);
});

test("WallClock: it begins at 2000-01-01T00:00:00 in its zone", (t) => {
  const clocks = [{}, { timeZone: "+08:00" }, { timeZone: "America/New_York" }].map(
    (options) => new WallClock(options),
  );
  t.deepEqual(
    clocks.map((clock) => [clock.isoTime(0), clock.seconds(0)]),
    [
      ["2000-01-01T00:00:00.000000000+00:00", 946_684_800],
      ["2000-01-01T00:00:00.000000000+08:00", 946_656_000],
      ["2000-01-01T00:00:00.000000000-05:00", 946_702_800],
    ],
  );
});

test("WallClock: a start is a date, a time of day or both, with an offset or without", (t) => {
  const starts = [
    "2021-03-04T15:27:26",
    "2021-03-04 15:27:26.5",
    "2021-03-04T15:27",
    "2021-03-04",
    "15:27:26",
    "15:27",
    "2021-03-04T15:27:26Z",
    "2021-03-04T15:27:26,123456789-03:30",
    "15:27+00:00",
  ];
  t.deepEqual(
    starts.map((start) => new WallClock({ start, timeZone: "+08:00" }).isoTime(0)),
    [
      "2021-03-04T15:27:26.000000000+08:00",
      "2021-03-04T15:27:26.500000000+08:00",
      "2021-03-04T15:27:00.000000000+08:00",
      "2021-03-04T00:00:00.000000000+08:00",
      "2000-01-01T15:27:26.000000000+08:00",
      "2000-01-01T15:27:00.000000000+08:00",
      "2021-03-04T23:27:26.000000000+08:00",
      "2021-03-05T02:57:26.123456789+08:00",
      "2000-01-01T23:27:00.000000000+08:00",
    ],
  );
});

test("WallClock: a start that is a number is Unix time, and comes back unchanged", (t) => {
  const starts = [0, 1_614_871_646.123_456_7, -0.25, -62_135_596_800];
  const clocks = starts.map((start) => new WallClock({ start }));
  t.deepEqual(
    clocks.map((clock) => clock.seconds(0)),
    starts,
  );
  t.deepEqual(
    clocks.map((clock) => clock.isoTime(0)),
    [
      "1970-01-01T00:00:00.000000000+00:00",
      "2021-03-04T15:27:26.123456717+00:00",
      "1969-12-31T23:59:59.750000000+00:00",
      "0001-01-01T00:00:00.000000000+00:00",
    ],
  );
});

test("WallClock: seconds of a start with a fraction are the nearest number, before 1970 too", (t) => {
  const seconds = (start: string): number => new WallClock({ start }).seconds(0);
  t.deepEqual(
    [seconds("2021-03-04T15:27:26.1"), seconds("1969-12-31T23:59:59.7"), seconds("1970-01-01T00:00:00.3")],
    [1_614_871_646.1, -0.3, 0.3],
  );
});

test("WallClock: isoTime adds to the nanosecond, where a sum of numbers would be off by hundreds", (t) => {
  const clock = new WallClock({ start: "2021-03-04T15:27:26" });
  const times = [1e-9, 0.1, 0.1 + 0.2, 1 / 3, 59.999_999_999_6, 2 ** -10, 3 * 2 ** -10, -1e-9];
  t.deepEqual(
    times.map((time) => clock.isoTime(time).slice("2021-03-04T15:".length, -"+00:00".length)),
    [
      "27:26.000000001",
      "27:26.100000000",
      "27:26.300000000",
      "27:26.333333333",
      "28:26.000000000",
      "27:26.000976562",
      "27:26.002929688",
      "27:25.999999999",
    ],
  );
  t.is(clock.seconds(1e-9), clock.seconds(0));
});

test("WallClock: what isoTime gives can be a start again", (t) => {
  const starts = fc.double({ min: -6e10, max: 2.5e11, noNaN: true });
  const zones = fc.constantFrom("UTC", "-0330", "Europe/Berlin", "America/New_York", "Asia/Shanghai");
  fc.assert(
    fc.property(starts, zones, zones, (start, timeZone, otherZone) => {
      const iso = new WallClock({ start, timeZone }).isoTime(0);
      const elsewhere = new WallClock({ start: iso, timeZone: otherZone }).isoTime(0);
      t.is(new WallClock({ start: elsewhere, timeZone }).isoTime(0), iso);
    }),
  );
});

test("WallClock: a sum that is just below a second shows that second", (t) => {
  const clock = new WallClock({ start: "15:27:26" });
  const tenTenths = Array.from({ length: 10 }, () => 0.1).reduce((sum, tenth) => sum + tenth, 0);
  t.true(tenTenths < 1);
  t.is(clock.strftime("%H:%M:%S.%f", tenTenths), "15:27:27.000000");
});

test("WallClock: the clock goes forward and back while the simulation runs", (t) => {
  const show = (start: string, times: readonly number[]): string[] => {
    const clock = new WallClock({ start, timeZone: "Europe/Berlin" });
    return times.map((time) => clock.strftime("%X %Z", time));
  };
  t.deepEqual(show("2021-03-28T01:59:59", [0, 1, 3601]), ["01:59:59 CET", "03:00:00 CEST", "04:00:00 CEST"]);
  t.deepEqual(show("2021-10-31T02:59:59", [0, 1, 3601]), ["02:59:59 CEST", "02:00:00 CET", "03:00:00 CET"]);
});

test("WallClock: text around directives stays, and a percent sign before any of them is theirs", (t) => {
  const clock = new WallClock({ start: "2021-03-04T15:27:26" });
  t.is(clock.strftime("100%% at %H:%M, %%Y %\u{25}S \0 €\n", 0), "100% at 15:27, %Y %S \0 €\n");
  t.is(clock.strftime("", 0), "");
});

test("WallClock: an unknown directive is a RangeError that names it", (t) => {
  const clock = new WallClock();
  const remedy = "; write %% for a percent sign";
  for (const [format, problem] of [
    ["%H:%Q", "the directive %Q, which strftime does not have,"],
    ["%-z", "the directive %-z, which strftime does not have,"],
    ["%5Y", "the directive %5, which strftime does not have,"],
    ["%:Z", "the directive %:, which strftime does not have,"],
    ["%-", "the directive %-, which strftime does not have,"],
    ["%😀", "the directive %😀, which strftime does not have,"],
    ["50%", "a single % at the end"],
  ]) {
    const message = `strftime: ${problem} in ${JSON.stringify(format)}${remedy}`;
    t.throws(() => clock.strftime(format!, 0), { instanceOf: RangeError, message });
  }
});

test("WallClock: a start that names no date and time is a RangeError that says why", (t) => {
  const examples = '"2021-03-04T15:27:26", "2021-03-04T15:27:26.5+08:00", "2021-03-04" or "15:27"';
  for (const [start, reason] of [
    ["yesterday", '"yesterday" is not a time of day'],
    ["", '"" is not a time of day'],
    ["2021-03-04T", '"2021-03-04T" is not a time of day'],
    ["2021-03-04T15:27:26.0123456789", '"15:27:26.0123456789" is not a time of day'],
    ["2021-03-04\n", '"2021-03-04\\n" is not a time of day'],
    ["2021-02-29", "2021-02-29 is not a day in the years 1 to 9999"],
    ["0000-01-01", "0000-01-01 is not a day in the years 1 to 9999"],
    ["12:60", "hours go from 00 to 23, minutes and seconds from 00 to 59"],
    ["12:00:60", "hours go from 00 to 23, minutes and seconds from 00 to 59"],
    ["24:00", "hours go from 00 to 23, minutes and seconds from 00 to 59"],
    ["12:00+24:00", '"+24:00" is not an offset from UTC such as +08:00'],
  ]) {
    const message = `cannot read ${JSON.stringify(start)} as a date and time such as ${examples}: ${reason}`;
    t.throws(() => new WallClock({ start: start! }), { instanceOf: RangeError, message });
  }
});

test("WallClock: a date outside of the years 1 to 9999 is a RangeError, at the start and later", (t) => {
  const outside = {
    instanceOf: RangeError,
    message: /^the wall clock shows the years 1 to 9999, and .* s of Unix time /,
  };
  const last = new WallClock({ start: "9999-12-31T23:59:59.5", timeZone: "-0330" });
  t.is(last.strftime("%F %T.%f", 0.499_999), "9999-12-31 23:59:59.999999");
  t.throws(() => last.strftime("%F", 0.5), outside);
  t.throws(() => last.isoTime(1e300), outside);
  t.is(new WallClock({ start: "0001-01-01", timeZone: "+08:00" }).isoTime(0), "0001-01-01T00:00:00.000000000+08:00");
  t.throws(() => new WallClock({ start: "0001-01-01T07:59:59+08:00" }), outside);
  t.throws(() => new WallClock({ start: -1e300, timeZone: "Europe/Berlin" }), outside);
});

test("WallClock: a value that is neither a number of seconds nor a string is refused at the call", (t) => {
  const clock = new WallClock();
  const wrong = (value: unknown): never => value as never;
  t.throws(() => new WallClock({ start: Number.NaN }), {
    instanceOf: RangeError,
    message: /^start: expected a finite number, got NaN/,
  });
  t.throws(() => new WallClock({ start: wrong(new Date(0)) }), {
    instanceOf: TypeError,
    message: /^start: expected Unix time/,
  });
  t.throws(() => clock.seconds(Number.POSITIVE_INFINITY), { instanceOf: RangeError, message: /finite.*got Infinity$/ });
  t.throws(() => clock.isoTime(wrong("1")), { instanceOf: TypeError, message: /in seconds, got "1"$/ });
  t.throws(() => clock.strftime(wrong(undefined), 0), {
    instanceOf: TypeError,
    message: /^strftime: expected a format/,
  });
});

test("WallClock: it says what it is", (t) => {
  t.is(
    String(new WallClock({ start: "15:27", timeZone: "Europe/Berlin" })),
    "<WallClock start=2000-01-01T15:27:00.000000000+01:00 timeZone=Europe/Berlin>",
  );
});
