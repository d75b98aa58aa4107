import test from "ava";
import * as fc from "fast-check";
import { createTask, explore, gather, simulate, sleep } from "../engine/index.ts";
import { testSchedules } from "./ava.ts";
import {
  applyFaults,
  commandProgram,
  concurrentCommands,
  faults,
  latencies,
  ScheduleError,
  type SchedulePlan,
  schedule,
  underSchedule,
} from "./index.ts";

/** Adds amounts to a balance; each addition reads, pauses and writes. */
function* additions(amounts: readonly number[], isFixed = false) {
  let balance = 0;
  function* add(amount: number, hops: number) {
    for (let i = 0; i < hops; i++) {
      yield* sleep(0);
    }
    const before = balance;
    if (!isFixed) {
      yield* sleep(0);
    }
    balance = before + amount;
  }
  yield* gather(amounts.map((amount, i) => createTask(add(amount, i * 4), { name: `add-${i + 1}` })));
  const sum = amounts.reduce((a, b) => a + b, 0);
  if (balance !== sum) {
    throw new Error(`balance ${balance} instead of ${sum}`);
  }
}

const lostUpdate = fc.asyncProperty(
  schedule(),
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
  (orders, amounts) => underSchedule(orders, () => additions(amounts)),
);

test("schedule: the order shrinks to one hold, and the data under it", async (t) => {
  const { failed, counterexample, numShrinks } = await fc.check(lostUpdate, { seed: 1 });
  t.true(failed);
  const [orders, amounts] = counterexample as [SchedulePlan, number[]];
  t.regex(orders.token ?? "", /^s1:[^,]*add-1#2>[^,]*$/);
  t.is(amounts.length, 2);
  t.true(numShrinks < 30, `${numShrinks} shrinks`);
});

test("schedule: a token among the examples is a regression test", async (t) => {
  const { failed, counterexample, numRuns } = await fc.check(lostUpdate, {
    examples: [["s1:add-1#2>add-2#5", [1, 2]]],
    numRuns: 1,
    endOnFailure: true,
  });
  t.true(failed);
  t.is(numRuns, 1);
  t.is(String(counterexample?.[0]), "s1:add-1#2>add-2#5");
});

test("schedule: the report of a failing property shows the token and the explanation", async (t) => {
  const error = await t.throwsAsync(fc.assert(lostUpdate, { seed: 2 }));
  t.regex(error?.message ?? "", /Counterexample: \["s1:/);
  t.true(error?.cause instanceof ScheduleError);
});

test("schedule: a program without a race passes", async (t) => {
  const property = fc.asyncProperty(schedule({ runs: 10 }), fc.array(fc.nat(9), { maxLength: 4 }), (orders, amounts) =>
    underSchedule(orders, () => additions(amounts, true)),
  );
  t.false((await fc.check(property, { numRuns: 20 })).failed);
});

testSchedules(
  "testSchedules: an ava test over data and orders",
  [fc.array(fc.nat(9), { maxLength: 4 })],
  (amounts) => additions(amounts, true),
  { runs: 5, property: { numRuns: 10, examples: [["s1:add-1#2>add-2#5", [1, 2]]] } },
);

test("faults: timetables are in order, within their bounds, and shrink to nothing", (t) => {
  const arbitrary = faults(["crash a", "partition a|b"], { until: 2, longest: 1, most: 3 });
  const { failed } = fc.check(
    fc.property(arbitrary, (timetable) =>
      timetable.every(({ at, lasts }, i) => at <= 2 && lasts <= 1 && at >= (timetable[i - 1]?.at ?? 0)),
    ),
  );
  t.false(failed);
  const { counterexample } = fc.check(
    fc.property(arbitrary, (timetable) => timetable.every(({ kind }) => kind !== "partition a|b")),
    { seed: 3 },
  );
  t.deepEqual(counterexample, [[{ kind: "partition a|b", at: 0, lasts: 0 }]]);
});

test("applyFaults: begins and ends each fault at its time", async (t) => {
  const log: string[] = [];
  const { time } = await simulate(() =>
    applyFaults(
      [
        { kind: "crash", at: 1, lasts: 2 },
        { kind: "crash", at: 2, lasts: 0.5 },
      ],
      { crash: { begin: () => log.push("down"), end: () => log.push("up") } },
    ),
  );
  t.deepEqual(log, ["down", "down", "up", "up"]);
  t.is(time, 3);
});

test("latencies: stay within their range and shrink to the least", (t) => {
  const { counterexample } = fc.check(
    fc.property(latencies({ least: 0.01, most: 0.05 }), () => false),
    { seed: 1 },
  );
  t.deepEqual(counterexample, [0.01]);
});

class Increment {
  check(): boolean {
    return true;
  }

  *run(model: { count: number }, real: { count: number }) {
    const before = real.count;
    yield* sleep(0);
    real.count = before + 1;
    model.count++;
    if (real.count !== model.count) {
      throw new Error(`${real.count} instead of ${model.count}`);
    }
  }

  toString(): string {
    return "increment";
  }
}

const counters = () => ({ model: { count: 0 }, real: { count: 0 } });

test("commandProgram: commands run one after another against a model", async (t) => {
  const { error } = await simulate(commandProgram([new Increment(), new Increment()], counters));
  t.is(error, undefined);
});

test("concurrentCommands: lists of commands run as tasks, whose order an exploration varies", async (t) => {
  const program = concurrentCommands([[new Increment()], [new Increment()]], counters);
  const { failure } = await explore(program);
  t.is(failure?.kind, "error");
});
