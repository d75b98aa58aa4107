import { requireArgument, requireFields } from "../base/require-argument.ts";
import { studentQuantile } from "../statistics/quantiles.ts";
import { type Campaign, campaignId, requireCampaign } from "./campaign.ts";
import type { FailedRun, FailureGroup } from "./failure-groups.ts";
import type { LongRun } from "./longest-runs.ts";
import { MergedResults } from "./merge-results.ts";
import type { Moments } from "./moments.ts";
import { type Setting, settingText } from "./parameters.ts";
import { sizeOf } from "./plan.ts";
import type { LostRun, RangeResult } from "./range-result.ts";
import { isOf, type ShrunkFailure } from "./shrink-failure.ts";

/** Statistics of a number over the runs of a setting. */
export interface SweepMetric {
  readonly n: number;
  readonly mean: number;
  /** The sample standard deviation. */
  readonly deviation: number;
  /** Half the width of the 95 % confidence interval of the mean, by Student's t; infinite for a single run. */
  readonly halfWidth: number;
  readonly min: number;
  readonly max: number;
}

/** What a sweep says of one setting. */
export interface SettingReport {
  readonly setting: Setting;
  readonly runs: number;
  readonly failures: number;
  /** `steps` and `time` (virtual seconds), and the numbers that runs returned as `value.NAME`. */
  readonly metrics: Readonly<Record<string, SweepMetric>>;
}

/** Failures with one signature, and a smaller run that fails so, if one was looked for. */
export interface ReportedFailure extends FailureGroup {
  readonly shrunk?: ShrunkFailure;
}

/** How a failing run is named, for people: `seed 17`, `seed 17 clients=10`. */
export type RunNamer = (run: FailedRun | ShrunkFailure) => string;

/**
 * Result of a sweep.
 *
 * It depends on the campaign and on which runs were made, and not on who made them, in which order or how quickly.
 */
export class SweepReport {
  /**
   * `"failed"` if a run failed or crashed its process; `"ok"` if all planned runs went well; `"incomplete"` if some
   * were not made.
   */
  readonly verdict: "ok" | "failed" | "incomplete";
  /** The identity of program, options and seeds. */
  readonly campaign: string;
  readonly seeds: { readonly from: number; readonly to: number };
  /** Runs that ended, and runs that were planned. */
  readonly runs: number;
  readonly planned: number;
  /** A digest of the digests of all runs. */
  readonly digest: string;
  /** About how many runs were distinct; exact while they are few. */
  readonly distinct: number;
  readonly settings: readonly SettingReport[];
  readonly failures: readonly ReportedFailure[];
  /** The runs with the most steps, the longest first. */
  readonly longest: readonly LongRun[];
  /** Runs that went past their budget of real time, or crashed their process. */
  readonly lost: readonly LostRun[];

  /** @internal */
  constructor(campaign: Campaign, results: readonly RangeResult[], shrunk: readonly ShrunkFailure[] = []) {
    requireCampaign("SweepReport", campaign);
    requireArgument("SweepReport", "an array of results", Array.isArray(results), results);
    const all = new MergedResults();
    const bySetting = campaign.settings.map(() => new MergedResults());
    for (const result of results) {
      all.add(result);
      bySetting[result.setting]?.add(result);
    }
    this.campaign = campaignId(campaign);
    this.seeds = campaign.seeds;
    this.runs = all.runs;
    this.planned = campaign.settings.length * sizeOf(campaign.seeds);
    this.digest = all.digest.toString();
    this.distinct = all.distinct.estimate();
    this.settings = campaign.settings.map((setting, i) => settingReport(setting, bySetting[i]!));
    this.failures = all.failures.list().map((group) => {
      const smaller = shrunk.find((one) => isOf(group, one));
      return smaller === undefined ? group : { ...group, shrunk: smaller };
    });
    this.longest = all.longest.list();
    this.lost = all.lost.sort((a, b) => a.setting - b.setting || a.seed - b.seed);
    const hasFailed = this.failures.length > 0 || this.lost.some(({ reason }) => reason === "crash");
    this.verdict = hasFailed ? "failed" : this.runs + this.lost.length < this.planned ? "incomplete" : "ok";
  }

  /** A few lines for people. */
  toString(): string {
    return this.describe((run) =>
      [`seed ${run.seed}`, settingText(valuesOf(run, this.settings)), ...onlyFaultsText(run)].join(" ").trim(),
    );
  }

