import test from "ava";
import fc from "fast-check";
import { JobQueue } from "./job-queue.ts";
import { settingsOf } from "./parameters.ts";
import { type Job, jobsOf, jobsOfPlan, requireSeeds, seedsOfShard, sizeOf } from "./plan.ts";
import { Prefix } from "./prefix.ts";
import type { RangeResult } from "./range-result.ts";

const SEED = { seed: 1 };

const everySeed = (jobs: readonly Job[]): string[] =>
  jobs.flatMap(({ setting, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => `${setting}:${from + i}`));

test("settingsOf: every combination, the last parameter fastest; none for an empty grid but the empty one", (t) => {
  t.deepEqual(settingsOf("f", { a: [1, 2], b: ["x", "y"] }), [
    { a: 1, b: "x" },
    { a: 1, b: "y" },
    { a: 2, b: "x" },
    { a: 2, b: "y" },
  ]);
  t.deepEqual(settingsOf("f", {}), [{}]);
});

test("settingsOf: a parameter without values, with a value twice, or with one of no use is refused", (t) => {
  t.throws(() => settingsOf("sweep", { a: [] }), {
    instanceOf: RangeError,
    message: "sweep: expected a list of values for parameter 'a', got []",
  });
  t.throws(() => settingsOf("sweep", { a: [1, 1] }), { message: "sweep: parameter 'a' has a value twice: 1, 1" });
  t.throws(() => settingsOf("sweep", { a: [Number.NaN] }), {
    message: "sweep: expected a finite number, a string or a boolean as parameter 'a', got NaN",
  });
});

test("requireSeeds: reversed seeds, fractions, negative and huge ones are refused", (t) => {
  t.throws(() => requireSeeds("sweep", { from: 5, to: 2 }), {
    message: "sweep: expected the first seed before the last, got 5 to 2; did you mean 2 to 5?",
  });
  for (const [from, to] of [
    [-1, 2],
    [0.5, 2],
    [0, 2 ** 53],
    [Number.NaN, 1],
  ] as const) {
    t.throws(() => requireSeeds("sweep", { from, to }), { instanceOf: RangeError });
  }
});

test("JobQueue: hands out every run that is left once, in order, whatever the sizes and whatever is done", (t) => {
  const plan = { settings: [{}, {}], seeds: { from: 10, to: 40 } };
  const range = fc.tuple(fc.nat(1), fc.integer({ min: 10, max: 40 }), fc.nat(10));
  fc.assert(
    fc.property(fc.array(range), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (ranges, sizes) => {
      const done = ranges.map(([setting, from, length]) => ({ setting, from, to: Math.min(40, from + length) }));
      const queue = new JobQueue(jobsOfPlan(plan), done);
      const jobs: Job[] = [];
      for (let i = 0, job = queue.take(3); job !== null; job = queue.take(sizes[i++ % sizes.length]!)) {
        jobs.push(job);
      }
      const gone = new Set(everySeed(done));
      const expected = everySeed([...jobsOf(plan, 7)]).filter((run) => !gone.has(run));
      t.deepEqual(everySeed(jobs), expected);
    }),
    SEED,
  );
});

test("seedsOfShard: the shards have all seeds, each once", (t) => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(50), fc.integer({ min: 1, max: 60 }), (from, length, of) => {
      const seeds = { from, to: from + length };
      const shards = Array.from({ length: of }, (_, i) => seedsOfShard(seeds, { index: i + 1, of }));
      const all = shards.flatMap((shard) => (shard === null ? [] : everySeed([{ setting: 0, ...shard }])));
      t.deepEqual(all, everySeed([{ setting: 0, ...seeds }]));
    }),
    SEED,
  );
});

const resultOf = (job: Job, failures: number): RangeResult => ({
  ...job,
  runs: sizeOf(job),
  digest: "",
  distinct: [],
  statistics: {},
  longest: [],
  failures: failures === 0 ? [] : [{ count: failures } as RangeResult["failures"][number]],
  lost: [],
});

test("Prefix: what counts does not depend on the order in which results arrive", (t) => {
  const plan = { settings: [{}, {}], seeds: { from: 0, to: 9 } };
  const results = [...jobsOf(plan, 2)].map((job, i) => resultOf(job, i % 3));
  fc.assert(
    fc.property(fc.shuffledSubarray(results, { minLength: results.length }), (shuffled) => {
      const prefix = new Prefix(jobsOfPlan(plan));
      for (const result of shuffled) {
        prefix.add(result, 4);
      }
      t.deepEqual(prefix.results, results.slice(0, 5));
    }),
    SEED,
  );
});
