import test from "ava";
import { RoundTrip } from "./round-trip.ts";

const LIMITS = { initialTimeout: 1, minimumTimeout: 0.2, maximumTimeout: 60 };
const round = (seconds: number): number => Number(seconds.toFixed(6));

test("RoundTrip: the timeout exceeds the smoothed round-trip time by four variations, and by the minimum at least", (t) => {
  const roundTrip = new RoundTrip(LIMITS);
  t.is(roundTrip.timeout, 1);
  roundTrip.measured(0.1);
  t.is(round(roundTrip.smoothed), 0.1);
  t.is(round(roundTrip.timeout), 0.3);
  roundTrip.measured(0.2);
  // SRTT = 7/8 × 0.1 + 1/8 × 0.2; RTTVAR = 3/4 × 0.05 + 1/4 × 0.1
  t.is(round(roundTrip.smoothed), 0.1125);
  t.is(round(roundTrip.timeout), round(0.1125 + 4 * 0.0625));
  for (let i = 0; i < 100; i++) {
    roundTrip.measured(0.1);
  }
  t.is(round(roundTrip.timeout), 0.3);
});

test("RoundTrip: a shorter round trip than expected is a variation as well", (t) => {
  const roundTrip = new RoundTrip(LIMITS);
  roundTrip.measured(0.8);
  roundTrip.measured(0.4);
  // SRTT = 7/8 × 0.8 + 1/8 × 0.4; RTTVAR = 3/4 × 0.4 + 1/4 × 0.4
  t.is(round(roundTrip.timeout), round(0.75 + 4 * 0.4));
});

test("RoundTrip: the timeout doubles up to its maximum, until something is measured again", (t) => {
  const roundTrip = new RoundTrip(LIMITS);
  const timeouts: number[] = [];
  for (let i = 0; i < 7; i++) {
    roundTrip.backOff();
    timeouts.push(roundTrip.timeout);
  }
  t.deepEqual(timeouts, [2, 4, 8, 16, 32, 60, 60]);
  roundTrip.measured(0.1);
  t.is(round(roundTrip.timeout), 0.3);
});

test("RoundTrip: a handshake that had to be repeated leaves a timeout of three seconds at least", (t) => {
  const roundTrip = new RoundTrip(LIMITS);
  roundTrip.restart();
  t.is(roundTrip.timeout, 3);
  const measured = new RoundTrip(LIMITS);
  measured.measured(0.1);
  measured.restart();
  t.is(round(measured.timeout), 0.3);
});
