import test from "ava";
import { explore, replay, simulate } from "../../engine/index.ts";
import { raceScenarios } from "../index.ts";

test("Races: tests see nothing, an exploration breaks each with one deviation, and not its twin", async (t) => {
  for (const { name, main } of await raceScenarios()) {
    t.is((await simulate(main)).error, undefined, name);
    const { failure } = await explore(main, { runs: 500 });
    t.is(failure?.deviations.length, name.endsWith("-fixed") ? undefined : 1, name);
    if (failure !== undefined) {
      t.is((await replay(main, failure.token)).failure?.kind, failure.kind, name);
    }
  }
});

test("Races: explorations that run beside each other find what they find alone", async (t) => {
  const scenarios = await raceScenarios();
  const outcome = async ({ name, main }: (typeof scenarios)[number]): Promise<string> => {
    const { verdict, runs, interleavings, failure } = await explore(main, { runs: 300 });
    return [name, verdict, runs, interleavings, failure?.token].join(" ");
  };
  const alone: string[] = [];
  for (const scenario of scenarios) {
    alone.push(await outcome(scenario));
  }
  t.deepEqual(await Promise.all(scenarios.map(outcome)), alone);
});
