import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { Abortable } from "../loop/options.ts";
import { defineScenario, type Scenario, withParameters } from "../scenario.ts";
import type { SimulateOptions } from "../simulation.ts";
import type { CoroutineLike } from "../tasks/coroutine.ts";
import type { Campaign } from "./campaign.ts";
import { coordinate } from "./coordinate.ts";
import { type Grid, type Setting, settingsOf } from "./parameters.ts";
import { jobsOfPlan, requireSeeds, type SeedRange, type Shard, seedsOfShard } from "./plan.ts";
import { MemoryStore, type ResultStore } from "./result-store.ts";
import { runRange, runVariant } from "./run-range.ts";
import { shrinkFailures } from "./shrink-failure.ts";
import { simulateRuns } from "./simulate-runs.ts";
import { SweepReport } from "./sweep-report.ts";
import { textHash } from "./text-hash.ts";

/** How far a sweep has come. */
export interface SweepProgress {
  /** Runs that ended, those of earlier sessions included, and runs that are planned. */
  readonly runs: number;
  readonly planned: number;
  readonly failures: number;
}

/** Options of {@link sweep}. */
export interface SweepOptions {
  /** The seeds, both ends included. */
  readonly seeds: SeedRange;
  /** Values to try for parameters of the scenario: every combination runs with every seed. */
  readonly parameters?: Grid;
  /** Make only this part of the seeds, counted from 1. */
  readonly shard?: Shard;
  /** End after so many failures, counted in the order of settings and seeds; no limit by default. */
  readonly untilFailures?: number;
  /**
   * Runs to shrink one failure of each signature with: fewer planned faults, smaller parameters; 100 by default, 0 for
   * none.
   */
  readonly shrinkRuns?: number;
  /** Options of `simulate` for every run; the seed and the trace are the sweep's own. */
  readonly simulate?: Omit<SimulateOptions, "seed" | "trace" | "traceSink" | "traceFilter" | "ordering">;
  /** Keeps results, so that a sweep can go on later; in memory by default. */
  readonly store?: ResultStore;
  /** Ends the sweep with a report of what was done. */
  readonly stopSignal?: Abortable;
  /** Called after each job: a hundred runs. */
  readonly onProgress?: (progress: SweepProgress) => void;
}

const SWEEP_OPTIONS = optionNames<SweepOptions>({
  seeds: true,
  parameters: true,
  shard: true,
  untilFailures: true,
  shrinkRuns: true,
  simulate: true,
  store: true,
  stopSignal: true,
  onProgress: true,
});

/** Runs between two looks at the signal. */
const JOB_SIZE = 100;

/**
 * Run a scenario seed after seed, and report what failed.
 *
 * A run fails if its main coroutine throws, deadlocks or goes past a limit. Numbers that runs return become metrics of
 * the report. All runs are made in this process; `simloop sweep` makes them in many.
 *
 * @param program - A scenario, or a coroutine function that takes a setting of the parameters.
 * @throws TypeError, RangeError for malformed options, and parameters that the scenario does not have; ImpureSweepError
 * if some runs differ when they are made again.
 */
export async function sweep(
  program: Scenario | ((setting: Setting) => CoroutineLike<unknown>),
  options: SweepOptions,
): Promise<SweepReport> {
  requireOptions("sweep", options, SWEEP_OPTIONS);
  const { stopSignal, onProgress, store = new MemoryStore(), untilFailures = Number.POSITIVE_INFINITY } = options;
  const { shrinkRuns = 100 } = options;
  requireFailures(untilFailures);
  if (!(Number.isSafeInteger(shrinkRuns) && shrinkRuns >= 0)) {
    throw new RangeError(
      `sweep: expected a number of runs as shrinkRuns, 0 for none, got ${describeValue(shrinkRuns)}`,
    );
  }
  const scenario = scenarioOf(program, options.parameters ?? {});
  const source = typeof program === "function" ? String(program) : `${scenario.name}\n${String(program.main)}`;
  const campaign = campaignOf(scenario, source, options);
  const runOne = simulateRuns(scenario, options.simulate ?? {});
  const known = await store.open(campaign);
  const progress = new SweepReport(campaign, known);
  let { runs } = progress;
  let failures = progress.failures.reduce((sum, { count }) => sum + count, 0);
  const results = await coordinate({
    jobs: jobsOfPlan(campaign),
    known,
    workers: [{ run: (job) => runRange(job, campaign.settings[job.setting]!, runOne) }],
    jobSize: () => JOB_SIZE,
    untilFailures,
    isStopped: () => stopSignal?.aborted ?? false,
    keep: async (result) => {
      await store.append(result);
      runs += result.runs;
      failures += result.failures.reduce((sum, { count }) => sum + count, 0);
      onProgress?.({ runs, planned: progress.planned, failures });
    },
  });
  const found = new SweepReport(campaign, results);
  const shrunk = stopSignal?.aborted
    ? []
    : await shrinkFailures(
        found.failures,
        store.shrunk ?? [],
        {
          budget: shrinkRuns,
          settings: campaign.settings,
          defaults: scenario.parameters ?? {},
          attempt: (run, variant) => runVariant(run, variant, runOne),
        },
        async (one) => store.keepShrunk?.(one),
      );
  return new SweepReport(campaign, results, shrunk);
}

function requireFailures(count: unknown): void {
  if (count !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(count) && (count as number) >= 1)) {
    throw new RangeError(`sweep: expected a positive integer as untilFailures, got ${describeValue(count)}`);
  }
}

/** A function becomes a scenario whose parameters are those of the grid. */
function scenarioOf(program: unknown, grid: Grid): Scenario {
  if (typeof program === "function") {
    const parameters = Object.fromEntries(Object.entries(grid).map(([name, values]) => [name, values?.[0] ?? 0]));
    return defineScenario({ name: "sweep", about: "a program", parameters, main: program as Scenario["main"] });
  }
  if (typeof program !== "object" || program === null) {
    throw new TypeError(`sweep: expected a scenario or a coroutine function, got ${describeValue(program)}`);
  }
  return defineScenario(program as Scenario);
}

/** @throws RangeError or TypeError for senseless seeds, shards and parameters. */
function campaignOf(
  scenario: Scenario,
  source: string,
  { seeds, shard, parameters = {}, simulate = {} }: SweepOptions,
): Campaign {
  const all = requireSeeds("sweep", seeds);
  const settings = settingsOf("sweep", parameters);
  for (const setting of settings) {
    withParameters(scenario, setting);
  }
  const own = shard === undefined ? all : seedsOfShard(all, requireShard(shard));
  if (own === null) {
    throw new RangeError(
      `sweep: shard ${shard?.index} of ${shard?.of} has no seeds, of which there are ${all.to - all.from + 1}`,
    );
  }
  return { program: textHash(source), options: JSON.stringify(simulate) ?? "", settings, seeds: own };
}

function requireShard(shard: Shard): Shard {
  const { index, of } = shard;
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 1 && index <= of)) {
    throw new RangeError(`sweep: expected a shard from 1 to ${String(of)}, got ${describeValue(index)}`);
  }
  return shard;
}
