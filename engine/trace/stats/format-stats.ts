import { isObject, requireArgument } from "../../base/require-argument.ts";
import { showSeconds } from "../words/duration.ts";
import { shownName } from "../words/one-line.ts";
import { type Column, formatTable } from "../words/table.ts";
import type { LinkStats } from "./link-stats.ts";
import type { PrimitiveStats } from "./primitive-stats.ts";
import type { TraceStats } from "./stats.ts";
import type { TaskStats, WaitStats } from "./task-stats.ts";

const MAX_TASKS = 20;
const MAX_PRIMITIVES = 20;

/** Columns of a terminal that the tables fit into. */
const MAX_WIDTH = 100;

/** Significant digits of a time. */
const DIGITS = 4;

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });
const time = (seconds: number): string => showSeconds(seconds, DIGITS);

const waitRow = ({ on, count, total, p50, p90, p99, longest }: WaitStats): string[] => [
  on,
  String(count),
  ...[total, p50, p90, p99, longest].map(time),
];

const taskRow = (task: TaskStats): string[] => [
  shownName(task.name),
  String(task.task),
  time(task.created),
  task.ended === null ? "" : time(task.ended),
  task.outcome ?? "pending",
  String(task.steps),
  time(task.waiting),
  [...task.waits]
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total)
    .map(({ on, total }) => `${on} ${time(total)}`)
    .join(", "),
];

/** The tasks that waited longest, in order of creation. */
function shownTasks(tasks: readonly TaskStats[]): readonly TaskStats[] {
  if (tasks.length <= MAX_TASKS) {
    return tasks;
  }
  const chosen = [...tasks].sort((a, b) => b.waiting - a.waiting || a.task - b.task).slice(0, MAX_TASKS);
  return chosen.sort((a, b) => a.task - b.task);
}

function taskSection({ tasks }: TraceStats): string {
  const shown = shownTasks(tasks);
  const columns = [left("task"), right("id"), right("created"), right("ended"), left("outcome"), right("steps")];
  const title =
    shown.length === tasks.length
      ? ""
      : `${shown.length} of ${tasks.length} tasks, those with the longest wait time:\n`;
  return title + formatTable([...columns, right("waited"), left("wait time by cause")], shown.map(taskRow), MAX_WIDTH);
}

function longestSection({ longestWaits, tasks }: TraceStats): string {
  const names = new Map(tasks.map(({ task, name }) => [task, shownName(name)]));
  const rows = longestWaits.map(({ task, on, target, from, seconds, unfinished }) => [
    names.get(task) ?? `#${task}`,
    target === 0 ? on : `${on} ${names.get(target) ?? `#${target}`}`,
    time(from),
    time(seconds),
    unfinished ? "at the end of the trace" : "",
  ]);
  const columns = [left("longest waits"), left("for"), right("from"), right("waited"), left("still waiting")];
  return formatTable(columns, rows, MAX_WIDTH);
}

function linkRow({ link, latency, ...stats }: LinkStats): string[] {
  const { sent, delivered, retransmissions, bytes, payloadBytes } = stats;
  const { p50, p90, p99, max } = latency ?? {};
  return [
    link,
    ...[sent, delivered, retransmissions, bytes, payloadBytes].map(String),
    ...[p50, p90, p99, max].map((one) => (one === undefined ? "" : time(one))),
  ];
}

/** Lost packets, in a table of their own: a fault's name is long. */
function lossSection(links: readonly LinkStats[]): string[] {
  const rows = links.flatMap(({ link, dropped }) => {
    const reasons = Object.entries(dropped).sort(([, a], [, b]) => b - a);
    const total = reasons.reduce((sum, [, count]) => sum + count, 0);
    return total === 0 ? [] : [[link, String(total), reasons.map(([why, count]) => `${count} ${why}`).join(", ")]];
  });
  return rows.length === 0 ? [] : [formatTable([left("lost on"), right("packets"), left("reasons")], rows, MAX_WIDTH)];
}

function primitiveRow(stats: PrimitiveStats): string[] {
  const { id, primitive, acquired, released, waited, waiting, longest, peakWaiting, peakItems } = stats;
  return [
    `${primitive} #${id}`,
    ...[acquired, released, waited].map(String),
    time(waiting),
    time(longest),
    String(peakWaiting),
    peakItems === null ? "" : String(peakItems),
  ];
}

/** Those with the longest wait time, in order of first use. */
function primitiveSection({ primitives }: TraceStats): string {
  const chosen = [...primitives].sort((a, b) => b.waiting - a.waiting || b.waited - a.waited).slice(0, MAX_PRIMITIVES);
  const shown = primitives.filter((one) => chosen.includes(one));
  const title =
    shown.length === primitives.length
      ? ""
      : `${shown.length} of ${primitives.length} primitives, those with the longest wait time:\n`;
  return title + formatTable(primitiveColumns, shown.map(primitiveRow), MAX_WIDTH);
}

const waitColumns = [left("waits for"), ...["count", "total", "p50", "p90", "p99", "max"].map(right)];

const primitiveColumns = [
  left("primitive"),
  ...["acquired", "released", "waits", "total", "longest", "peak waiting", "peak items"].map(right),
];

const linkColumns = [
  left("link"),
  ...["sent", "delivered", "retransmitted", "bytes", "payload", "p50", "p90", "p99", "max"].map(right),
];

/**
 * Statistics as tables for a terminal, at most 100 columns wide. Times have units and four significant digits.
 *
 * @throws TypeError for what {@link traceStats} did not return.
 */
export function formatStats(stats: TraceStats): string {
  requireArgument("formatStats", "what traceStats() returns", isObject(stats) && "longestWaits" in stats, stats);
  const { timers, peak, links } = stats;
  const kinds = Object.entries(stats.kinds).map(([kind, count]) => [kind, String(count)]);
  return [
    `${stats.events} events in ${time(stats.time)}\n` +
      `timers: ${timers.set} set, ${timers.fired} fired, ${timers.cancelled} cancelled\n` +
      `peak: ${peak.tasks} tasks, ${peak.ready} ready, ${peak.timers} timers\n`,
    formatTable([left("events"), right("count")], kinds, MAX_WIDTH),
    formatTable(waitColumns, stats.waits.map(waitRow), MAX_WIDTH),
    longestSection(stats),
    ...(stats.primitives.length === 0 ? [] : [primitiveSection(stats)]),
    ...(links.length === 0 ? [] : [formatTable(linkColumns, links.map(linkRow), MAX_WIDTH), ...lossSection(links)]),
    taskSection(stats),
  ].join("\n");
}
