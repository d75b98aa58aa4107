import type { Report } from "./measure.ts";
import type { Measurement } from "./rounds.ts";
import type { Subject } from "./subjects.ts";
import type { Workload } from "./workloads/workload.ts";

/** CPU nanoseconds a unit, by round. */
export type Costs = ReadonlyMap<number, number>;

/** One row of a table: all rounds of one subject on one workload. */
export interface Row {
  readonly subject: Subject;
  readonly scale: number;
  readonly version: string;
  /** CPU nanoseconds a unit of the first repetition, a figure for each round that succeeded, by round. */
  readonly costs: Costs;
  /** The same of the best repetition; NaN throughout where there is only one. */
  readonly warm: Costs;
  /** Median peak memory, MiB. */
  readonly peak: number;
  /** `undefined` if every round reached the right checksum, else what is wrong. */
  readonly fault: string | undefined;
}

/** The rows of `workload`, in the order in which they were measured. */
export function rowsOf(workload: Workload, measurements: readonly Measurement[]): Row[] {
  const bySubject = new Map<Subject, Measurement[]>();
  for (const measurement of measurements) {
    if (measurement.workload !== workload.name) continue;
    const group = bySubject.get(measurement.subject) ?? [];
    group.push(measurement);
    bySubject.set(measurement.subject, group);
  }
  return [...bySubject].map(([subject, group]) => summarize(workload, subject, group));
}

function summarize(workload: Workload, subject: Subject, group: readonly Measurement[]): Row {
  const { scale } = group[0]!;
  const costs = new Map<number, number>();
  const warm = new Map<number, number>();
  const reports: Report[] = [];
  for (const { round, outcome } of group) {
    if (typeof outcome === "string") continue;
    reports.push(outcome);
    costs.set(round, (outcome.cpu * 1e9) / outcome.units);
    warm.set(round, workload.repetitions > 1 ? (outcome.warm * 1e9) / outcome.units : Number.NaN);
  }
  const peak = median(reports.map((report) => report.peak));
  return {
    subject,
    scale,
    version: reports[0]?.version ?? "",
    costs,
    warm,
    peak,
    fault: faultOf(workload, scale, group),
  };
}

function faultOf(workload: Workload, scale: number, group: readonly Measurement[]): string | undefined {
  const expected = workload.expected(scale);
  const units = workload.units(scale);
  for (const { outcome } of group) {
    if (typeof outcome === "string") return `FAILED ${outcome}`;
    if (outcome.check !== expected) return `BAD ${outcome.check}, not ${expected}`;
    if (outcome.units !== units) return `BAD ${outcome.units} units, not ${units}`;
  }
  return undefined;
}

/** Costs as a multiple of others: the median of the ratios within a round; NaN if they share no round. */
export function ratio(costs: Costs, base: Costs): number {
  const ratios: number[] = [];
  for (const [round, cost] of costs) {
    const other = base.get(round);
    if (other !== undefined) ratios.push(cost / other);
  }
  return median(ratios);
}

/** The median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
