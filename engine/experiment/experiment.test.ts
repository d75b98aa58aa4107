import test from "ava";
import { RandomStream } from "../base/random.ts";
import { getRunningLoop, sleep } from "../index.ts";
import { arrivals, Level, Resource, Tally } from "../resources/index.ts";
import { createTask } from "../tasks/current.ts";
import {
  defineExperiment,
  type Experiment,
  type ExperimentOptions,
  localReplications,
  runExperiment,
  selectBest,
} from "./index.ts";

/** A bank with some tellers. */
function* bank({ tellers }: { readonly tellers: number }) {
  const loop = getRunningLoop();
  const wait = new Tally({ keep: true });
  const present = new Level({ clock: () => loop.time() });
  const counter = new Resource({ capacity: tellers });
  const gaps = loop.random("arrivals");
  const services = loop.random("services");
  function* customer() {
    const came = loop.time();
    const service = services.exponential(tellers * 0.8);
    present.add(1);
    yield* counter.with(function* () {
      wait.add(loop.time() - came, loop.time());
      yield* sleep(service);
    });
    present.add(-1);
  }
  createTask(arrivals(() => gaps.exponential(1), customer));
  return { wait, present, seen: () => wait.n };
}

const experiment = (options: Partial<ExperimentOptions> = {}): Experiment =>
  defineExperiment({
    name: "bank",
    about: "a test",
    model: bank as never,
    parameters: { tellers: [1, 2] },
    length: 200,
    replications: 8,
    ...options,
  });

test("runExperiment: settings have the same customers; estimates, a table, CSV and JSON", async (t) => {
  const report = await runExperiment(experiment());
  const [one, two] = report.settings;
  t.deepEqual(one?.values["seen"]?.length, 8);
  t.deepEqual(report.measures, ["wait", "present", "seen"]);
  t.true((one?.measures["wait"]?.mean as number) > (two?.measures["wait"]?.mean as number));
  const difference = report.compare({ tellers: 1 }, { tellers: 2 }, "wait");
  t.true(difference.low > 0);
  t.true(difference.halfWidth < (one?.measures["wait"]?.halfWidth as number));
  t.regex(
    String(report),
    /^bank: seed 0\n\nsetting {4}measure {2}runs {2} +mean {3} +95 % +interval\ntellers=1 {2}wait +8 +[\d.]+ +± [\d.]+ +-?[\d.]+ to [\d.]+\n/,
  );
  t.is(report.toCsv().split("\n")[0], "tellers,replication,wait,present,seen");
  t.is(report.toCsv().trim().split("\n").length, 17);
  t.deepEqual(JSON.parse(JSON.stringify(report)).settings[0].values.seen, one?.values["seen"]);
});

test("runExperiment: the report does not depend on the workers, to the byte", async (t) => {
  const given = experiment({ replications: { until: { wait: 0.5 }, min: 4, max: 40 } });
  const alone = await runExperiment(given, { seed: 3 });
  const many = await runExperiment(given, {
    seed: 3,
    workers: async (phase) => ({ workers: [1, 2, 3].map(() => localReplications(given, 3, phase)), close: () => {} }),
  });
  t.is(JSON.stringify(many), JSON.stringify(alone));
  t.true(alone.settings.every(({ replications }) => replications >= 4 && replications <= 40));
});

test("runExperiment: replications go on until the interval is as narrow as asked for", async (t) => {
  const report = await runExperiment(
    experiment({ parameters: { tellers: [2] }, replications: { until: { seen: 0.02 }, least: 3 } }),
  );
  const { replications, measures } = report.settings[0]!;
  const { halfWidth, mean } = measures["seen"] as { halfWidth: number; mean: number };
  t.true(halfWidth <= 0.02 * mean && replications > 3 && replications < 100, `${replications}`);
});

test("runExperiment: a warm-up resets tallies, levels and what the model says", async (t) => {
  const model = function* (_: unknown, info: { warmUp: number; onWarmUp(callback: () => void): void }) {
    const loop = getRunningLoop();
    const tally = new Tally();
    const level = new Level({ clock: () => loop.time() });
    let count = 0;
    info.onWarmUp(() => {
      count = 0;
    });
    for (let i = 0; i < 10; i++) {
      tally.add(i);
      level.set(i);
      count++;
      yield* sleep(1);
    }
    return { tally, level, count, n: tally.n };
  };
  const report = await runExperiment(
    defineExperiment({ name: "x", about: "y", model: model as never, warmUp: 5.5, replications: 2 }),
  );
  const { tally, level, count, n } = (report.settings[0] as { values: unknown }).values as Record<string, number[]>;
  t.deepEqual(
    [tally, level, count, n],
    [
      [7.5, 7.5],
      [32.5 / 4.5, 32.5 / 4.5],
      [4, 4],
      [4, 4],
    ],
  );
});

