import { describeValue } from "../base/describe.ts";
import { requireFields } from "../base/require-argument.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { Level } from "../statistics/level.ts";
import type { Tally } from "../statistics/tally.ts";
import type { CoroutineLike } from "../tasks/coroutine.ts";
import { type Grid, type Setting, settingsOf } from "./parameters.ts";

/**
 * What a model measures: a number, the mean of a tally, the mean over time of a level, or a function that is asked at
 * the end.
 */
export type Measure = number | Tally | Level | (() => number | Tally | Level);

/** What a model receives about its run, beside its setting. */
export interface ReplicationInfo {
  /** Number of the replication, from 0. */
  readonly replication: number;
  /** When the warm-up ends, in seconds of virtual time; 0 without one. */
  readonly warmUp: number;
  /** When the run ends, in seconds of virtual time; infinite if the model itself ends it. */
  readonly length: number;
  /** Call `callback` at the end of the warm-up, for what is not a tally or a level. */
  onWarmUp(callback: () => void): void;
}

/** A model: a coroutine function that is given a setting, and returns its measures by name. */
export type Model = (setting: never, info: ReplicationInfo) => CoroutineLike<Readonly<Record<string, Measure>>>;

/** Until when replications are made: so many, or until the intervals are narrow enough. */
export type Replications =
  | number
  | {
      /** Measures, each with the half-width that its interval may have, relative to its mean: 0.05 is 5 %. */
      readonly until: Readonly<Record<string, number>>;
      /** Fewest replications; 10 by default. */
      readonly min?: number;
      /** Most replications; 1000 by default. */
      readonly max?: number;
      /** The former name of `min`. */
      readonly least?: number;
      /** The former name of `max`. */
      readonly most?: number;
    };

/** An experiment, as {@link defineExperiment} takes it. */
export interface ExperimentOptions {
  /** Its name, for reports. */
  readonly name: string;
  /** What it is to find out, in a line. */
  readonly about: string;
  /**
   * Values for each parameter, of which every combination is a setting; or a list of settings. One setting without
   * parameters by default.
   */
  readonly parameters?: Grid | readonly Setting[];
  /** The model. */
  readonly model: Model;
  /**
   * Seconds at the beginning that do not count: tallies, levels and monitors are reset then. `"auto"` finds it by
   * MSER-5 from five pilot runs. 0 by default.
   */
  readonly warmUp?: number | "auto";
  /** When each run ends, in seconds; by default when the model returns. */
  readonly length?: number;
  /** How many replications; 10 by default. */
  readonly replications?: Replications;
  /** How often intervals are to contain the truth; 0.95 by default. */
  readonly confidence?: number;
  /**
   * Run replications in pairs, the second with the mirror image of the random numbers of the first. False by default.
   */
  readonly antithetic?: boolean;
}

/** An experiment that was checked; what `simloop experiment` runs. */
export interface Experiment {
  readonly name: string;
  readonly about: string;
  readonly settings: readonly Setting[];
  readonly model: Model;
  readonly warmUp: number | "auto";
  readonly length: number;
  readonly until: Readonly<Record<string, number>>;
  readonly least: number;
  readonly most: number;
  readonly confidence: number;
  readonly antithetic: boolean;
}

const OPTIONS = optionNames<ExperimentOptions>({
  name: true,
  about: true,
  parameters: true,
  model: true,
  warmUp: true,
  length: true,
  replications: true,
  confidence: true,
  antithetic: true,
});

const what = "defineExperiment";

function refuse(expected: string, got: unknown): never {
  throw new RangeError(`${what}: expected ${expected}, got ${describeValue(got)}`);
}

function replicationsOf(given: Replications): Pick<Experiment, "until" | "least" | "most"> {
  const isCount = (value: unknown, min: number): value is number =>
    Number.isSafeInteger(value) && (value as number) >= min;
  if (typeof given === "number") {
    return isCount(given, 1)
      ? { until: {}, least: given, most: given }
      : refuse("a positive integer as replications", given);
  }
  requireOptions(what, given, ["until", "min", "max", "least", "most"]);
  const { until, min: least = given.least ?? 10, max: most = given.most ?? 1000 } = given;
  if (typeof until !== "object" || until === null || Object.keys(until).length === 0) {
    refuse("measures with their relative half-widths as until, such as { wait: 0.05 }", until);
  }
  for (const [name, share] of Object.entries(until)) {
    if (!(typeof share === "number" && share > 0 && share < Number.POSITIVE_INFINITY)) {
      refuse(`a relative half-width above 0 for '${name}'`, share);
    }
  }
  if (!isCount(least, 2) || !isCount(most, least)) {
    refuse("2 <= min <= max, integers, so that the replications end", `${least} and ${most}`);
  }
  return { until, least, most };
}

function settingsFrom(parameters: Grid | readonly Setting[]): readonly Setting[] {
  if (!Array.isArray(parameters)) {
    if (typeof parameters !== "object" || parameters === null) {
      refuse("a grid or a list of settings as parameters", parameters);
    }
    return settingsOf(what, parameters as Grid);
  }
  if (parameters.length === 0) {
    refuse("at least one setting", parameters);
  }
  for (const setting of parameters as readonly unknown[]) {
    if (typeof setting !== "object" || setting === null || Array.isArray(setting)) {
      refuse("settings with a value for each parameter", setting);
    }
  }
  return parameters as readonly Setting[];
}

/**
 * Declare an experiment, which a module exports by default so that `simloop experiment` finds it.
 *
 * Each setting is simulated again and again, each time with other random numbers, but all settings with the same ones:
 * streams are found by their names, so that customers come at the same times whoever serves them.
 *
 * @throws TypeError, RangeError for unknown options and values without sense.
 */
export function defineExperiment(options: ExperimentOptions): Experiment {
  requireOptions(what, options, OPTIONS);
  const { name, about, parameters = {}, model, warmUp = 0, length = Number.POSITIVE_INFINITY } = options;
  const { replications = 10, confidence = 0.95, antithetic = false } = options;
  for (const [field, text] of Object.entries({ name, about })) {
    if (typeof text !== "string" || text === "") {
      throw new TypeError(`${what}: expected a string as ${field}, got ${describeValue(text)}`);
    }
  }
  if (typeof model !== "function") {
    throw new TypeError(`${what}: expected a coroutine function as model, got ${describeValue(model)}`);
  }
  if (warmUp !== "auto" && !(typeof warmUp === "number" && warmUp >= 0 && warmUp < length)) {
    refuse('a warmUp in seconds before the end of the run, or "auto"', warmUp);
  }
  if (typeof length !== "number" || !(length > 0)) {
    refuse("a length in seconds above 0", length);
  }
  if (typeof confidence !== "number" || !(confidence > 0 && confidence < 1)) {
    refuse("a confidence above 0 and below 1, such as 0.95", confidence);
  }
  const counts = replicationsOf(replications);
  return { name, about, settings: settingsFrom(parameters), model, warmUp, length, ...counts, confidence, antithetic };
}

/** @throws TypeError unless `experiment` is one. */
export const requireExperiment = (method: string, experiment: unknown): void =>
  requireFields(method, "an experiment, as defineExperiment() returns it", experiment, {
    name: "string",
    settings: "array",
    confidence: "number",
  });
