import { describeValue } from "../base/describe.ts";
import { type SimulateOptions, simulate } from "../simulation.ts";
import { Level, type LevelData } from "../statistics/level.ts";
import { collectStatistics } from "../statistics/run-statistics.ts";
import { Tally, type TallyData } from "../statistics/tally.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import type { Experiment, Measure, Model, ReplicationInfo } from "./experiment.ts";
import { type Setting, settingText } from "./parameters.ts";

/** A run to make: a setting, by its number, with the number of a replication. */
export interface Replication {
  readonly setting: number;
  readonly replication: number;
}

/** Observations with their times, in order. */
export interface Series {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** Result of a replication, as plain data. */
export interface ReplicationResult extends Replication {
  /** The measures: one number each. */
  readonly measures: Readonly<Record<string, number>>;
  /** The tallies and levels behind them. */
  readonly data: Readonly<Record<string, TallyData | LevelData>>;
  /** Kept observations, of the first replication, and of pilot runs. */
  readonly series: Readonly<Record<string, Series>>;
}

/** A model failed, or measured something else than before. */
export class ExperimentError extends Error {
  override name = "ExperimentError";
}

/** How the replications of one setting are seeded. */
export const seedOf = (base: number | string, replication: number, antithetic: boolean): number | string => {
  const number = antithetic ? Math.floor(replication / 2) : replication;
  const seed = typeof base === "number" ? base + number : `${base}/${number}`;
  return antithetic && replication % 2 === 1 ? `antithetic:${seed}` : seed;
};

/** The model as a program: it runs until its length, and forgets what it has observed at the end of the warm-up. */
function programOf(experiment: Experiment, setting: Setting, replication: number, warmUp: number) {
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

type Measured = Pick<ReplicationResult, "measures" | "data" | "series">;

/** What the measures come to at the end of a run. */
function measured(given: unknown): Measured {
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

/**
 * Make one replication.
 *
 * @param warmUp - In seconds.
 * @param isPilot - Whether its observations are needed one by one.
 * @throws ExperimentError if the model fails, or measures what is not a number.
 */
export async function runReplication(
  experiment: Experiment,
  { setting, replication }: Replication,
  seed: number | string,
  warmUp: number,
  isPilot = false,
): Promise<ReplicationResult> {
  const values = experiment.settings[setting]!;
  const options: SimulateOptions = {
    seed: seedOf(seed, replication, experiment.antithetic),
    trace: "off",
    name: experiment.name,
    output: () => {},
  };
  const result = await simulate(programOf(experiment, values, replication, warmUp), options);
  if ("error" in result) {
    const { error } = result;
    const text = settingText(values);
    throw new ExperimentError(
      `${experiment.name}${text === "" ? "" : `, ${text}`}, replication ${replication} (seed ${options.seed}): ${error instanceof Error ? error.message : describeValue(error)}`,
      { cause: error },
    );
  }
  const { measures, data, series } = result.value!;
  return { setting, replication, measures, data, series: isPilot || replication === 0 ? series : {} };
}
