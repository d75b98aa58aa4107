import test from "ava";
import { Reordering } from "./reordering.ts";

test("Reordering: three segments from behind are enough, until one was seen to be overtaken by more", (t) => {
  const reordering = new Reordering();
  t.is(reordering.threshold(100_000, 1000), 3);
  reordering.observed(1001, 1000);
  t.is(reordering.threshold(100_000, 1000), 3);
  reordering.observed(7001, 1000);
  t.is(reordering.threshold(100_000, 1000), 9);
  reordering.observed(2000, 1000);
  t.is(reordering.threshold(100_000, 1000), 9);
  reordering.observed(1e9, 1000);
  t.is(reordering.threshold(1e9, 1000), 300);
  // Of six segments on the way no more than five can come before the first.
  t.is(reordering.threshold(6000, 1000), 5);
  t.is(reordering.threshold(1000, 1000), 3);
  reordering.timedOut();
  t.is(reordering.threshold(1e9, 1000), 3);
});

test("Reordering: when all that was sent again came twice, nothing was lost", (t) => {
  const reordering = new Reordering();
  reordering.recoveryBegan(1);
  reordering.resent(1, 10_001);
  reordering.resent(3001, 12_001);
  t.deepEqual(
    [1, 3001, 5001].map((place) => reordering.sentBeforeResending(place)),
    [10_001, 12_001, Infinity],
  );
  reordering.suspected(5000);
  reordering.suspected(4000);
  t.false(reordering.reportedTwice(1, 1000));
  t.false(reordering.reportedTwice(1, 1000));
  t.is(reordering.threshold(1e6, 1000), 3);
  t.true(reordering.reportedTwice(3001, 1000));
  t.is(reordering.threshold(1e6, 1000), 6);
  t.false(reordering.reportedTwice(3001, 1000));
  // A second recovery knows nothing of the first, and a timeout forgets.
  reordering.resent(7001, 8001);
  reordering.recoveryBegan(8001);
  t.false(reordering.reportedTwice(7001, 1000));
  // What one recovery sent again, or sent again twice, shows nothing about the next.
  reordering.resent(9001, 10_001);
  reordering.recoveryBegan(9001);
  t.is(reordering.sentBeforeResending(9001), 10_001);
  t.false(reordering.reportedTwice(9001, 1000));
  reordering.recoveryBegan(9001);
  reordering.resent(9001, 10_001);
  reordering.resent(9001, 11_001);
  t.false(reordering.reportedTwice(9001, 1000));
  reordering.resent(7001, 8001);
  reordering.timedOut();
  t.false(reordering.reportedTwice(7001, 1000));
});
