import {
  type RunOne,
  type SeedOutcome,
  type Setting,
  simulateRuns,
  textHash,
} from "../../../engine/experiment/index.ts";
import { explore, type Scenario, scenarioOptions, withParameters } from "../../../engine/index.ts";
import { findScenario } from "../load/find-scenario.ts";

/** What every worker of a sweep has to know; plain data, for it goes to other processes and machines. */
export interface SweepPlan {
  /** The scenario, as it was called. */
  readonly called: string;
  readonly settings: readonly Setting[];
  readonly until?: number | undefined;
  /** Make each run an exploration of so many runs. */
  readonly exploreRuns?: number | undefined;
}

/** What makes one run of `plan`. */
export async function runOneOf({ called, until, exploreRuns }: SweepPlan): Promise<RunOne> {
  const scenario = await findScenario(called);
  const overrides = { output: () => {}, ...(until === undefined ? {} : { until }) };
  return exploreRuns === undefined
    ? simulateRuns(scenario, overrides)
    : exploreRunsOf(scenario, overrides, exploreRuns);
}

function exploreRunsOf(scenario: Scenario, overrides: { readonly until?: number }, runs: number): RunOne {
  const { timerTies: _, output: __, trace: ___, seed: ____, ...options } = scenarioOptions(scenario, overrides);
  return async (setting, seed): Promise<SeedOutcome> => {
    const program = withParameters(scenario, setting).main;
    const report = await explore(program, { ...(options as Record<string, unknown>), seed, runs });
    const { failure } = report;
    const deviations = failure?.deviations.map(({ text }) => text.replace(/\d+(?:\.\d+)?/g, "#")).join("; ");
    return {
      digest: textHash(JSON.stringify([report.verdict, report.runs, report.interleavings, failure?.token])),
      steps: report.runs,
      time: 0,
      ...(failure === undefined ? {} : { error: failure.error, token: failure.token, shape: deviations ?? "" }),
    };
  };
}
