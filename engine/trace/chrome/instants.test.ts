import test from "ava";
import fc from "fast-check";
import { between, type Instant, microseconds, SpreadClock } from "./instants.ts";

const nanoseconds = ({ seconds, nanoseconds: rest }: Instant): bigint =>
  BigInt(seconds) * 1_000_000_000n + BigInt(rest);

test("SpreadClock: what happens at one instant gets a nanosecond each", (t) => {
  const clock = new SpreadClock();
  t.deepEqual(
    [0, 0, 0, 1e-9, 0.5, 0.5, 0.9999999999, 1, 3e8, 3e8].map((time) => microseconds(clock.tick(time))),
    [
      "0",
      "0.001",
      "0.002",
      "0.003",
      "500000",
      "500000.001",
      "1000000",
      "1000000.001",
      "300000000000000",
      "300000000000000.001",
    ],
  );
});

test("SpreadClock: instants go up, and are as exact as nanoseconds can be unless others push them", (t) => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 40 }), (times) => {
      const clock = new SpreadClock();
      let last = -1n;
      for (const time of times.sort((a, b) => a - b)) {
        const instant = nanoseconds(clock.tick(time));
        t.true(instant > last);
        t.true(Number(instant) / 1e9 >= time - 1e-9 - time * Number.EPSILON);
        last = instant;
      }
    }),
  );
});

test("between: subtracts without rounding", (t) => {
  const instant = fc.record({ seconds: fc.nat(), nanoseconds: fc.nat({ max: 999_999_999 }) });
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [start, end] = nanoseconds(a) <= nanoseconds(b) ? [a, b] : [b, a];
      t.is(nanoseconds(between(start, end)), nanoseconds(end) - nanoseconds(start));
    }),
  );
});
