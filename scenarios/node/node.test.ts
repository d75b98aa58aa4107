import test from "ava";
import { explore, replay, type Scenario, scenarioOptions, simulate } from "../../engine/index.ts";
import { nodeScenarios } from "../index.ts";

/** What an exploration of `scenario` takes. */
const exploring = (scenario: Scenario, runs: number) => ({
  runs,
  ...(scenario.network === undefined ? {} : { network: scenario.network }),
});

for (const scenario of await nodeScenarios()) {
  const { name, main } = scenario;
  test(`Races of Node programs: ${name}: a test sees nothing, an exploration ${name.endsWith("-fixed") ? "neither" : "does"}`, async (t) => {
    t.is((await simulate(main, scenarioOptions(scenario))).error, undefined);
    const { failure } = await explore(main, exploring(scenario, name.endsWith("-fixed") ? 30 : 400));
    t.is(failure === undefined, name.endsWith("-fixed"));
    if (failure !== undefined) {
      t.true(failure.deviations.length <= 3);
      const { runs: _runs, ...options } = exploring(scenario, 1);
      t.is((await replay(main, failure.token, options)).failure?.kind, failure.kind);
    }
  });
}
