import { describeValue } from "../base/describe.ts";
import { requireArgument, requireFields } from "../base/require-argument.ts";
import { SafeError } from "../base/safe-error.ts";
import { type SimulateOptions, simulate, simulateRun } from "../simulation.ts";
import { Level, type LevelData } from "../statistics/level.ts";
import { collectStatistics } from "../statistics/run-statistics.ts";
import { Tally, type TallyData } from "../statistics/tally.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import type { Experiment, Measure, Model, ReplicationInfo } from "./experiment.ts";
import { requireExperiment } from "./experiment.ts";
import { type Setting, settingText } from "./parameters.ts";
import type { Replication, ReplicationData, ReplicationResult, Series } from "./replication-result.ts";
import type { RunOne } from "./run-range.ts";
import { textHash } from "./text-hash.ts";

/** What all replications of an experiment have in common. */
export interface ReplicationPhase {
  /** When the warm-up ends, in seconds. */
  readonly warmUp: number;
  /** Whether the observations are needed one by one, to find the warm-up. */
  readonly isPilot: boolean;
}

/** A model failed, or measured something else than before. */
export class ExperimentError extends SafeError {
  override name = "ExperimentError";
  /** The replication that failed, if one did. */
  readonly at: Replication | undefined;

  constructor(message: string, at?: Replication, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
  }
}

/** How the replications of one setting are seeded. */
export const seedOf = (base: number | string, replication: number, antithetic: boolean): number | string => {
  requireArgument("seedOf", "a number or a string", typeof base === "number" || typeof base === "string", base);
  requireArgument("seedOf", "a number as replication", typeof replication === "number", replication);
  const number = antithetic ? Math.floor(replication / 2) : replication;
  const seed = typeof base === "number" ? base + number : `${base}/${number}`;
  return antithetic && replication % 2 === 1 ? `antithetic:${seed}` : seed;
};

/** The model as a program: it runs until its length, and forgets what it has observed at the end of the warm-up. */
export function replicationProgram(experiment: Experiment, setting: Setting, replication: number, warmUp: number) {
  return function* main() {
    const loop = runningTaskLoop();
    const statistics = collectStatistics();
    const callbacks: (() => void)[] = [];
    const { length } = experiment;
    const info: ReplicationInfo = { replication, warmUp, length, onWarmUp: (callback) => callbacks.push(callback) };
    try {
      if (warmUp > 0) {
        loop.callAt(warmUp, () => {
          for (const statistic of statistics.made) {
            statistic.reset();
          }
          for (const callback of callbacks) {
            callback();
          }
        });
      }
      const model = experiment.model as (setting: Setting, info: ReplicationInfo) => ReturnType<Model>;
      const measures: unknown = yield model(setting, info);
      if (length < Number.POSITIVE_INFINITY && loop.time() < length) {
        yield sleep(length - loop.time());
      }
      return measured(measures);
    } finally {
      statistics.end();
    }
  };
}

/** What the measures come to at the end of a run. */
function measured(given: unknown): ReplicationData {
  if (typeof given !== "object" || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    throw new TypeError(
      `expected the model to return measures by name, such as { wait: tally }, got ${describeValue(given)}`,
    );
  }
  const measures: Record<string, number> = {};
  const data: Record<string, TallyData | LevelData> = {};
  const series: Record<string, Series> = {};
  for (const [name, measure] of Object.entries(given as Readonly<Record<string, Measure>>)) {
    const value = typeof measure === "function" ? measure() : measure;
    const number = value instanceof Tally || value instanceof Level ? value.mean : value;
    if (typeof number !== "number" || !Number.isFinite(number)) {
      const why = value instanceof Tally || value instanceof Level ? "; nothing was observed" : "";
      throw new TypeError(
        `expected a finite number, a Tally or a Level as measure '${name}', got ${describeValue(number)}${why}`,
      );
    }
    measures[name] = number;
    if (value instanceof Tally) {
      const { kept, ...rest } = value.toJSON();
      data[name] = rest;
      if (kept !== undefined) {
        series[name] = kept;
      }
    } else if (value instanceof Level) {
      data[name] = value.toJSON();
    }
  }
  return { measures, data, series };
}

/** Makes replications: the seeds of a plan are their numbers, from which their own seeds follow. */
export function replicationRuns(experiment: Experiment, base: number | string, phase: ReplicationPhase): RunOne {
  requireExperiment("replicationRuns", experiment);
  requireFields("replicationRuns", "a phase { warmUp, isPilot }", phase, { warmUp: "number" });
  const { warmUp, isPilot } = phase;
  return async (setting, replication) => {
    const options: SimulateOptions = {
      seed: seedOf(base, replication, experiment.antithetic),
      trace: "off",
      name: experiment.name,
      output: () => {},
    };
    const program = replicationProgram(experiment, setting, replication, warmUp);
    const result = await simulateRun(program, options, false);
    const { steps, time } = result;
    if ("error" in result) {
      // Once more with the places that messages name.
      const again = await simulate(program, options);
      return { digest: textHash("failed"), steps, time, error: "error" in again ? again.error : result.error };
    }
    const { measures, data, series } = result.value!;
    const digest = textHash(JSON.stringify([measures, data]));
    const isKept = isPilot || replication === 0;
    return { digest, steps, time, value: measures, replication: { measures, data, series: isKept ? series : {} } };
  };
}

/**
 * Make one replication.
 *
 * @param warmUp - In seconds.
 * @param isPilot - Whether its observations are needed one by one.
 * @throws ExperimentError if the model fails, or measures what is not a number.
 */
export async function runReplication(
  experiment: Experiment,
  which: Replication,
  seed: number | string,
  warmUp: number,
  isPilot = false,
): Promise<ReplicationResult> {
  requireExperiment("runReplication", experiment);
  requireFields("runReplication", "which replication, { setting, replication }", which, {
    setting: "number",
    replication: "number",
  });
  const { setting, replication } = which;
  const values = experiment.settings[setting]!;
  requireFields("runReplication", `a setting from 0 to ${experiment.settings.length - 1}`, values, {});
  const outcome = await replicationRuns(experiment, seed, { warmUp, isPilot })(values, replication);
  if (outcome.replication === undefined) {
    const { error } = outcome;
    const text = error instanceof Error ? error.message : describeValue(error);
    const at = { setting, replication };
    throw new ExperimentError(`${replicationName(experiment, setting, replication, seed)}: ${text}`, at, {
      cause: error,
    });
  }
  return { setting, replication, ...outcome.replication };
}

/** A replication in words: `bank, tellers=2, replication 3 (seed 3)`. */
export function replicationName(
  { name, settings, antithetic }: Pick<Experiment, "name" | "settings" | "antithetic">,
  setting: number,
  replication: number,
  seed: number | string,
): string {
  const text = settingText(settings[setting] ?? {});
  const own = seedOf(seed, replication, antithetic);
  return `${name}${text === "" ? "" : `, ${text}`}, replication ${replication} (seed ${own})`;
}
