import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { Abortable } from "../loop/options.ts";
import { mser5 } from "../statistics/steady-state.ts";
import { coordinate, ImpureSweepError, type JobWorker } from "./coordinate.ts";
import type { Experiment } from "./experiment.ts";
import { requireExperiment } from "./experiment.ts";
import { experimentCampaign } from "./experiment-campaign.ts";
import { ExperimentReport } from "./experiment-report.ts";
import { type Job, type Shard, sizeOf } from "./plan.ts";
import type { RangeResult } from "./range-result.ts";
import { ExperimentError, type ReplicationPhase, replicationName, replicationRuns } from "./replication.ts";
import { Replications } from "./replications.ts";
import type { ResultStore } from "./result-store.ts";
import { runRange } from "./run-range.ts";

/** How far an experiment has come. */
export interface ExperimentProgress {
  /** Replications that were made, and those that are planned as far as is known. */
  readonly done: number;
  readonly planned: number;
}

/** Options of {@link runExperiment}. */
export interface RunExperimentOptions {
  /** What all random numbers are derived from; 0 by default. Replication i has the seed `seed + i`. */
  readonly seed?: number | string;
  /** Makes the workers for a phase; one in this process by default. The result does not depend on them. */
  readonly workers?: (phase: ReplicationPhase) => Promise<ExperimentWorkers>;
  /** Keeps results, so that the experiment can go on later; none by default. */
  readonly store?: ResultStore;
  /** Make only this part of the replications, counted from 1; for a fixed number of replications. */
  readonly shard?: Shard;
  /** Ends the experiment with an error. */
  readonly stopSignal?: Abortable;
  /** Called after each job. */
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/** Workers for one phase of an experiment. */
export interface ExperimentWorkers {
  readonly workers: readonly JobWorker[];
  /** Called when they have no more to do. */
  close(): void;
}

const OPTIONS = optionNames<RunExperimentOptions>({
  seed: true,
  workers: true,
  store: true,
  shard: true,
  stopSignal: true,
  onProgress: true,
});

/** Pilot runs for each setting that find the warm-up. */
const PILOTS = 5;
/** A job has at most so many replications. */
const MAX_JOB = 32;

/** A worker in this process. */
export const localReplications = (
  experiment: Experiment,
  seed: number | string,
  phase: ReplicationPhase,
): JobWorker => {
  const runOne = replicationRuns(experiment, seed, phase);
  return { run: (job) => runRange(job, experiment.settings[job.setting]!, runOne) };
};

/** Makes the jobs of an experiment, and takes its failures for errors. */
class Coordinator {
  private readonly _experiment: Experiment;
  private readonly _seed: number | string;
  private readonly _options: RunExperimentOptions;
  private _done = 0;
  private _planned = 0;

  constructor(experiment: Experiment, seed: number | string, options: RunExperimentOptions) {
    this._experiment = experiment;
    this._seed = seed;
    this._options = options;
  }

  open(phase: ReplicationPhase): Promise<ExperimentWorkers> {
    const { workers } = this._options;
    const local = localReplications(this._experiment, this._seed, phase);
    return workers === undefined ? Promise.resolve({ workers: [local], close: () => {} }) : workers(phase);
  }

  /** Make `jobs`. `keep` is called with each result, in any order. */
  async make(
    jobs: readonly Job[],
    workers: readonly JobWorker[],
    keep: (result: RangeResult) => Promise<void>,
  ): Promise<void> {
    const { stopSignal, onProgress } = this._options;
    const runs = jobs.reduce((sum, job) => sum + sizeOf(job), 0);
    const size = Math.max(1, Math.min(MAX_JOB, Math.ceil(runs / (workers.length * 8))));
    this._planned += runs;
    // The first job is made twice: it has a single replication.
    let next = 1;
    const isStopped = (): boolean => stopSignal?.aborted ?? false;
    try {
      const results = await coordinate({
        jobs,
        known: [],
        workers,
        jobSize: () => {
          const now = next;
          next = size;
          return now;
        },
        untilFailures: 1,
        comparesLast: true,
        isStopped,
        keep: async (result) => {
          await keep(result);
          this._done += sizeOf(result);
          onProgress?.({ done: this._done, planned: this._planned });
        },
      });
      stopSignal?.throwIfAborted();
      this._requireMade(results);
    } catch (error) {
      stopSignal?.throwIfAborted();
      throw error instanceof ImpureSweepError ? this._impure(error) : error;
    }
  }

