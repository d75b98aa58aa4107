import { requireFields } from "../base/require-argument.ts";
import { type Scenario, scenarioOptions, withFaults, withParameters } from "../scenario.ts";
import { type SimulateOptions, simulate, simulateRun } from "../simulation.ts";
import type { Setting } from "./parameters.ts";
import type { RunOne } from "./run-range.ts";

/** Runs made by `simulate` in this process: of `scenario`, with the options of the scenario and `overrides`. */
export function simulateRuns(scenario: Scenario, overrides: SimulateOptions): RunOne {
  requireFields("simulateRuns", "a scenario", scenario, { name: "string", main: "function" });
  const options = { ...scenarioOptions(scenario, overrides), trace: "digest" } as const;
  let last: { readonly setting: Setting; readonly main: Scenario["main"] } | undefined;
  return async (setting, seed, onlyFaults) => {
    if (last?.setting !== setting) {
      last = { setting, main: withParameters(scenario, setting).main };
    }
    const own = { ...(onlyFaults === undefined ? options : withFaults(options, onlyFaults)), seed };
    const result = await simulateRun(last.main, own, false);
    // A failure is rare, and its message names places: that run is made again with them.
    const again = "error" in result ? await simulate(last.main, own) : result;
    return "error" in again ? again : result;
  };
}
