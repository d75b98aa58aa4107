import { describeValue } from "../base/describe.ts";
import { squareRoot } from "../base/float.ts";
import { requireArgument } from "../base/require-argument.ts";
import { type Estimate, estimateOf, meanInterval, pairedInterval } from "../statistics/estimate.ts";
import { Level, type LevelData } from "../statistics/level.ts";
import { Tally, type TallyData } from "../statistics/tally.ts";
import type { Experiment } from "./experiment.ts";
import { requireExperiment } from "./experiment.ts";
import { type Setting, settingText } from "./parameters.ts";
import type { ReplicationResult, Series } from "./replication-result.ts";

/** Results for one setting. */
export interface SettingResult {
  readonly setting: Setting;
  /** How many replications. */
  readonly replications: number;
  /** Their numbers, ascending: from 0 on, unless this is a shard. */
  readonly numbers: readonly number[];
  /** The estimate of each measure, with its interval. */
  readonly measures: Readonly<Record<string, Estimate>>;
  /** The measures of each replication. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** The tallies and levels of all replications together: for quantiles and histograms. */
  readonly pooled: Readonly<Record<string, Tally | Level>>;
  /** Kept observations of the first replication. */
  readonly series: Readonly<Record<string, Series>>;
}

function pooledOf(results: readonly ReplicationResult[]): Record<string, Tally | Level> {
  const pooled: Record<string, Tally | Level> = {};
  for (const { data } of results) {
    for (const [name, part] of Object.entries(data)) {
      if (part.kind === "tally") {
        const tally = Tally.fromJSON(part as TallyData);
        const sum = pooled[name] as Tally | undefined;
        pooled[name] = sum === undefined ? tally : sum.merge(tally);
      } else {
        const level = Level.fromJSON(part as LevelData);
        const sum = pooled[name] as Level | undefined;
        pooled[name] = sum === undefined ? level : sum.merge(level);
      }
    }
  }
  return pooled;
}

/** The means of antithetic pairs, which are independent where their halves are not. */
function pairsOf(values: readonly number[]): number[] {
  return Array.from(
    { length: Math.floor(values.length / 2) },
    (_, i) => ((values[2 * i] as number) + (values[2 * i + 1] as number)) / 2,
  );
}

const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "–");

/** Result of an experiment. */
export class ExperimentReport {
  /** The experiment's name. */
  readonly name: string;
  /** What all random numbers followed from. */
  readonly seed: number | string;
  /** Seconds at the beginning of each run that did not count. */
  readonly warmUp: number;
  /** How often intervals are to contain the truth. */
  readonly confidence: number;
  /** Results setting by setting, in the order of the settings. */
  readonly settings: readonly SettingResult[];
  private readonly _antithetic: boolean;

  constructor(
    experiment: Pick<Experiment, "name" | "settings" | "confidence" | "antithetic">,
    seed: number | string,
    warmUp: number,
    results: readonly (readonly ReplicationResult[])[],
  ) {
    requireExperiment("ExperimentReport", experiment);
    const isTable =
      Array.isArray(results) && results.length === experiment.settings.length && results.every(Array.isArray);
    requireArgument("ExperimentReport", "the results of each setting, an array of arrays", isTable, results);
    this.name = experiment.name;
    this.seed = seed;
    this.warmUp = warmUp;
    this.confidence = experiment.confidence;
    this._antithetic = experiment.antithetic;
    this.settings = results.map((made, i) => this._settingResult(experiment.settings[i] as Setting, made));
  }

  /** The names of the measures. */
  get measures(): string[] {
    return Object.keys(this.settings[0]?.measures ?? {});
  }

  /** The results of the setting that has these values. @throws RangeError if there is none, or more than one. */
  of(setting: Setting): SettingResult {
    const found = this.settings.filter((result) =>
      Object.entries(setting).every(([name, value]) => result.setting[name] === value),
    );
    if (found.length !== 1) {
      throw new RangeError(
        `${this.name}: expected values that one setting has, got ${describeValue(setting)}, which ${found.length} have`,
      );
    }
    return found[0] as SettingResult;
  }