  /** The warm-up that MSER-5 finds: the longest of all settings and of all measures that are kept. */
  async findWarmUp(): Promise<number> {
    const { settings } = this._experiment;
    const { workers, close } = await this.open({ warmUp: 0, isPilot: true });
    const results: RangeResult[] = [];
    try {
      const jobs = settings.map((_, setting) => ({ setting, from: 0, to: PILOTS - 1 }));
      await this.make(jobs, workers, async (result) => void results.push(result));
    } finally {
      close();
    }
    let warmUp = 0;
    let isKnown = false;
    for (const { series } of results.flatMap(({ replications = [] }) => replications)) {
      for (const { values, times } of Object.values(series)) {
        if (values.length >= 10) {
          isKnown = true;
          warmUp = Math.max(warmUp, times[mser5(values).truncate] ?? 0);
        }
      }
    }
    if (!isKnown) {
      throw new ExperimentError(
        `${this._experiment.name}: warmUp "auto" needs a measure whose observations are kept with their times: new Tally({ keep: true }), tally.add(value, time)`,
      );
    }
    return warmUp;
  }

  /** @throws ExperimentError for the first replication that failed or never ended. */
  private _requireMade(results: readonly RangeResult[]): void {
    const all = results.flatMap(({ failures, lost }) => [
      ...failures.map(({ first, message }) => ({ ...first, text: message })),
      ...lost.map((run) => ({
        ...run,
        text: run.reason === "slow" ? "it went past its budget of real time" : "it ended the process of its worker",
      })),
    ]);
    const [first] = all.sort((a, b) => a.setting - b.setting || a.seed - b.seed);
    if (first !== undefined) {
      const name = replicationName(this._experiment, first.setting, first.seed, this._seed);
      throw new ExperimentError(`${name}: ${first.text}`, { setting: first.setting, replication: first.seed });
    }
  }

  private _impure(cause: Error): ExperimentError {
    return new ExperimentError(
      `${this._experiment.name}: a replication measured something else the second time (${cause.message})`,
      undefined,
      { cause },
    );
  }
}

/** @internal The warm-up that pilot runs in this process find. */
export const findWarmUp = (experiment: Experiment, seed: number | string): Promise<number> =>
  new Coordinator(experiment, seed, {}).findWarmUp();

/**
 * Run an experiment.
 *
 * The report depends on the experiment and the seed alone, not on the number of workers or their speed.
 *
 * @throws ExperimentError if the model fails, or measures different things from run to run; RangeError for a shard of
 * an experiment without a fixed number of replications; the signal's reason.
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunExperimentOptions = NO_OPTIONS,
): Promise<ExperimentReport> {
  requireExperiment("runExperiment", experiment);
  requireOptions("runExperiment", options, OPTIONS);
  const { seed = 0, store, shard } = options;
  if (typeof seed !== "string" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`runExperiment: expected an integer or a string as seed, got ${describeValue(seed)}`);
  }
  const coordinator = new Coordinator(experiment, seed, options);
  const replications = new Replications(experiment, shard);
  const warmUp = experiment.warmUp === "auto" ? await coordinator.findWarmUp() : experiment.warmUp;
  const known = (await store?.open(experimentCampaign(experiment, seed, warmUp))) ?? [];
  for (const result of known) {
    replications.add(result);
  }
  const { workers, close } = await coordinator.open({ warmUp, isPilot: false });
  try {
    for (let jobs = replications.missing(); jobs.length > 0; jobs = replications.missing()) {
      await coordinator.make(jobs, workers, async (result) => {
        await store?.append(result);
        replications.add(result);
      });
      replications.requireSameMeasures();
    }
  } finally {
    close();
  }
  return new ExperimentReport(experiment, seed, warmUp, replications.counted());
}
