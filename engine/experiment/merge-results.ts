import { requireArgument, requireFields } from "../base/require-argument.ts";
import { DigestSum } from "./digest-sum.ts";
import { DistinctCount } from "./distinct.ts";
import { FailureGroups } from "./failure-groups.ts";
import { LongestRuns } from "./longest-runs.ts";
import { Moments } from "./moments.ts";
import type { Job } from "./plan.ts";
import type { LostRun, RangeResult } from "./range-result.ts";
import type { ReplicationResult } from "./replication-result.ts";

/** Everything that results say together, whatever their order and their ranges. */
export class MergedResults {
  runs = 0;
  readonly digest = new DigestSum();
  readonly distinct = new DistinctCount();
  readonly statistics = new Map<string, Moments>();
  readonly longest = new LongestRuns();
  readonly failures = new FailureGroups();
  readonly lost: LostRun[] = [];
  readonly replications: ReplicationResult[] = [];

  add(result: RangeResult): void {
    requireFields("mergeResults", "the result of a job", result, {
      digest: "string",
      distinct: "object",
      statistics: "object",
      failures: "array",
      lost: "array",
    });
    this.runs += result.runs;
    this.digest.merge(new DigestSum(result.digest));
    this.distinct.merge(new DistinctCount(result.distinct));
    for (const [name, data] of Object.entries(result.statistics)) {
      const moments = this.statistics.get(name);
      if (moments === undefined) {
        this.statistics.set(name, new Moments(data));
      } else {
        moments.merge(new Moments(data));
      }
    }
    this.longest.merge(result.longest);
    for (const group of result.failures) {
      this.failures.addGroup(group);
    }
    this.lost.push(...result.lost);
    this.replications.push(...(result.replications ?? []));
  }
}

/** The result of `job`, of which `parts` are the results of its parts, and `lost` the runs that have none. */
export function mergeResults(job: Job, parts: readonly RangeResult[], lost: readonly LostRun[]): RangeResult {
  requireFields("mergeResults", "a job { setting, from, to }", job, {
    setting: "number",
    from: "number",
    to: "number",
  });
  requireArgument("mergeResults", "an array of results", Array.isArray(parts), parts);
  requireArgument("mergeResults", "an array of lost runs", Array.isArray(lost), lost);
  const merged = new MergedResults();
  for (const part of parts) {
    merged.add(part);
  }
  return {
    setting: job.setting,
    from: job.from,
    to: job.to,
    runs: merged.runs,
    digest: merged.digest.toString(),
    distinct: merged.distinct.toJSON(),
    statistics: Object.fromEntries([...merged.statistics].map(([name, moments]) => [name, moments.toJSON()])),
    longest: merged.longest.list(),
    failures: merged.failures.list(),
    lost: [...merged.lost, ...lost].sort((a, b) => a.seed - b.seed),
    ...(merged.replications.length === 0
      ? {}
      : { replications: merged.replications.sort((a, b) => a.replication - b.replication) }),
  };
}