  /**
   * The mean difference `a` − `b` of a measure between two settings, with its interval. Both ran with the same random
   * numbers, so their replications are compared one by one.
   *
   * @param measure - The only one by default.
   * @throws RangeError for settings and measures that were not run.
   */
  compare(a: Setting, b: Setting, measure: string = this.measures[0] as string): Estimate {
    if (!this.measures.includes(measure)) {
      throw new RangeError(`compare: unknown measure '${measure}'; there are ${this.measures.join(", ")}`);
    }
    const [left, right] = [a, b].map((setting) => this.of(setting).values[measure] as readonly number[]) as [
      number[],
      number[],
    ];
    const count = Math.min(left.length, right.length);
    const prepared = (values: readonly number[]): readonly number[] =>
      this._antithetic ? pairsOf(values.slice(0, count)) : values.slice(0, count);
    return pairedInterval(prepared(left), prepared(right), { confidence: this.confidence });
  }

  /** The report as a table. */
  toString(): string {
    const rows = this.settings.flatMap(({ setting, replications, measures }) =>
      Object.entries(measures).map(([measure, { mean, halfWidth, low, high }]) => [
        settingText(setting) || "–",
        measure,
        String(replications),
        short(mean),
        `± ${short(halfWidth)}`,
        `${short(low)} to ${short(high)}`,
      ]),
    );
    const head = [
      "setting",
      "measure",
      "runs",
      "mean",
      `${Number((this.confidence * 100).toPrecision(4))} %`,
      "interval",
    ];
    const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
    const line = (row: readonly string[]): string =>
      row
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
        .join("  ")
        .trimEnd();
    const warmUp = this.warmUp === 0 ? "" : `, warm-up ${short(this.warmUp)} s`;
    return [`${this.name}: seed ${this.seed}${warmUp}`, "", line(head), ...rows.map(line)].join("\n");
  }

  /** The measures of all replications as CSV: a row for each setting and replication. */
  toCsv(): string {
    const cell = (value: unknown): string => {
      const text = String(value);
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const parameters = [...new Set(this.settings.flatMap(({ setting }) => Object.keys(setting)))];
    const rows = this.settings.flatMap(({ setting, numbers, values }) =>
      numbers.map((number, i) => [
        ...parameters.map((name) => setting[name] ?? ""),
        number,
        ...this.measures.map((name) => values[name]?.[i]),
      ]),
    );
    return [[...parameters, "replication", ...this.measures], ...rows]
      .map((row) => `${row.map(cell).join(",")}\n`)
      .join("");
  }

  /** The report as plain data, for `JSON.stringify`. */
  toJSON(): unknown {
    const { name, seed, warmUp, confidence } = this;
    const quantiles = (part: Tally | Level): unknown =>
      part instanceof Tally
        ? {
            n: part.n,
            min: part.min,
            p50: part.quantile(0.5),
            p90: part.quantile(0.9),
            p99: part.quantile(0.99),
            max: part.max,
          }
        : { mean: part.mean, min: part.min, max: part.max };
    return {
      name,
      seed,
      warmUp,
      confidence,
      settings: this.settings.map(({ setting, replications, measures, values, pooled }) => ({
        setting,
        replications,
        measures,
        values,
        pooled: Object.fromEntries(Object.entries(pooled).map(([key, part]) => [key, quantiles(part)])),
      })),
    };
  }

  private _settingResult(setting: Setting, results: readonly ReplicationResult[]): SettingResult {
    const names = Object.keys(results[0]?.measures ?? {});
    const values = Object.fromEntries(names.map((name) => [name, results.map(({ measures }) => measures[name]!)]));
    return {
      setting,
      replications: results.length,
      numbers: results.map(({ replication }) => replication),
      measures: Object.fromEntries(names.map((name) => [name, this._estimate(values[name]!)])),
      values,
      pooled: pooledOf(results),
      series: results[0]?.series ?? {},
    };
  }

  private _estimate(values: readonly number[]): Estimate {
    if (!this._antithetic) {
      return meanInterval(values, { confidence: this.confidence });
    }
    const pairs = pairsOf(values);
    const tally = new Tally();
    for (const value of pairs) {
      tally.add(value);
    }
    return estimateOf(tally.mean, squareRoot(tally.variance / tally.n), tally.n - 1, values.length, this.confidence);
  }
}