  /** The same, with failing runs named by `nameOf`: as commands that repeat them, for example. */
  describe(nameOf: RunNamer): string {
    const lines = [
      this._head(),
      ...this.failures.flatMap((group) => failureLines(group, nameOf)),
      ...this._lostLines(nameOf),
    ];
    const metrics = this.settings.flatMap(metricLines);
    return [...lines, ...metrics, `digest ${this.digest}`].join("\n");
  }

  private _head(): string {
    const count = this.failures.reduce((sum, group) => sum + group.count, 0);
    const { runs, planned, distinct } = this;
    const made = runs + this.lost.length === planned ? `${runs} runs` : `${runs} of ${planned} runs`;
    const kinds = this.failures.length;
    const failed = count === 0 ? "none failed" : `${count} failed in ${kinds} ${kinds === 1 ? "way" : "ways"}`;
    return `${this.verdict}: ${made}, ${failed}, about ${distinct} distinct`;
  }

  private _lostLines(nameOf: RunNamer): string[] {
    const words = { slow: "went past its budget of real time", crash: "ended the process of its worker" };
    return this.lost.map(
      ({ setting, seed, reason }) => `\n${nameOf({ setting, seed, steps: 0, time: 0 })}: ${words[reason]}`,
    );
  }
}

/** The parameters of a run. */
export function valuesOf(run: FailedRun | ShrunkFailure, settings: readonly { readonly setting: Setting }[]): Setting {
  requireFields("valuesOf", "a failed run", run, {});
  requireArgument("valuesOf", "an array of settings", Array.isArray(settings), settings);
  return "values" in run ? run.values : (settings[run.setting]?.setting ?? {});
}

const onlyFaultsText = (run: FailedRun | ShrunkFailure): string[] =>
  "onlyFaults" in run ? [`with faults ${run.onlyFaults.join() || "none"}`] : [];

function metricOf({ n, mean, variance, min, max }: Moments): SweepMetric {
  const halfWidth = n < 2 ? Number.POSITIVE_INFINITY : studentQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return { n, mean, deviation: Math.sqrt(variance), halfWidth, min, max };
}

function settingReport(setting: Setting, { runs, failures, statistics }: MergedResults): SettingReport {
  const metrics = [...statistics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, moments]) => [name, metricOf(moments)]);
  return { setting, runs, failures: failures.count, metrics: Object.fromEntries(metrics) };
}

function failureLines(
  { name, message, frames, count, first, smallest, earliest, shrunk }: ReportedFailure,
  nameOf: RunNamer,
): string[] {
  const also = [
    ...(smallest.seed === first.seed && smallest.setting === first.setting
      ? []
      : [["fewest steps", smallest] as const]),
    ...(earliest.seed === first.seed && earliest.setting === first.setting ? [] : [["earliest", earliest] as const]),
    ...(shrunk === undefined || !isSmaller(shrunk, smallest) ? [] : [["shrunk", shrunk] as const]),
  ];
  return [
    `\n${count} × ${name}: ${message.split("\n", 1)[0]}`,
    ...frames.map((frame) => `  at ${frame}`),
    ...[["first", first] as const, ...also].map(
      ([what, run]) => `  ${what}: ${nameOf(run)} (${run.steps} steps, ${run.time} s)`,
    ),
  ];
}

/** Whether shrinking changed anything. */
export function isSmaller(shrunk: ShrunkFailure, run: FailedRun): boolean {
  requireFields("isSmaller", "a failed run", shrunk, {});
  requireFields("isSmaller", "a failed run", run, {});
  return shrunk.onlyFaults !== undefined || shrunk.steps !== run.steps || shrunk.time !== run.time;
}

function metricLines({ setting, runs, metrics }: SettingReport): string[] {
  const own = Object.entries(metrics).filter(([name]) => name.startsWith("value."));
  const text = settingText(setting);
  if (own.length === 0 && text === "") {
    return [];
  }
  const short = (value: number): string => String(Number(value.toPrecision(6)));
  const lines = own.map(
    ([name, { mean, deviation, min, max }]) =>
      `  ${name.slice("value.".length)}: mean ${short(mean)}, deviation ${short(deviation)}, ${short(min)} to ${short(max)}`,
  );
  return [`\n${text === "" ? "all runs" : text}: ${runs} runs`, ...lines];
}
