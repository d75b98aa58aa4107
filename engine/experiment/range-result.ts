import type { FailureGroup } from "./failure-groups.ts";
import type { LongRun } from "./longest-runs.ts";
import type { MomentsData } from "./moments.ts";
import type { Job } from "./plan.ts";
import type { ReplicationResult } from "./replication-result.ts";

/** A run that did not end: it was stopped, or its worker died. */
export interface LostRun {
  readonly setting: number;
  readonly seed: number;
  /** `"slow"`: it went past its budget of real time. `"crash"`: it ended the process of its worker, again and again. */
  readonly reason: "slow" | "crash";
}

/**
 * Result of a job, as plain data: one line of a store. Results of the same job are equal, whichever machine made them.
 */
export interface RangeResult extends Job {
  /** Runs that ended, well or badly. */
  readonly runs: number;
  /** The sum of the digests of these runs. */
  readonly digest: string;
  /** The smallest digests, for an estimate of how many are distinct. */
  readonly distinct: readonly number[];
  /** Steps and virtual time (seconds) per run, and the numbers that the runs returned, by name. */
  readonly statistics: Readonly<Record<string, MomentsData>>;
  /** The runs with the most steps. */
  readonly longest: readonly LongRun[];
  readonly failures: readonly FailureGroup[];
  readonly lost: readonly LostRun[];
  /** Of an experiment: what each replication measured. */
  readonly replications?: readonly ReplicationResult[];
}

/** Whether `value` has the form of a result: what a store holds may have been damaged. */
export function isRangeResult(value: unknown): value is RangeResult {
  const result = value as Partial<RangeResult> | null;
  return (
    typeof result === "object" &&
    result !== null &&
    [result.setting, result.from, result.to, result.runs].every(Number.isSafeInteger) &&
    typeof result.digest === "string" &&
    Array.isArray(result.distinct) &&
    Array.isArray(result.longest) &&
    Array.isArray(result.failures) &&
    Array.isArray(result.lost) &&
    typeof result.statistics === "object"
  );
}
