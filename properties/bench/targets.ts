import { median, type Row, ratio } from "./results.ts";
import { workloads } from "./workloads/index.ts";

/** The rows of every workload that was measured, by the workload's name. */
export type Results = ReadonlyMap<string, readonly Row[]>;

/** Something that the engine has to reach. */
interface Target {
  readonly workload: string;
  /** The row that it is about. */
  readonly subject: string;
  readonly limit: number;
  /** The row that it is compared with. */
  readonly base?: string;
  readonly kind: "ratio" | "microseconds" | "gigabytes" | "bytes";
}

const targets: readonly Target[] = [
  { kind: "microseconds", workload: "W0", subject: "gen-empty", limit: 20 },
  { kind: "microseconds", workload: "W0", subject: "agen-empty", limit: 20 },
  times("W1", "gen", "limit-gen", 1.5),
  times("W1", "gen-star", "limit-gen", 1.5),
  times("W2", "gen", "limit-gen", 2),
  times("W2", "gen-star", "limit-gen", 2),
  times("W6", "callbacks", "limit-gen", 1.5),
  times("W1", "agen", "limit-agen", 1.1),
  times("W1", "agen-star", "limit-agen", 1.1),
  times("W2", "agen", "limit-agen", 1.1),
  times("W2", "agen-star", "limit-agen", 1.1),
  times("W1", "agen-star-8", "agen-star", 1.2),
  times("W2", "agen-star-8", "agen-star", 1.2),
  times("W1", "gen-child-8", "gen", 1.2),
  times("W2", "gen-child-8", "gen", 1.2),
  times("W1", "gen-digest", "gen", 2),
  times("W2", "gen-digest", "gen", 2),
  times("W1", "agen-star-digest", "agen-star", 2),
  times("W2", "agen-star-digest", "agen-star", 2),
  times("W3", "gen-star-digest", "gen-star", 2),
  times("W5", "protocols-digest", "protocols", 2),
  times("W1", "gen-file", "gen", 6),
  times("W2", "gen-file", "gen", 6),
  times("W1", "agen-star-file", "agen-star", 6),
  times("W2", "agen-star-file", "agen-star", 6),
  times("W5", "protocols", "node-net", 1),
  times("W5", "streams", "node-net", 1),
  times("W8", "streams", "node-net", 1),
  { kind: "microseconds", workload: "W11", subject: "gen-mix", limit: 50 },
  { kind: "microseconds", workload: "W11", subject: "agen-mix", limit: 200 },
  { kind: "bytes", workload: "W10", subject: "segments", base: "segments-tenth", limit: 1000 },
  { kind: "gigabytes", workload: "W7", subject: "agen-star", limit: 1.4 },
  { kind: "gigabytes", workload: "W7", subject: "agen", limit: 0.8 },
  { kind: "gigabytes", workload: "W7", subject: "gen", limit: 0.6 },
  { kind: "gigabytes", workload: "W7", subject: "gen-star", limit: 0.6 },
  // Linear time: ten times the tasks, and hardly more for each (the timers' order alone costs n log n).
  times("W7", "agen-star", "agen-star-tenth", 1.5),
  times("W7", "agen", "agen-tenth", 1.5),
  times("W7", "gen", "gen-tenth", 1.5),
];

/** The memory that a unit takes: what the bigger of two runs needs more, by what it does more. */
const bytesPerUnit = (workload: string, row: Row, base: Row): number => {
  const units = workloads.find(({ name }) => name === workload)?.units ?? (() => Number.NaN);
  return ((row.peak - base.peak) * 2 ** 20) / (units(row.scale) - units(base.scale));
};

function times(workload: string, subject: string, base: string, limit: number): Target {
  return { kind: "ratio", workload, subject, base, limit };
}

/** A line for each target whose rows were measured: what was asked, what was reached, and whether that will do. */
export function targetLines(results: Results): string[] {
  return targets.flatMap((target) => {
    const rows = results.get(target.workload) ?? [];
    const row = rows.find(({ subject }) => subject.id === target.subject);
    const base = rows.find(({ subject }) => subject.id === target.base);
    if (row === undefined || (target.base !== undefined && base === undefined)) return [];
    return [line(target, row, base)];
  });
}

function line(target: Target, row: Row, base: Row | undefined): string {
  const { value, unit } = reached(target, row, base);
  const against = base === undefined ? "" : ` of ${base.subject.title.replace(" (floor)", "")}`;
  const asked = `${target.workload} ${row.subject.title} <= ${target.limit}${unit}${against}`;
  if (row.fault !== undefined || base?.fault !== undefined) return `${asked}: not measured`;
  const verdict = value <= target.limit ? "ok" : "MISSED";
  const warm = target.kind === "ratio" && base !== undefined ? ratio(row.warm, base.warm) : Number.NaN;
  const warmed = Number.isNaN(warm) ? "" : ` (warm ${warm.toFixed(2)}x ${warm <= target.limit ? "ok" : "MISSED"})`;
  return `${asked}: ${value.toFixed(2)}${unit} ${verdict}${warmed}`;
}

function reached(target: Target, row: Row, base: Row | undefined): { value: number; unit: string } {
  switch (target.kind) {
    case "microseconds":
      return { value: median([...row.warm.values()]) / 1000, unit: " µs" };
    case "gigabytes":
      return { value: (row.peak * 2 ** 20) / 1e9, unit: " GB" };
    case "bytes":
      return { value: base === undefined ? Number.NaN : bytesPerUnit(target.workload, row, base), unit: " bytes" };
    case "ratio":
      return { value: base === undefined ? Number.NaN : ratio(row.costs, base.costs), unit: "x" };
  }
}
