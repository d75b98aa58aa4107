import test from "ava";
import { random } from "../loop/built-ins.ts";
import { getRunningLoop } from "../network/event-loop.ts";
import { defineScenario } from "../scenario.ts";
import { simulate } from "../simulation.ts";
import { createTask } from "../tasks/current.ts";
import { gather } from "../tasks/gather.ts";
import { sleep } from "../tasks/sleep.ts";
import { DistinctCount } from "./distinct.ts";
import { MemoryStore } from "./result-store.ts";
import { signatureKey, signatureOf } from "./signature.ts";
import { sweep } from "./sweep.ts";
import { textHash } from "./text-hash.ts";

/** Fails on two seeds in ten, in two ways. */
const dice = defineScenario({
  name: "dice",
  about: "throws a die of ten",
  parameters: { dice: 1 },
  *main({ dice: count }) {
    const eyes = random("die").integer(1, 10);
    yield* sleep(eyes);
    if (eyes === 1) {
      throw new Error(`snake eyes at ${eyes * 17}`);
    }
    if (eyes === 2) {
      yield* gather(createTask(sleep(1)), createTask(fail(eyes)));
    }
    return { eyes: eyes * count };
  },
});

function* fail(eyes: number) {
  yield* sleep(eyes);
  throw new RangeError(`two of ${random().integer(1, 1000)}`);
}

test("sweep: reports failures by signature, with the first, the smallest and the earliest run of each", async (t) => {
  const failed: { name: string; seed: number; steps: number; time: number }[] = [];
  for (let seed = 0; seed < 100; seed++) {
    const { error, steps, time } = await simulate(dice.main, { seed });
    if (error !== undefined) {
      failed.push({ name: (error as Error).name, seed, steps, time });
    }
  }
  const expected = ["Error", "RangeError"].map((name) => {
    const all = failed.filter((one) => one.name === name);
    const least = (by: "steps" | "time"): number => all.toSorted((a, b) => a[by] - b[by] || a.seed - b.seed)[0]!.seed;
    return { name, count: all.length, first: all[0]!.seed, smallest: least("steps"), earliest: least("time") };
  });
  const { failures, verdict, runs, planned } = await sweep(dice, { seeds: { from: 0, to: 99 } });
  const found = failures.map(({ name, count, first, smallest, earliest }) => ({
    name,
    count,
    first: first.seed,
    smallest: smallest.seed,
    earliest: earliest.seed,
  }));
  t.deepEqual([verdict, runs, planned], ["failed", 100, 100]);
  t.deepEqual(
    found,
    expected.toSorted((a, b) => a.first - b.first),
  );
});

test("sweep: makes every setting with the same seeds, and reports numbers that runs return", async (t) => {
  const { settings } = await sweep(dice, { seeds: { from: 0, to: 49 }, parameters: { dice: [1, 2] } });
  const [one, two] = settings.map(({ metrics }) => metrics["value.eyes"]);
  t.is(two?.mean, 2 * (one?.mean ?? 0));
  t.deepEqual([one?.n, two?.n], [settings[0]!.runs - settings[0]!.failures, one?.n]);
});

test("sweep: a report does not depend on where it was interrupted", async (t) => {
  const whole = await sweep(dice, { seeds: { from: 0, to: 499 } });
  const store = new MemoryStore();
  const stop = new AbortController();
  const part = await sweep(dice, {
    seeds: { from: 0, to: 499 },
    store,
    stopSignal: stop.signal,
    onProgress: ({ runs }) => runs >= 200 && stop.abort(),
  });
  t.deepEqual([part.runs, part.planned], [200, 500]);
  const rest = await sweep(dice, { seeds: { from: 0, to: 499 }, store });
  t.is(JSON.stringify(rest), JSON.stringify(whole));
});

test("sweep: shards together make the runs of the whole", async (t) => {
  const runs: number[] = [];
  const failures: number[] = [];
  for (const index of [1, 2, 3]) {
    const report = await sweep(dice, { seeds: { from: 0, to: 99 }, shard: { index, of: 3 } });
    runs.push(report.runs);
    failures.push(report.failures.reduce((sum, { count }) => sum + count, 0));
  }
  const whole = await sweep(dice, { seeds: { from: 0, to: 99 } });
  t.deepEqual(runs, [33, 33, 34]);
  t.is(
    failures.reduce((a, b) => a + b),
    whole.failures.reduce((sum, { count }) => sum + count, 0),
  );
});

test("sweep: a program that depends on more than its seed is found out", async (t) => {
  let runs = 0;
  const impure = function* () {
    yield* sleep(++runs);
  };
  await t.throwsAsync(sweep(impure, { seeds: { from: 0, to: 9 } }), {
    name: "ImpureSweepError",
    message: /^seeds 0 to 9 had other results the second time .* depends on something besides its seed/,
  });
});

