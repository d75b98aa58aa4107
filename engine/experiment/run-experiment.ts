import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { Abortable } from "../loop/options.ts";
import { meanInterval } from "../statistics/estimate.ts";
import { mser5 } from "../statistics/steady-state.ts";
import { Tally } from "../statistics/tally.ts";
import type { Experiment } from "./experiment.ts";
import { ExperimentReport } from "./experiment-report.ts";
import { settingText } from "./parameters.ts";
import { ExperimentError, type Replication, type ReplicationResult, runReplication } from "./replication.ts";

/** Makes replications, one job at a time: in this process, in a thread, elsewhere. */
export interface ReplicationWorker {
  /** Make `jobs` in order, with the warm-up in seconds; pilot runs keep their observations. */
  run(jobs: readonly Replication[], warmUp: number, isPilot: boolean): Promise<readonly ReplicationResult[]>;
}

/** How far an experiment has come. */
export interface ExperimentProgress {
  /** Replications that were made, and those that are planned as far as is known. */
  readonly done: number;
  readonly planned: number;
}

/** Options of {@link runExperiment}. */
export interface RunExperimentOptions {
  /** What all random numbers follow from; 0 by default. Replication i has the seed `seed + i`. */
  readonly seed?: number | string;
  /** What makes the runs; one worker in this process by default. The result does not depend on them. */
  readonly workers?: readonly ReplicationWorker[];
  /** Ends the experiment with an error. */
  readonly stopSignal?: Abortable;
  /** Called after each job. */
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

const OPTIONS = optionNames<RunExperimentOptions>({ seed: true, workers: true, stopSignal: true, onProgress: true });

/** Pilot runs for each setting that find the warm-up. */
const PILOTS = 5;
/** A job has at most so many replications. */
const MAX_JOB = 32;

/** A worker in this process. */
export const localReplications = (experiment: Experiment, seed: number | string): ReplicationWorker => ({
  run: async (jobs, warmUp, isPilot) => {
    const results: ReplicationResult[] = [];
    for (const job of jobs) {
      results.push(await runReplication(experiment, job, seed, warmUp, isPilot));
    }
    return results;
  },
});

class Coordinator {
  private readonly _experiment: Experiment;
  private readonly _workers: readonly ReplicationWorker[];
  private readonly _options: RunExperimentOptions;
  private _done = 0;
  private _planned = 0;

  constructor(experiment: Experiment, workers: readonly ReplicationWorker[], options: RunExperimentOptions) {
    this._experiment = experiment;
    this._workers = workers;
    this._options = options;
  }

  /** Make `jobs`, and return their results in the order of the jobs. */
  async make(jobs: readonly Replication[], warmUp: number, isPilot: boolean): Promise<ReplicationResult[]> {
    const size = Math.max(1, Math.min(MAX_JOB, Math.ceil(jobs.length / (this._workers.length * 8))));
    const results: ReplicationResult[] = new Array(jobs.length);
    let next = 0;
    const failures: { readonly error: unknown; readonly at: number }[] = [];
    this._planned += jobs.length;
    const work = async (worker: ReplicationWorker): Promise<void> => {
      while (next < jobs.length && failures.length === 0) {
        this._options.stopSignal?.throwIfAborted();
        const from = next;
        next = Math.min(jobs.length, from + size);
        try {
          const made = await worker.run(jobs.slice(from, next), warmUp, isPilot);
          for (const [i, result] of made.entries()) {
            results[from + i] = result;
          }
          this._done += made.length;
          this._options.onProgress?.({ done: this._done, planned: this._planned });
        } catch (error) {
          failures.push({ error, at: from });
        }
      }
    };
    await Promise.all(this._workers.map(work));
    const [first] = failures.sort((a, b) => a.at - b.at);
    if (first !== undefined) {
      throw first.error;
    }
    return results;
  }

