import { testProp } from "@fast-check/ava";
import test from "ava";
import { createTask, getRunningLoop, simulate, sleep } from "../../engine/index.ts";
import { type CheckingQueue, checkEveryStep } from "../../engine/invariants/check-every-step.ts";
import { builtInScenarios, raceScenarios, simpyScenarios } from "../../scenarios/index.ts";
import { mainOf, programs } from "./programs.ts";

const isDefect = (error: unknown): boolean => error instanceof Error && error.name === "InvariantError";

testProp(
  "Law: between two steps a task is ready once, or waits where it is registered once, or is done",
  [programs],
  async (t, program) => {
    let checks = 0;
    const main = mainOf(program);
    const run = await simulate(
      async function* () {
        checkEveryStep(() => checks++);
        yield main();
      },
      { trace: "off" },
    );
    t.false(isDefect(run.error), String(run.error));
    t.true(checks > 0);
  },
  { numRuns: 100 },
);

for (const { name, load } of [
  { name: "article and network", load: builtInScenarios },
  { name: "races", load: raceScenarios },
  { name: "SimPy", load: simpyScenarios },
]) {
  test(`Law: the invariants of tasks hold after each step of the scenarios: ${name}`, async (t) => {
    for (const scenario of await load()) {
      const run = await simulate(
        async function* () {
          checkEveryStep();
          yield scenario.main();
        },
        { ...scenario.options, trace: "off" },
      );
      t.false(isDefect(run.error), `${scenario.name}: ${run.error}`);
    }
  });
}

test("Invariants: a task that is ready twice ends the run", async (t) => {
  const run = await simulate(function* () {
    checkEveryStep();
    const task = createTask(sleep(1), { name: "sleeper" });
    getRunningLoop()._ready.push(task);
    yield task;
  });
  t.regex(String(run.error), /^InvariantError: sleeper does not wait, and is 2 times in the ready queue/);
});

test("Invariants: a task that has lost its turn ends the run", async (t) => {
  const run = await simulate(function* () {
    checkEveryStep();
    createTask(sleep(1), { name: "sleeper" });
    (getRunningLoop()._ready as unknown as CheckingQueue).items.length = 0;
    yield* sleep(1);
  });
  t.regex(String(run.error), /^InvariantError: sleeper does not wait, and is 0 times in the ready queue/);
});