test("sweep: bad input is refused before anything runs", async (t) => {
  const seeds = { from: 0, to: 9 };
  const bad: [options: object, message: string][] = [
    [{ seeds: { from: 9, to: 0 } }, "sweep: expected the first seed before the last, got 9 to 0; did you mean 0 to 9?"],
    [{ seeds, parameters: { dise: [1] } }, "scenario dice: unknown parameter 'dise'; did you mean 'dice'?"],
    [{ seeds, parameters: { dice: ["one"] } }, "scenario dice: expected a number as parameter 'dice', got \"one\""],
    [{ seeds, sead: 1 }, "sweep: unknown option 'sead'; did you mean 'seeds'?"],
    [{ seeds, untilFailures: 0 }, "sweep: expected a positive integer as untilFailures, got 0"],
    [{ seeds, shard: { index: 3, of: 2 } }, "sweep: expected a shard from 1 to 2, got 3"],
    [{ seeds, shard: { index: 11, of: 20 } }, "sweep: shard 11 of 20 has no seeds, of which there are 10"],
  ];
  for (const [options, message] of bad) {
    await t.throwsAsync(sweep(dice, options as never), { message }, message);
  }
  await t.throwsAsync(sweep(null as never, { seeds }), {
    message: "sweep: expected a scenario or a coroutine function, got null",
  });
});

test("signatureKey: numbers and addresses do not count, the class, the words and the user's calls do", (t) => {
  const failAt = (message: string): Error => new RangeError(message);
  const key = (error: unknown): string => signatureKey(signatureOf(error));
  const [one, two] = [1, 2].map((n) => failAt(`seat ${n} of 0x${n}f sold at ${n}.5e3 s`));
  t.is(key(one), key(two));
  t.not(key(one), key(failAt("seat # of # sold")));
  t.not(key(one), key(new TypeError(one!.message)));
  t.regex(key(one), /\nfailAt \(sweep\.test\.ts:\d+:\d+\)/);
  t.is(key("no error"), "error\nstring\nno error");
});

test("DistinctCount: exact while there are few, close when there are many, and the same however it is split", (t) => {
  const digests = Array.from({ length: 20_000 }, (_, i) => textHash(`run ${i % 10_000}`));
  const whole = new DistinctCount();
  const parts = [new DistinctCount(), new DistinctCount()];
  for (const [i, digest] of digests.entries()) {
    whole.add(digest);
    parts[i % 2]!.add(digest);
    if (i === 99) {
      t.deepEqual([whole.estimate(), whole.isExact], [100, true]);
    }
  }
  t.true(Math.abs(whole.estimate() - 10_000) < 2_500, `${whole.estimate()}`);
  parts[1]!.merge(new DistinctCount(JSON.parse(JSON.stringify(parts[0]))));
  t.is(parts[1]!.estimate(), whole.estimate());
});

/** Three faults are planned; with more than four clients, the crash of host b is fatal. */
const fragile = defineScenario({
  name: "fragile",
  about: "a test",
  network: { hosts: { a: {}, b: {} } },
  parameters: { clients: 2, mode: "calm", retries: 3 },
  *main({ clients }) {
    const { network } = getRunningLoop();
    network.faults.schedule({
      faults: [
        { fault: "partition", at: 1, until: 2, between: [["a"], ["b"]] },
        { fault: "crash", at: 3, until: 4, host: "b" },
        { fault: "pause", at: 5, until: 6, host: "a" },
      ],
    });
    yield* sleep(3.5);
    if (clients > 4 && network.get("b").state === "down") {
      throw new Error(`lost ${clients}`);
    }
    yield* sleep(3);
  },
});

test("sweep: a failure of each signature is shrunk to the faults it needs and to the smallest parameters", async (t) => {
  const parameters = { clients: [16, 100], mode: ["wild"] };
  const report = await sweep(fragile, { seeds: { from: 0, to: 3 }, parameters });
  const { shrunk, count } = report.failures[0]!;
  t.is(count, 8);
  t.like(shrunk, { setting: 0, seed: 0, values: { clients: 5, mode: "calm" }, onlyFaults: [2], time: 3.5 });
  t.true(shrunk!.runs <= 100);
  t.regex(String(report), /\n {2}shrunk: seed 0 clients=5 mode=calm with faults 2 \(/);
  const network = { ...fragile.network, onlyFaults: [2] };
  const { error } = await simulate(() => fragile.main({ clients: 5 }) as never, { seed: 0, network });
  t.is(String(error), "Error: lost 5");
});

test("sweep: shrinking keeps to its budget, can be left out, and ends with what passes otherwise", async (t) => {
  const seeds = { from: 0, to: 0 };
  const of = async (shrinkRuns: number) =>
    (await sweep(fragile, { seeds, parameters: { clients: [100] }, shrinkRuns })).failures[0]!.shrunk;
  t.is(await of(0), undefined);
  t.like(await of(2), { runs: 2, values: { clients: 100 } });
  await t.throwsAsync(of(-1), { message: "sweep: expected a number of runs as shrinkRuns, 0 for none, got -1" });
});
