import { basename, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Debugger, DebugTask, Moment } from "../../../engine/index.ts";
import { columns } from "../columns.ts";

/** Seconds without noise in their last digits. */
const seconds = (time: number): string => `${Number(time.toPrecision(12))} s`;

/** Finds the source line of a place: `file:line:column`. */
export type ReadLine = (place: string) => string | undefined;

const PLACE = /((?:file:\/\/)?[^()\s]+):(\d+:\d+)(\)?)$/;

/** `frame` with the path of its file from the working directory; a file elsewhere has its name only. */
function shortened(frame: string): string {
  return frame.replace(PLACE, (_, url: string, position: string, end: string) => {
    const path = relative(process.cwd(), url.startsWith("file://") ? fileURLToPath(url) : url);
    return `${path.startsWith("..") ? basename(path) : path}:${position}${end}`;
  });
}

/** Where the run stands, in one to three lines: what has run, what it touched, and what could come next. */
export function showMoment({ steps, time, last, ready, failure }: Moment, length: number): string {
  const touches = last?.touches.map(({ object, access }) => `${access === "r" ? "reads" : "writes"} ${object}`) ?? [];
  const ran =
    last === null
      ? "at the beginning"
      : `${last.name} at ${seconds(last.time)}${last.cause === null ? "" : `, because of ${last.cause}`}${touches.length === 0 ? "" : `: ${touches.join(", ")}`}`;
  const free = ready.filter(({ isFree }) => isFree).map(({ name }) => name);
  const next =
    ready.length === 0
      ? failure === undefined
        ? "the end: it passes"
        : `the end: it fails, ${failure.kind}: ${String(failure.error)}`
      : `next, at ${seconds(time)}: ${free.join("  ")}`;
  return `step ${steps} of ${length}: ${ran}\n${next}\n`;
}

/** What is ready, numbered for `pick`. */
export function showReady({ ready }: Moment): string {
  if (ready.length === 0) {
    return "nothing is ready\n";
  }
  return columns(
    ready.map(({ name, cause, isFree }, i) => [
      `  ${i + 1}`,
      name,
      cause === null ? "" : `because of ${cause}`,
      isFree ? "" : "keeps its place behind what the same step scheduled",
    ]),
  );
}

/** The tasks with their await stacks. */
export function showTasks({ tasks }: Moment, read: ReadLine): string {
  return tasks.length === 0 ? "no task is left\n" : tasks.map((task) => showTask(task, read)).join("");
}

function showTask({ path, name, state, waitsFor, host, createdAt, stack }: DebugTask, read: ReadLine): string {
  const called = name === path || /^Task-\d+$/.test(name) ? path : `${path} (${name})`;
  const place = host === undefined ? "" : ` on ${host}`;
  const frames =
    stack.length === 0
      ? createdAt === undefined
        ? []
        : [`created at ${createdAt}`]
      : stack.map((frame) => `at ${frame}`);
  const lines = frames.flatMap((frame) => {
    const [, path, position] = PLACE.exec(frame) ?? [];
    const line = read(`${path}:${position}`);
    return [`    ${shortened(frame)}`, ...(line === undefined ? [] : [`        ${line.trim()}`])];
  });
  return [`  ${called}${place}: ${state === "ready" ? "ready" : `waits for ${waitsFor}`}`, ...lines]
    .map((line) => `${line}\n`)
    .join("");
}

/** The values that the program shows. */
export const showValues = ({ values }: Moment): string =>
  values.length === 0
    ? "no values: wrap an object in shared(), or call watch(label, () => value)\n"
    : values.map(({ label, value }) => `  ${label} = ${value}\n`).join("");

/** The steps around the present one, which is marked. */
export function showSteps(run: Debugger, at: number, around: number): string {
  const from = Math.max(0, at - around - 1);
  const rows: string[][] = [];
  for (const { number, name, time, touches } of run.steps()) {
    if (number > from && number <= at + around) {
      const touched = touches
        .map(({ object, access }) => `${access === "r" ? "reads" : "writes"} ${object}`)
        .join(", ");
      rows.push([`${number === at ? ">" : " "} ${number}`, seconds(time), name, touched]);
    }
  }
  return rows.length === 0 ? "no steps\n" : columns(rows);
}

/** What woke what: the last step, the one that caused it, and so on back to the beginning. */
export function showCauses(run: Debugger, at: number): string {
  const steps = [...run.steps()];
  const byName = new Map(steps.map((step) => [step.name, step]));
  const rows: string[][] = [];
  for (let step = steps[at - 1]; step !== undefined; step = step.cause === null ? undefined : byName.get(step.cause)) {
    rows.push([`  ${step.number}`, seconds(step.time), step.name]);
  }
  return rows.length === 0 ? "nothing has run\n" : columns(rows);
}
