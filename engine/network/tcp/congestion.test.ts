import test from "ava";
import { Congestion } from "./congestion.ts";

/** The same place is acknowledged once more. @returns Whether the first segment has to be sent again. */
function repeated(congestion: Congestion, place: number, inFlight: number, sentUpTo: number): boolean {
  congestion.repeated();
  return congestion.beginsRecovery(place, inFlight, sentUpTo, false);
}

test("Congestion: slow start adds the acknowledged bytes, congestion avoidance a segment for each window of them", (t) => {
  const congestion = new Congestion(1000, 2);
  t.is(congestion.window, 2000);
  t.false(congestion.advanced(2000, 2001));
  t.is(congestion.window, 4000);
  congestion.timedOut(6000, 8001, true);
  t.is(congestion.window, 1000);
  // What was sent before the timeout counts for a segment only, however much of it is acknowledged at once.
  congestion.advanced(2000, 4001);
  t.is(congestion.window, 2000);
  congestion.advanced(1000, 8001);
  t.is(congestion.window, 3000);
  // The threshold is reached: half of what was on the way when the timer expired.
  congestion.advanced(2999, 11_000);
  t.is(congestion.window, 3000);
  congestion.advanced(1, 11_001);
  t.is(congestion.window, 4000);
  congestion.advanced(9000, 20_001);
  t.is(congestion.window, 6000);
});

test("Congestion: slow start goes to the threshold; what is acknowledged beyond counts for congestion avoidance", (t) => {
  const congestion = new Congestion(1000, 2);
  congestion.timedOut(6000, 1, true);
  congestion.advanced(1500, 1501);
  congestion.advanced(1500, 3001);
  t.is(congestion.window, 3000);
  congestion.advanced(1999, 5000);
  t.is(congestion.window, 3000);
  congestion.advanced(1, 5001);
  t.is(congestion.window, 4000);
});

test("Congestion: a window that the program does not fill grows to twice what it uses, and no further", (t) => {
  const congestion = new Congestion(1000, 10);
  let place = 1;
  const exchange = (bytes: number): void => {
    congestion.sent(bytes, place, place + bytes);
    place += bytes;
    congestion.advanced(bytes, place);
  };
  for (let i = 0; i < 100; i++) {
    exchange(4000);
  }
  t.is(congestion.window, 10_000);
  for (let i = 0; i < 100; i++) {
    exchange(7000);
  }
  t.is(congestion.window, 17_000);
  congestion.timedOut(10_000, place, true);
  for (let i = 0; i < 100; i++) {
    exchange(1000);
  }
  // Slow start ends at the threshold of 5000 or twice what was used; congestion avoidance needs a full window.
  t.is(congestion.window, 2000);
  for (let i = 0; i < 100; i++) {
    exchange(4000);
  }
  t.is(congestion.window, 5000);
});

test("Congestion: the third repetition halves the window and asks for the segment again", (t) => {
  const congestion = new Congestion(1000, 10);
  t.is(congestion.extra, 0);
  t.false(repeated(congestion, 1, 10_000, 10_001));
  t.is(congestion.extra, 1000);
  t.false(repeated(congestion, 1, 10_000, 10_001));
  t.is(congestion.extra, 2000);
  t.true(repeated(congestion, 1, 10_000, 10_001));
  t.is(congestion.window, 5000 + 3000);
  t.is(congestion.extra, 0);
  t.false(repeated(congestion, 1, 10_000, 10_001));
  t.is(congestion.window, 9000);
  // All that was on the way arrived: back to half of it.
  t.false(congestion.advanced(10_000, 10_001));
  t.is(congestion.window, 5000);
});

test("Congestion: an acknowledgement of part of what was on the way asks for the next segment", (t) => {
  const congestion = new Congestion(1000, 10);
  for (let i = 0; i < 3; i++) {
    repeated(congestion, 1, 10_000, 10_001);
  }
  t.true(congestion.advanced(3000, 3001));
  t.is(congestion.window, 8000 - 3000 + 1000);
  t.true(congestion.advanced(2000, 5001));
  t.false(congestion.advanced(5000, 10_001));
  t.is(congestion.window, 5000);
  // Old repetitions do not begin another recovery.
  for (let i = 0; i < 5; i++) {
    t.false(repeated(congestion, 10_001, 1000, 11_001));
  }
});

test("Congestion: several timeouts for the same segment halve the threshold once", (t) => {
  const congestion = new Congestion(1000, 10);
  congestion.timedOut(10_000, 10_001, true);
  congestion.timedOut(1000, 10_001, false);
  for (let i = 0; i < 4; i++) {
    congestion.advanced(1000, 1001 + 1000 * i);
  }
  t.is(congestion.window, 5000);
});

test("Congestion: however little was on the way, half of it is two segments at least", (t) => {
  const repeatedly = new Congestion(1000, 10);
  for (let i = 0; i < 3; i++) {
    repeated(repeatedly, 1, 1000, 1001);
  }
  t.is(repeatedly.window, 2000 + 3000);
  repeatedly.advanced(1000, 1001);
  t.is(repeatedly.window, 2000);
  const late = new Congestion(1000, 10);
  late.timedOut(1000, 1001, true);
  late.advanced(1000, 1001);
  late.advanced(1000, 2001);
  t.is(late.window, 2000);
});

test("Congestion: selective acknowledgements take the place of inflation and limited transmit", (t) => {
  const congestion = new Congestion(1000, 10);
  congestion.isSelective = true;
  t.false(repeated(congestion, 1, 10_000, 10_001));
  t.is(congestion.extra, 0);
  t.true(congestion.beginsRecovery(1, 10_000, 10_001, true));
  t.is(congestion.window, 5000);
  t.false(repeated(congestion, 1, 10_000, 10_001));
  t.true(congestion.advanced(3000, 3001));
  t.is(congestion.window, 5000);
  t.false(congestion.advanced(7000, 10_001));
  t.deepEqual([congestion.window, congestion.isRecovering], [5000, false]);
  t.true(congestion.beginsRecovery(10_001, 6000, 16_001, true));
  congestion.timedOut(6000, 16_001, true);
  t.false(congestion.beginsRecovery(16_000, 3000, 19_001, true));
  t.true(congestion.beginsRecovery(16_001, 3000, 19_001, true));
});

test("Congestion: after silence the window is the initial one, or less", (t) => {
  const congestion = new Congestion(1000, 4);
  congestion.advanced(3000, 3001);
  congestion.restart();
  t.is(congestion.window, 4000);
  congestion.timedOut(4000, 1, true);
  congestion.restart();
  t.is(congestion.window, 1000);
});

test("Congestion: segments of another size do not change the window, unless it is too small for one", (t) => {
  const congestion = new Congestion(1000, 2);
  congestion.resize(500);
  t.is(congestion.window, 2000);
  congestion.timedOut(4000, 1, true);
  t.is(congestion.window, 500);
  congestion.resize(1500);
  t.is(congestion.window, 1500);
});

test("Congestion: what was undone was not a recovery", (t) => {
  const congestion = new Congestion(1000, 10);
  congestion.isSelective = true;
  congestion.beginsRecovery(1, 10_000, 10_001, true);
  congestion.undo();
  t.deepEqual([congestion.isRecovering, congestion.window], [false, 10_000]);
  // Slow start goes on, as it has no threshold again.
  congestion.advanced(10_000, 20_001);
  t.is(congestion.window, 20_000);
});
