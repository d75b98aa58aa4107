import test from "ava";
import { RandomStream } from "../../base/random.ts";
import type { TimedHostFault, TimedLinkFault } from "./fault-plan.ts";
import { type RandomFaultsOptions, randomFaults } from "./random-faults.ts";

const planOf = (options: Partial<RandomFaultsOptions>, seed = 1) =>
  randomFaults(new RandomStream(seed, "faults"), { hosts: ["a", "b", "c"], end: 1000, ...options });

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("Random faults: they begin in order within the time, and end within it, after durations of the mean that is asked for", (t) => {
  const { faults, end } = planOf({ start: 100, end: 200_000, meanGap: 20, meanDuration: 5, kinds: ["partition"] });
  t.is(end, 200_000);
  const starts = faults.map(({ at }) => at);
  t.deepEqual(
    [...starts].sort((a, b) => a - b),
    starts,
  );
  t.true(starts[0]! >= 100 && faults.every(({ at, until }) => at <= until! && until! <= end!));
  const gaps = starts.slice(1).map((at, i) => at - starts[i]!);
  t.true(Math.abs(mean(gaps) - 20) < 1, String(mean(gaps)));
  const durations = faults.map(({ at, until }) => until! - at);
  t.true(Math.abs(mean(durations) - 5) < 0.25, String(mean(durations)));
  // Whole milliseconds.
  t.true(faults.every(({ at, until }) => [at, until!].every((time) => Number(time.toFixed(3)) === time)));
});

test("Random faults: by default there are about ten, of all kinds but clocks", (t) => {
  const plans = Array.from({ length: 200 }, (_, seed) => planOf({}, seed));
  const counts = plans.map(({ faults }) => faults.length);
  // Faults of a host are left out where another strikes it.
  t.true(mean(counts) > 8.5 && mean(counts) < 10.2, String(mean(counts)));
  const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault)));
  t.deepEqual([...kinds].sort(byText), ["crash", "hold", "impair", "partition", "pause", "slow"]);
});

test("Random faults: between hosts, all are on one side or the other, and a quarter of the faults is one way", (t) => {
  const { faults } = planOf({ end: 1e5, meanGap: 10, kinds: ["hold"] });
  const sides = (faults as TimedLinkFault[]).map(({ between }) => between);
  t.true(sides.every(([a, b]) => a.length > 0 && b!.length > 0 && [...a, ...b!].sort(byText).join() === "a,b,c"));
  t.deepEqual(new Set(sides.map(([a]) => a.length)), new Set([1, 2]));
  t.is(new Set(sides.map((each) => JSON.stringify(each))).size, 12);
  const share = (faults as TimedLinkFault[]).filter(({ oneWay }) => oneWay === true).length / faults.length;
  t.true(Math.abs(share - 0.25) < 0.02, String(share));
});

test("Random faults: no two strike the same host at a time, and every host is struck", (t) => {
  const { faults } = planOf({ end: 1e4, meanGap: 5, meanDuration: 20, kinds: ["crash", "pause"] });
  const until = new Map<string, number>();
  for (const fault of faults as TimedHostFault[]) {
    t.true(fault.at >= (until.get(fault.host) ?? 0));
    until.set(fault.host, fault.until!);
  }
  t.deepEqual([...until.keys()].sort(byText), ["a", "b", "c"]);
});
