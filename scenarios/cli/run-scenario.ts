import {
  type Scenario,
  type SimulateOptions,
  type SimulationResult,
  scenarioOptions,
  simulate,
} from "../../engine/index.ts";
import type { CommandIo } from "./command-io.ts";
import { ScenarioFailure } from "./failures.ts";
import { errorLine } from "./load/error-text.ts";

/**
 * Run `scenario`: what it prints goes to the standard output while it runs, and what Python would have warned of to the standard
 * error at its end. Ctrl-C ends the run, and so does a broken standard output unless `goOnUnread` is set.
 *
 * @throws ScenarioFailure if its options have no sense; the reason of whatever ended it. What the program throws is in the result.
 */
export async function runScenario(
  scenario: Scenario,
  { out, err, signal }: CommandIo,
  { goOnUnread = false, ...overrides }: SimulateOptions & { readonly goOnUnread?: boolean } = {},
): Promise<SimulationResult<unknown>> {
  const endedBy = goOnUnread ? signal : AbortSignal.any([signal, out.broken]);
  const options = scenarioOptions(scenario, { ...overrides, output: (text) => out.write(text), signal: endedBy });
  let result: SimulationResult<unknown>;
  try {
    result = await simulate(scenario.main, options);
  } catch (error) {
    endedBy.throwIfAborted();
    throw new ScenarioFailure(`${scenario.name} cannot be run: ${errorLine(error)}`, { cause: error });
  }
  for (const warning of result.warnings) {
    err.write(`${warning}\n`);
  }
  return result;
}