  /** The warm-up that MSER-5 finds: the longest of all settings and of all measures that are kept. */
  async findWarmUp(): Promise<number> {
    const { settings } = this._experiment;
    const jobs = settings.flatMap((_, setting) =>
      Array.from({ length: PILOTS }, (__, replication) => ({ setting, replication })),
    );
    let warmUp = 0;
    let isKnown = false;
    for (const { series } of await this.make(jobs, 0, true)) {
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
}

/** How many of the first replications are enough: the fewest with intervals as narrow as asked for; `null` if there are not enough yet. */
function enough({ until, least, most, confidence }: Experiment, results: readonly ReplicationResult[]): number | null {
  const tallies = Object.entries(until).map(([name, share]) => ({ name, share, tally: new Tally() }));
  for (let count = 1; count <= results.length; count++) {
    for (const { name, tally } of tallies) {
      tally.add(results[count - 1]?.measures[name] as number);
    }
    const isPrecise = (): boolean =>
      tallies.every(
        ({ share, tally }) => meanInterval(tally, { confidence }).halfWidth <= share * Math.abs(tally.mean),
      );
    if (count >= least && (count === most || isPrecise())) {
      return count;
    }
  }
  return null;
}

/** How many replications to have next: what the present interval promises, at most twice as many as there are. */
function wanted({ until, least, most, confidence }: Experiment, results: readonly ReplicationResult[]): number {
  const { length } = results;
  if (length < least) {
    return least;
  }
  const needed = Object.entries(until).map(([name, share]) => {
    const { mean, halfWidth } = meanInterval(
      results.map(({ measures }) => measures[name]!),
      { confidence },
    );
    return Math.ceil(length * (halfWidth / (share * Math.abs(mean))) ** 2 * 1.05);
  });
  return Math.min(most, 2 * length, Math.max(length + 1, ...needed.filter(Number.isFinite)));
}

/** @throws ExperimentError unless all results have the same measures, and those that precision was asked for. */
function requireSameMeasures({ name, until, settings }: Experiment, results: readonly ReplicationResult[]): void {
  const [first] = results;
  const names = Object.keys(first?.measures ?? {});
  const missing = Object.keys(until).find((each) => !names.includes(each));
  if (missing !== undefined) {
    throw new ExperimentError(
      `${name}: replications are to go on until '${missing}' is precise, but the model measures ${names.join(", ")}`,
    );
  }
  for (const { setting, replication, measures } of results) {
    if (Object.keys(measures).join() !== names.join()) {
      throw new ExperimentError(
        `${name}: the model measured ${names.join(", ")} in the first run, and ${Object.keys(measures).join(", ")} with ${settingText(settings[setting] ?? {}) || "no parameters"}, replication ${replication}`,
      );
    }
  }
}

/**
 * Run an experiment.
 *
 * The report depends on the experiment and the seed alone, not on the number of workers or their speed.
 *
 * @throws ExperimentError if the model fails, or measures different things from run to run; the signal's reason.
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunExperimentOptions = NO_OPTIONS,
): Promise<ExperimentReport> {
  requireOptions("runExperiment", options, OPTIONS);
  const { seed = 0, workers = [localReplications(experiment, seed)] } = options;
  const coordinator = new Coordinator(experiment, workers, options);
  const warmUp = experiment.warmUp === "auto" ? await coordinator.findWarmUp() : experiment.warmUp;
  const results: ReplicationResult[][] = experiment.settings.map(() => []);
  const counts = new Map<number, number>();
  while (counts.size < results.length) {
    const jobs = results.flatMap((made, setting) =>
      counts.has(setting)
        ? []
        : Array.from({ length: wanted(experiment, made) - made.length }, (_, i) => ({
            setting,
            replication: made.length + i,
          })),
    );
    for (const result of await coordinator.make(jobs, warmUp, false)) {
      results[result.setting]?.push(result);
    }
    requireSameMeasures(experiment, results.flat());
    for (const [setting, made] of results.entries()) {
      const count = counts.has(setting) ? null : enough(experiment, made);
      if (count !== null) {
        counts.set(setting, count);
      }
    }
  }
  return new ExperimentReport(
    experiment,
    seed,
    warmUp,
    results.map((made, setting) => made.slice(0, counts.get(setting))),
  );
}
