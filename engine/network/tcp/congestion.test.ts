import test from "ava";
import { Congestion } from "./congestion.ts";

test("Congestion: slow start adds a segment for each acknowledgement, congestion avoidance one for each window", (t) => {
  const congestion = new Congestion(1000, 2);
  t.is(congestion.window, 2000);
  t.false(congestion.advanced(1000, 1001, 1000));
  congestion.advanced(1000, 2001, 0);
  t.is(congestion.window, 4000);
  congestion.timedOut(4000, 6001, true);
  t.is(congestion.window, 1000);
  congestion.advanced(1000, 3001, 0);
  t.is(congestion.window, 2000);
  // The threshold is reached: half of what was on the way when the timer expired.
  congestion.advanced(1000, 4001, 0);
  congestion.advanced(1000, 5001, 0);
  t.is(congestion.window, 2000 + 500 + 400);
});

test("Congestion: the third repetition halves the window and asks for the segment again", (t) => {
  const congestion = new Congestion(1000, 10);
  t.is(congestion.extra, 0);
  t.false(congestion.repeated(1, 10_000, 10_001));
  t.is(congestion.extra, 1000);
  t.false(congestion.repeated(1, 10_000, 10_001));
  t.is(congestion.extra, 2000);
  t.true(congestion.repeated(1, 10_000, 10_001));
  t.is(congestion.window, 5000 + 3000);
  t.is(congestion.extra, 0);
  t.false(congestion.repeated(1, 10_000, 10_001));
  t.is(congestion.window, 9000);
  // All that was on the way arrived: back to half of it.
  t.false(congestion.advanced(10_000, 10_001, 4000));
  t.is(congestion.window, 5000);
});

test("Congestion: an acknowledgement of part of what was on the way asks for the next segment", (t) => {
  const congestion = new Congestion(1000, 10);
  for (let i = 0; i < 3; i++) {
    congestion.repeated(1, 10_000, 10_001);
  }
  t.true(congestion.advanced(3000, 3001, 7000));
  t.is(congestion.window, 8000 - 3000 + 1000);
  t.true(congestion.advanced(2000, 5001, 5000));
  t.false(congestion.advanced(5000, 10_001, 0));
  t.is(congestion.window, 2000);
  // Old repetitions do not begin another recovery.
  for (let i = 0; i < 5; i++) {
    t.false(congestion.repeated(10_001, 1000, 11_001));
  }
});

test("Congestion: several timeouts for the same segment halve the threshold once", (t) => {
  const congestion = new Congestion(1000, 10);
  congestion.timedOut(10_000, 10_001, true);
  congestion.timedOut(1000, 10_001, false);
  for (let i = 0; i < 4; i++) {
    congestion.advanced(1000, 1001 + 1000 * i, 0);
  }
  t.is(congestion.window, 5000);
});
