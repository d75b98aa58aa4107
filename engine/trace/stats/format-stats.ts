import { isObject, requireArgument } from "../../base/require-argument.ts";
import { shownName } from "../words/one-line.ts";
import { shortSeconds } from "../words/short-seconds.ts";
import { type Column, formatTable } from "../words/table.ts";
import type { LinkStats } from "./link-stats.ts";
import type { PrimitiveStats } from "./primitive-stats.ts";
import type { TraceStats } from "./stats.ts";
import type { TaskStats, WaitStats } from "./task-stats.ts";

const MOST_TASKS = 20;
const MOST_PRIMITIVES = 20;

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });

const waitRow = ({ on, count, total, longest }: WaitStats): string[] => [
  on,
  String(count),
  shortSeconds(total),
  shortSeconds(longest),
];

const taskRow = (task: TaskStats): string[] => [
  shownName(task.name),
  String(task.task),
  shortSeconds(task.created),
  task.ended === null ? "" : shortSeconds(task.ended),
  task.outcome ?? "waits",
  String(task.steps),
  shortSeconds(task.waiting),
  task.waits.map(({ on, total }) => `${on} ${shortSeconds(total)}`).join(", "),
];

/** The tasks that waited longest, in order of creation. */
function shownTasks(tasks: readonly TaskStats[]): readonly TaskStats[] {
  if (tasks.length <= MOST_TASKS) {
    return tasks;
  }
  const chosen = [...tasks].sort((a, b) => b.waiting - a.waiting || a.task - b.task).slice(0, MOST_TASKS);
  return chosen.sort((a, b) => a.task - b.task);
}

function taskSection({ tasks }: TraceStats): string {
  const shown = shownTasks(tasks);
  const columns = [left("task"), right("id"), right("created"), right("ended"), left("outcome"), right("steps")];
  const title =
    shown.length === tasks.length ? "" : `the ${shown.length} of ${tasks.length} tasks that waited longest:\n`;
  return title + formatTable([...columns, right("waiting"), left("for what, in seconds")], shown.map(taskRow));
}

function longestSection({ longestWaits, tasks }: TraceStats): string {
  const names = new Map(tasks.map(({ task, name }) => [task, shownName(name)]));
  const rows = longestWaits.map(({ task, on, target, from, seconds, unfinished }) => [
    names.get(task) ?? `#${task}`,
    target === 0 ? on : `${on} ${names.get(target) ?? `#${target}`}`,
    shortSeconds(from),
    shortSeconds(seconds) + (unfinished ? "+" : ""),
  ]);
  return formatTable([left("longest waits"), left("for"), right("from"), right("seconds")], rows);
}

function linkRow(stats: LinkStats): string[] {
  const { link, sent, delivered, dropped, retransmissions, bytes, contentBytes, latency } = stats;
  const lost = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  const times = latency === null ? [] : [latency.p50, latency.p90, latency.p99, latency.most].map(shortSeconds);
  return [
    link,
    ...[sent, delivered, retransmissions, bytes, contentBytes].map(String),
    ...(times.length === 0 ? ["", "", "", ""] : times),
    lost.join(", "),
  ];
}

function primitiveRow(stats: PrimitiveStats): string[] {
  const { id, primitive, acquired, released, waited, waiting, longest, mostWaiting, mostItems } = stats;
  return [
    `${primitive} #${id}`,
    ...[acquired, released, waited].map(String),
    shortSeconds(waiting),
    shortSeconds(longest),
    String(mostWaiting),
    mostItems === null ? "" : String(mostItems),
  ];
}

/** Those that were waited for longest, in order of first use; so many primitives may be used that nobody would read of all. */
function primitiveSection({ primitives }: TraceStats): string {
  const chosen = [...primitives].sort((a, b) => b.waiting - a.waiting || b.waited - a.waited).slice(0, MOST_PRIMITIVES);
  const shown = primitives.filter((one) => chosen.includes(one));
  const title =
    shown.length === primitives.length
      ? ""
      : `the ${shown.length} of ${primitives.length} primitives that were waited for longest:\n`;
  return title + formatTable(primitiveColumns, shown.map(primitiveRow));
}

const primitiveColumns = [
  left("primitive"),
  ...["acquired", "released", "waited", "total", "longest", "queue at most", "items at most"].map(right),
];

const linkColumns = [
  left("link"),
  ...["sent", "delivered", "again", "bytes", "content", "p50", "p90", "p99", "longest"].map(right),
  left("dropped"),
];

/** The numbers of a run as tables for a terminal. Times are in seconds. */
export function formatStats(stats: TraceStats): string {
  requireArgument("formatStats", "what traceStats() returns", isObject(stats) && "longestWaits" in stats, stats);
  const { timers, peak } = stats;
  return [
    `${stats.events} events in ${shortSeconds(stats.time)} s\n` +
      `timers: ${timers.set} set, ${timers.due} due, ${timers.withdrawn} withdrawn\n` +
      `at most: ${peak.tasks} tasks, ${peak.ready} ready, ${peak.timers} timers\n`,
    formatTable(
      [left("events"), right("count")],
      Object.entries(stats.kinds).map(([kind, count]) => [kind, String(count)]),
    ),
    formatTable([left("waits for"), right("count"), right("total"), right("longest")], stats.waits.map(waitRow)),
    longestSection(stats),
    ...(stats.primitives.length === 0 ? [] : [primitiveSection(stats)]),
    ...(stats.links.length === 0 ? [] : [formatTable(linkColumns, stats.links.map(linkRow))]),
    taskSection(stats),
  ].join("\n");
}
