import test from "ava";
import fc from "fast-check";
import { microseconds, SpreadClock } from "./instants.ts";

const spread = (...times: readonly number[]): string[] => {
  const clock = new SpreadClock();
  return times.map((time) => microseconds(clock.tick(time)));
};

/** What Perfetto makes of a number of the file: whole nanoseconds, computed in doubles. */
const read = (text: string): number => Math.round(JSON.parse(text) * 1000);

test("SpreadClock: what happens at one instant gets a nanosecond each", (t) => {
  t.deepEqual(spread(0, 0, 0, 1e-9, 0.5, 0.5, 0.9999999999, 1, 4e6, 4e6), [
    "0",
    "0.001",
    "0.002",
    "0.003",
    "500000",
    "500000.001",
    "1000000",
    "1000000.001",
    "4000000000000",
    "4000000000000.001",
  ]);
});

test("SpreadClock: where a double cannot hold nanoseconds, instants are as far apart as it can hold", (t) => {
  t.deepEqual(spread(9.1e6, 9.1e6, 3e8, 3e8, 1e21, 1e21), [
    "9100000000000",
    "9100000000000.25",
    "300000000000000",
    "300000000000008",
    "9.999999999999997e+26",
    "1.0000000000000173e+27",
  ]);
});

test("SpreadClock: the step from exact nanoseconds to coarser instants keeps the order", (t) => {
  const clock = new SpreadClock();
  const last = (2 ** 42 - 0.001) / 1e6;
  const instants = Array.from({ length: 5 }, () => clock.tick(last));
  t.true(instants.every((instant, i) => i === 0 || read(microseconds(instant)) > read(microseconds(instants[i - 1]!))));
});

test("SpreadClock: instants go up, and are as exact as nanoseconds can be unless others push them", (t) => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 4.3e6, noNaN: true }), { maxLength: 40 }), (times) => {
      const clock = new SpreadClock();
      let last = -1;
      for (const time of times.sort((a, b) => a - b)) {
        const instant = clock.tick(time);
        t.true(instant > last);
        t.true(instant / 1e9 >= time - 1e-9 - time * Number.EPSILON);
        last = instant;
      }
    }),
  );
});

test("SpreadClock: at any virtual time, a reader that computes in doubles sees slices in order, and none in another", (t) => {
  const time = fc.oneof(
    fc.double({ min: 0, max: 1e8, noNaN: true }),
    fc.double({ min: 4.39e6, max: 4.4e6, noNaN: true }),
    fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(time, fc.integer({ min: 1, max: 4 })), { maxLength: 12 }), (runs) => {
      const clock = new SpreadClock();
      const times = runs.sort(([a], [b]) => a - b).flatMap(([at, events]) => Array.from({ length: events }, () => at));
      const instants: number[] = [];
      for (const each of times) {
        const end = clock.tick(each);
        const shown = read(microseconds(end));
        for (const start of instants.slice(-3)) {
          const [from, duration] = [read(microseconds(start)), read(microseconds(clock.duration(start, end)))];
          t.true(from < shown, `${start} ${end}`);
          t.true(from + duration <= shown, `a slice from ${start} to ${end} ends at ${from + duration}`);
        }
        t.true(Number.isFinite(shown));
        instants.push(end);
      }
    }),
  );
});

test("SpreadClock: the shortest slice of an instant ends before the next one begins", (t) => {
  for (const time of [0, 4e6, 4.4e6, 1e9, 1e21, Number.MAX_VALUE]) {
    const clock = new SpreadClock();
    const start = clock.tick(time);
    const shortest = clock.shortest(start);
    t.true(shortest > 0 && start + shortest > start && start + shortest <= clock.tick(time), String(time));
  }
});
