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

/** Options of {@link runScenario}, besides those of the simulation. `signal` ends the run as Ctrl-C does. */
interface RunScenarioOptions extends Omit<SimulateOptions, "signal"> {
  readonly signal?: AbortSignal;
  /** Whether the run goes on when the standard output is not read any more. */
  readonly goOnUnread?: boolean;
  /** Whether to keep to itself what the scenario prints, and what Python would have warned of. */
  readonly isQuiet?: boolean;
  /** Whether to keep to itself what the scenario prints; warnings are reported all the same. */
  readonly isMute?: boolean;
}

/**
 * Run `scenario`: what it prints goes to the standard output while it runs, and what Python would have warned of to the
 * standard error at its end. Ctrl-C ends the run, and so does a broken standard output unless `goOnUnread` is set.
 *
 * @throws ScenarioFailure if its options have no sense; the reason of whatever ended it. What the program throws is in
 * the result.
 */
export async function runScenario(
  scenario: Scenario,
  { out, err, signal }: CommandIo,
  { goOnUnread = false, isQuiet = false, isMute = false, signal: other, ...overrides }: RunScenarioOptions = {},
): Promise<SimulationResult<unknown>> {
  const endedBy = AbortSignal.any([
    signal,
    ...(goOnUnread ? [] : [out.broken]),
    ...(other === undefined ? [] : [other]),
  ]);
  const output = isQuiet || isMute ? () => {} : (text: string) => out.write(text);
  const options = scenarioOptions(scenario, { ...overrides, output, signal: endedBy });
  let result: SimulationResult<unknown>;
  try {
    result = await simulate(scenario.main, options);
  } catch (error) {
    endedBy.throwIfAborted();
    throw new ScenarioFailure(`${scenario.name} cannot be run: ${errorLine(error)}`, { cause: error });
  }
  for (const warning of isQuiet ? [] : result.warnings) {
    err.say(`${warning}\n`);
  }
  return result;
}
