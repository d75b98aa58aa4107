import { type Costs, median, type Row, ratio } from "./results.ts";
import type { Workload } from "./workloads/workload.ts";

/** The table of one workload, as text. */
export function table(workload: Workload, rows: readonly Row[]): string {
  const headings = [
    "",
    "scale",
    `ns/${workload.unit}`,
    "min..max",
    "x floor",
    "warm",
    "x floor",
    "peak MiB",
    "checksum",
  ];
  const lines = [headings, ...rows.map((row) => cells(row, rows))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) => line.map((cell, column) => aligned(cell, column, widths[column]!)).join("  "));
  return [`${workload.name} ${workload.title}`, ...text.map((line) => `  ${line.trimEnd()}`)].join("\n");
}

function cells(row: Row, rows: readonly Row[]): string[] {
  const floor = rows.find(({ subject }) => subject.id === row.subject.floor);
  const costs = [...row.costs.values()];
  const check = row.fault ?? "ok";
  if (costs.length === 0) return [title(row), String(row.scale), "-", "-", "-", "-", "-", "-", check];
  const range = `${figure(Math.min(...costs))}..${figure(Math.max(...costs))}`;
  return [
    title(row),
    String(row.scale),
    figure(median(costs)),
    range,
    multiple(row.costs, floor?.costs),
    figure(median([...row.warm.values()])),
    multiple(row.warm, floor?.warm),
    row.peak.toFixed(0),
    check,
  ];
}

function title({ subject, version }: Row): string {
  return subject.peer === "asyncio" || subject.peer === "simpy" || subject.peer === "simjs"
    ? `${subject.title} ${version}`.trim()
    : subject.title;
}

function multiple(costs: Costs, base: Costs | undefined): string {
  const times = base === undefined ? Number.NaN : ratio(costs, base);
  return Number.isNaN(times) ? "-" : times.toFixed(2);
}

function figure(nanoseconds: number): string {
  if (Number.isNaN(nanoseconds)) return "-";
  return nanoseconds >= 100 ? Math.round(nanoseconds).toLocaleString("en") : nanoseconds.toFixed(1);
}

/** The first and the last column are words, the others figures. */
function aligned(cell: string, column: number, width: number): string {
  return column === 0 || column === 8 ? cell.padEnd(width) : cell.padStart(width);
}
