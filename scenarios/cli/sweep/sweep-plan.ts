import {
  type ReplicationPhase,
  type RunOne,
  replicationRuns,
  type SeedOutcome,
  type Setting,
  simulateRuns,
  textHash,
  withFaults,
} from "../../../engine/experiment/index.ts";
import { explore, type Scenario, scenarioOptions, withParameters } from "../../../engine/index.ts";
import { findExperiment } from "../experiment/find-experiment.ts";
import { findScenario } from "../load/find-scenario.ts";

/** What every worker of a sweep has to know; plain data, for it goes to other processes and machines. */
export interface SweepPlan {
  /** The scenario, as it was called. */
  readonly called: string;
  readonly settings: readonly Setting[];
  readonly until?: number | undefined;
  /** Make each run an exploration of so many runs. */
  readonly exploreRuns?: number | undefined;
  /** Make replications of the experiment that was called. */
  readonly experiment?: ExperimentPhase | undefined;
}

/** A phase of an experiment; the seeds of its jobs are numbers of replications. */
export interface ExperimentPhase extends ReplicationPhase {
  readonly seed: number | string;
}

/** What makes the runs of a plan. */
export interface PlannedRuns {
  readonly runOne: RunOne;
  readonly settings: readonly Setting[];
}

/** What makes the runs of `plan`. An experiment has settings of its own, whatever came through the queue. */
export async function plannedRuns(plan: SweepPlan): Promise<PlannedRuns> {
  if (plan.experiment === undefined) {
    return { runOne: await runOneOf(plan), settings: plan.settings };
  }
  const experiment = await findExperiment(plan.called);
  return { runOne: replicationRuns(experiment, plan.experiment.seed, plan.experiment), settings: experiment.settings };
}

/** The text of the program that is not in a file. */
export async function programText({ called, experiment }: Pick<SweepPlan, "called" | "experiment">): Promise<string> {
  return String(experiment === undefined ? (await findScenario(called)).main : (await findExperiment(called)).model);
}

async function runOneOf({ called, until, exploreRuns }: SweepPlan): Promise<RunOne> {
  const scenario = await findScenario(called);
  const overrides = { output: () => {}, ...(until === undefined ? {} : { until }) };
  return exploreRuns === undefined
    ? simulateRuns(scenario, overrides)
    : exploreRunsOf(scenario, overrides, exploreRuns);
}

function exploreRunsOf(scenario: Scenario, overrides: { readonly until?: number }, runs: number): RunOne {
  const { timerTies: _, output: __, trace: ___, seed: ____, ...options } = scenarioOptions(scenario, overrides);
  return async (setting, seed, onlyFaults): Promise<SeedOutcome> => {
    const program = withParameters(scenario, setting).main;
    const report = await explore(program, {
      ...((onlyFaults === undefined ? options : withFaults(options, onlyFaults)) as Record<string, unknown>),
      seed,
      runs,
    });
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