test("runExperiment: MSER-5 finds a warm-up from pilot runs", async (t) => {
  const model = function* () {
    const tally = new Tally({ keep: true });
    const noise = getRunningLoop().random("noise");
    for (let i = 0; i < 500; i++) {
      tally.add((i < 50 ? 100 - 2 * i : 0) + noise.normal(0, 1), getRunningLoop().time());
      yield* sleep(1);
    }
    return { tally };
  };
  const report = await runExperiment(
    defineExperiment({ name: "x", about: "y", model: model as never, warmUp: "auto" }),
  );
  t.true(report.warmUp >= 40 && report.warmUp < 150, `${report.warmUp}`);
  t.true(Math.abs(report.settings[0]?.measures["tally"]?.mean as number) < 0.2);
});

test("runExperiment: antithetic pairs make the interval narrower where more randomness means more", async (t) => {
  const model = function* () {
    const stream = getRunningLoop().random("u");
    let sum = 0;
    for (let i = 0; i < 20; i++) {
      sum += stream.exponential(1);
    }
    yield* sleep(0);
    return { sum };
  };
  const of = async (antithetic: boolean) =>
    (
      await runExperiment(
        defineExperiment({ name: "x", about: "y", model: model as never, replications: 40, antithetic }),
      )
    ).settings[0]?.measures["sum"];
  const [plain, mirrored] = [await of(false), await of(true)];
  t.true((mirrored?.halfWidth as number) < 0.7 * (plain?.halfWidth as number));
  const first = new RandomStream(7, "u").random();
  t.is(new RandomStream("antithetic:7", "u").random(), 1 - 2 ** -53 - first);
});

test("selectBest: the best of ten is selected about as often as promised", async (t) => {
  let right = 0;
  for (let repetition = 0; repetition < 60; repetition++) {
    const streams = Array.from({ length: 10 }, (_, i) => new RandomStream(repetition, `arm ${i}`));
    const { best, isGuaranteed } = await selectBest({
      count: 10,
      sample: (i) => streams[i]!.normal(i + 1, 2),
      indifference: 1,
      confidence: 0.9,
    });
    right += Number(best === 9 && isGuaranteed);
  }
  t.true(right >= 54, `${right}`);
});

test("Experiments: bad input is refused", async (t) => {
  const refusal = (options: object): string | undefined => t.throws(() => experiment(options))?.message;
  t.deepEqual(
    [
      refusal({ parameters: { tellers: [] } }),
      refusal({ parameters: [] }),
      refusal({ replications: 0 }),
      refusal({ replications: { until: {} } }),
      refusal({ replications: { until: { wait: 0.1 }, max: Number.POSITIVE_INFINITY } }),
      refusal({ warmUp: 300 }),
      refusal({ confidence: 95 }),
      refusal({ modell: bank }),
    ],
    [
      "defineExperiment: expected a list of values for parameter 'tellers', got []",
      "defineExperiment: expected at least one setting, got []",
      "defineExperiment: expected a positive integer as replications, got 0",
      "defineExperiment: expected measures with their relative half-widths as until, such as { wait: 0.05 }, got {}",
      'defineExperiment: expected 2 <= min <= max, integers, so that the replications end, got "10 and Infinity"',
      'defineExperiment: expected a warmUp in seconds before the end of the run, or "auto", got 300',
      "defineExperiment: expected a confidence above 0 and below 1, such as 0.95, got 95",
      "defineExperiment: unknown option 'modell'; did you mean 'model'?",
    ],
  );
  const failure = async (model: () => Generator) =>
    (await t.throwsAsync(runExperiment(experiment({ model: model as never, parameters: {}, length: 5 }))))?.message;
  let runs = 0;
  t.deepEqual(
    [
      await failure(function* () {
        return 5;
      }),
      await failure(function* () {
        return { wait: "long" };
      }),
      await failure(function* () {
        return { wait: new Tally() };
      }),
      await failure(function* () {
        throw new Error("broken");
      }),
      await failure(function* () {
        return { [runs++ === 1 ? "b" : "a"]: 1 };
      }),
    ],
    [
      "bank, replication 0 (seed 0): expected the model to return measures by name, such as { wait: tally }, got 5",
      "bank, replication 0 (seed 0): expected a finite number, a Tally or a Level as measure 'wait', got \"long\"",
      "bank, replication 0 (seed 0): expected a finite number, a Tally or a Level as measure 'wait', got NaN; nothing was observed",
      "bank, replication 0 (seed 0): broken",
      "bank: the model measured a in the first run, and b with no parameters, replication 1",
    ],
  );
});
