import test from "ava";
import fc from "fast-check";
import { instantOf, timeZone } from "./time-zone.ts";
import { formatOffset, parseOffset } from "./utc-offset.ts";

const HOUR = 3600;

test("Time zone: an offset is read with and without colons, minutes and seconds", (t) => {
  const texts = ["+08:00", "+0800", "+08", "-0330", "-03:30", "+00:53:28", "-00:00"];
  t.deepEqual(texts.map(parseOffset), [28_800, 28_800, 28_800, -12_600, -12_600, 3208, 0]);
});

test("Time zone: only offsets of less than a day are read", (t) => {
  const texts = ["08:00", "+8", "+24:00", "+08:60", "+08:00:60", "+08:00 ", "", "Z", "+08:0000:"];
  t.deepEqual(
    texts.filter((text) => parseOffset(text) !== undefined),
    [],
  );
});

test("Time zone: an offset's string means that offset", (t) => {
  const offsets = fc.integer({ min: -86_399, max: 86_399 });
  fc.assert(
    fc.property(
      offsets,
      fc.constantFrom(":", ""),
      (offset, mark) => parseOffset(formatOffset(offset, mark)) === offset,
    ),
  );
  t.pass();
});

test("Time zone: a fixed offset is called as Python's datetime.timezone calls it", (t) => {
  const names = ["UTC", "+08:00", "-0330", "+00:00"].map((name) => timeZone(name).abbreviationAt(0));
  t.deepEqual(names, ["UTC", "UTC+08:00", "UTC-03:30", "UTC"]);
});

test("Time zone: letter case does not matter to an IANA name", (t) => {
  const zone = timeZone("europe/berlin");
  t.deepEqual([zone.offsetAt(0), zone.abbreviationAt(0)], [HOUR, "CET"]);
});

test("Time zone: where the IANA database has no letters its digits are given, and LMT before there were zones", (t) => {
  const at = (name: string, instant: number): string => timeZone(name).abbreviationAt(instant);
  t.deepEqual(
    [at("Asia/Kathmandu", 1e9), at("America/Sao_Paulo", 1e9), at("Etc/GMT-14", 0), at("Europe/Berlin", -3e9)],
    ["+0545", "-03", "+14", "LMT"],
  );
});

test("Time zone: offsets are right to the second of a change, in whatever order they are asked", (t) => {
  const spring = Date.UTC(2021, 2, 28, 1) / 1000;
  const { offsetAt } = timeZone("Europe/Berlin");
  const instants = [spring - 1, spring, spring - 1, spring + HOUR, spring - HOUR, spring - HOUR - 1, spring + 7 * HOUR];
  t.deepEqual(
    instants.map(offsetAt),
    [1, 2, 1, 2, 1, 1, 2].map((hours) => hours * HOUR),
  );
});

test("Time zone: a change within the hour is found", (t) => {
  const change = Date.UTC(1972, 0, 7, 0, 44, 30) / 1000;
  const { offsetAt } = timeZone("Africa/Monrovia");
  t.deepEqual([change - 60, change - 1, change, change + 60].map(offsetAt), [-2670, -2670, 0, 0]);
});

test("Time zone: the first of two equal local times is taken, and a skipped one counted on", (t) => {
  const berlin = timeZone("Europe/Berlin");
  const [twice, skipped] = [Date.UTC(2021, 9, 31, 2, 30) / 1000, Date.UTC(2021, 2, 28, 2, 30) / 1000];
  t.deepEqual([instantOf(twice, berlin), instantOf(skipped, berlin)], [twice - 2 * HOUR, skipped - HOUR]);
});

test("Time zone: what is none is a RangeError that says what is expected", (t) => {
  for (const name of ["Mars/Olympus", "", "BST", "AST", "+25:00", "Z", "local"]) {
    const message = `timeZone: expected "UTC", an offset such as "+08:00", or an IANA name such as "Europe/Berlin", got "${name}"`;
    t.throws(() => timeZone(name), { instanceOf: RangeError, message });
  }
  t.throws(() => timeZone(8 as unknown as string), { instanceOf: TypeError, message: /, got 8$/ });
});
