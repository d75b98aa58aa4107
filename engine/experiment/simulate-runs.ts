import { type Scenario, scenarioOptions, withParameters } from "../scenario.ts";
import { type SimulateOptions, simulate } from "../simulation.ts";
import type { Setting } from "./parameters.ts";
import type { RunOne } from "./run-range.ts";

/** Runs made by `simulate` in this process: of `scenario`, with the options of the scenario and `overrides`. */
export function simulateRuns(scenario: Scenario, overrides: SimulateOptions): RunOne {
  const options = { ...scenarioOptions(scenario, overrides), trace: "digest" } as const;
  let last: { readonly setting: Setting; readonly main: Scenario["main"] } | undefined;
  return async (setting, seed) => {
    if (last?.setting !== setting) {
      last = { setting, main: withParameters(scenario, setting).main };
    }
    return await simulate(last.main, { ...options, seed });
  };
}
