import test from "ava";
import { createTask, explore, gather, sleep, strategyNames, strategyTraits } from "../index.ts";

/** Six tasks in any order. */
function* main() {
  function* worker() {
    for (let i = 0; i < 3; i++) {
      yield* sleep(0);
    }
  }
  yield* gather(Array.from({ length: 6 }, (_, i) => createTask(worker(), { name: `w${i + 1}` })));
}

const sorted = (...sets: readonly Iterable<number>[]): number[] =>
  [...new Set(sets.flatMap((set) => [...set]))].sort((a, b) => a - b);

const divisible = strategyNames.filter((name) => strategyTraits(name).isDivisible);

test("explore: the shards of a search do what the whole would, each its own part", async (t) => {
  for (const strategy of divisible.filter((name) => name !== "mix")) {
    const seen = async (runs: number, index: number, of: number): Promise<ReadonlySet<number>> =>
      (await explore(main, { strategy, runs, shard: { index, of } }))._interleavingHashes;
    // The baseline run is the first of each.
    const [one, two, three] = [await seen(11, 1, 3), await seen(11, 2, 3), await seen(11, 3, 3)];
    const whole = await seen(31, 1, 1);
    t.deepEqual(sorted(one, two, three), sorted(whole), strategy);
    t.true(sorted(one, two).length > one.size && sorted(two, three).length > two.size, strategy);
  }
});

test("explore: a search that goes on from a run does what the whole would", async (t) => {
  for (const strategy of divisible.filter((name) => name !== "mix")) {
    const seen = async (runs: number, firstRun: number) =>
      (await explore(main, { strategy, runs, firstRun }))._interleavingHashes;
    const [first, second] = [await seen(11, 0), await seen(11, 10)];
    t.deepEqual(sorted(first, second), sorted(await seen(21, 0)), strategy);
  }
});

test("explore: a strategy whose runs follow from each other cannot be divided", async (t) => {
  for (const strategy of ["reversal", "exhaustive", "fifo"] as const) {
    await t.throwsAsync(explore(main, { strategy, shard: { index: 1, of: 2 } }), {
      instanceOf: RangeError,
      message: `explore: expected a strategy whose runs can be divided into shards, got "${strategy}"; try mix`,
    });
  }
});
