import { requireArgument, requireFields } from "../base/require-argument.ts";
import { DigestSum } from "./digest-sum.ts";
import { DistinctCount } from "./distinct.ts";
import { FailureGroups } from "./failure-groups.ts";
import { LongestRuns } from "./longest-runs.ts";
import { Moments } from "./moments.ts";
import type { Setting } from "./parameters.ts";
import type { Job } from "./plan.ts";
import type { RangeResult } from "./range-result.ts";
import type { ReplicationData, ReplicationResult } from "./replication-result.ts";
import type { RunVariant } from "./run-variant.ts";

/** What one run of a sweep came to. */
export interface SeedOutcome {
  /** The hash of all its events. */
  readonly digest: string;
  /** Steps of tasks and callbacks. */
  readonly steps: number;
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  /** What the program returned: numbers by name are metrics of the sweep. */
  readonly value?: unknown;
  /** What it failed with; absent if it did not fail. */
  readonly error?: unknown;
  /** With exploration: the token of the failing order. */
  readonly token?: string;
  /** With exploration: the deviations of that order, without numbers. Failures that differ in it are not the same. */
  readonly shape?: string;
  /** Of an experiment: what the replication measured. */
  readonly replication?: ReplicationData;
}

/**
 * Makes one run. What it throws, it throws about itself, such as an interruption; failures of the program are in the
 * outcome.
 */
export type RunOne = (setting: Setting, seed: number, onlyFaults?: readonly number[]) => Promise<SeedOutcome>;

/**
 * The numbers that a program returned: a number is called `value`, those of an object by their names. Others do not
 * count.
 */
function metricsOf(value: unknown): readonly (readonly [string, number])[] {
  if (typeof value === "number") {
    return Number.isFinite(value) ? [["value", value]] : [];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
}

/** Collects the outcomes of a job. */
class Collector {
  private readonly _job: Job;
  private readonly _digest = new DigestSum();
  private readonly _distinct = new DistinctCount();
  private readonly _statistics = new Map<string, Moments>();
  private readonly _longest = new LongestRuns();
  private readonly _failures = new FailureGroups();
  private readonly _replications: ReplicationResult[] = [];
  private _runs = 0;

  constructor(job: Job) {
    this._job = job;
  }

  add(seed: number, outcome: SeedOutcome): void {
    const { digest, steps, time, value, token, shape } = outcome;
    const { setting } = this._job;
    this._runs++;
    this._digest.addRun(setting, seed, digest);
    this._distinct.add(digest);
    this._longest.add(setting, seed, steps, time);
    this._observe("steps", steps);
    this._observe("time", time);
    for (const [name, number] of metricsOf(value)) {
      this._observe(`value.${name}`, number);
    }
    if (outcome.replication !== undefined) {
      this._replications.push({ setting, replication: seed, ...outcome.replication });
    }
    if ("error" in outcome) {
      this._failures.add(
        { setting, seed, steps, time, ...(token === undefined ? {} : { token }) },
        outcome.error,
        shape,
      );
    }
  }

  result(): RangeResult {
    const { setting, from, to } = this._job;
    return {
      setting,
      from,
      to,
      runs: this._runs,
      digest: this._digest.toString(),
      distinct: this._distinct.toJSON(),
      statistics: Object.fromEntries([...this._statistics].map(([name, moments]) => [name, moments.toJSON()])),
      longest: this._longest.list(),
      failures: this._failures.list(),
      lost: [],
      ...(this._replications.length === 0 ? {} : { replications: this._replications }),
    };
  }

  private _observe(name: string, value: number): void {
    let moments = this._statistics.get(name);
    if (moments === undefined) {
      moments = new Moments();
      this._statistics.set(name, moments);
    }
    moments.add(value);
  }
}

/**
 * Make the runs of a job, one after another.
 *
 * @param beforeRun - Called before each run with its seed; what it throws ends the job, and what it returns is awaited.
 */
export async function runRange(
  job: Job,
  setting: Setting,
  runOne: RunOne,
  beforeRun: (seed: number) => void | Promise<void> = () => {},
): Promise<RangeResult> {
  requireFields("runRange", "a job { setting, from, to }", job, { setting: "number", from: "number", to: "number" });
  requireArgument("runRange", "a function that makes a run", typeof runOne === "function", runOne);
  requireArgument("runRange", "a function to call before each run", typeof beforeRun === "function", beforeRun);
  const collector = new Collector(job);
  for (let seed = job.from; seed <= job.to; seed++) {
    const pause = beforeRun(seed);
    if (pause !== undefined) {
      await pause;
    }
    collector.add(seed, await runOne(setting, seed));
  }
  return collector.result();
}

/** Make the run of `seed` with parameters and faults of its own, as a job with a single run. */
export async function runVariant(
  run: { readonly setting: number; readonly seed: number },
  variant: RunVariant,
  runOne: RunOne,
): Promise<RangeResult> {
  requireFields("runVariant", "a run { setting, seed }", run, { setting: "number", seed: "number" });
  requireFields("runVariant", "a variant { values }", variant, { values: "object" });
  requireArgument("runVariant", "a function that makes a run", typeof runOne === "function", runOne);
  const { setting, seed } = run;
  const { values, onlyFaults } = variant;
  const job = { setting, from: seed, to: seed };
  return await runRange(job, values, (given, own) => runOne(given, own, onlyFaults));
}
