import { shortSeconds } from "../../trace/words/short-seconds.ts";
import type { FailedRun, Session } from "../run/session.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { DEFAULT_SCHEDULE, type Schedule } from "../schedule/schedule.ts";

/** One thing in which a schedule differs from the baseline run. */
export interface Deviation {
  readonly kind: "hold" | "choice";
  /** The step that is held, or the name of the choice. */
  readonly name: string;
  /** The step that it waits for. */
  readonly until?: string;
  /** The option that is taken; 0 would be the default. */
  readonly option?: number;
  /** Virtual time in seconds at which the held step runs, or the option is taken; `undefined` if that never came. */
  readonly time: number | undefined;
  /** What both steps touch. */
  readonly labels: readonly string[];
  /** In words. */
  readonly text: string;
}

/** A failing schedule explained. */
export interface Explanation {
  readonly deviations: readonly Deviation[];
  /** The steps around the first deviation, a column for each side. */
  readonly picture: readonly string[];
  /** What happens without the last deviation, in words. */
  readonly nearestPassing: string;
}

/** Schedules without one of the deviations that are tried, to find one that passes. */
const MOST_NEIGHBOURS = 16;

/**
 * Rows of a picture, how many of them stand before the deviation, and how many show the end if there is not room for
 * all.
 */
const MOST_ROWS = 14;
const ROWS_BEFORE = 4;
const ROWS_AT_END = 3;

/**
 * Explain `failed`; runs it once more without one of its deviations.
 *
 * @param session - `null` if no more runs may be made.
 * @param meanings - What the options that it takes mean, by the names of the choices.
 */
export async function explain(
  session: Session | null,
  failed: Pick<FailedRun, "schedule" | "record">,
  baseline: ExecutionRecord,
  meanings: ReadonlyMap<string, string>,
): Promise<Explanation> {
  const { schedule, record } = failed;
  const deviations = deviationsOf(schedule, record, baseline, meanings);
  return { deviations, picture: pictureOf(schedule, record), nearestPassing: await nearestPassing(session, schedule) };
}

function deviationsOf(
  { holds, choices }: Schedule,
  record: ExecutionRecord,
  baseline: ExecutionRecord,
  meanings: ReadonlyMap<string, string>,
): Deviation[] {
  const held = holds.map(({ step, until }): Deviation => {
    const place = placeOf(record, step);
    const release = placeOf(record, until);
    const labels = commonLabels(record, baseline, step, until);
    const time = place < 0 ? undefined : record.times[place];
    const about = labels.length === 0 ? "" : ` (both touch ${labels.join(", ")})`;
    const when =
      place < 0
        ? `${step} has not run when it fails`
        : `it runs at ${shortSeconds(record.times[place] ?? 0)} s${overtakers(record, place)}`;
    const text = `${step} waits until ${until} has run${release < 0 ? ", which never comes" : ""}${about}: ${when}`;
    return { kind: "hold", name: step, until, time, labels, text };
  });
  const chosen = choices.map(({ name, option }): Deviation => {
    const choice = record.choices.find((each) => each.name === name);
    const time = choice === undefined ? undefined : (record.times[choice.step] ?? 0);
    const when = time === undefined ? "" : ` at ${shortSeconds(time)} s`;
    const text = `${name}=${option}${when}: ${meanings.get(name) ?? `option ${option} instead of 0`}`;
    return { kind: "choice", name, option, time, labels: [], text };
  });
  return [...held, ...chosen];
}

function overtakers({ arrivals }: ExecutionRecord, place: number): string {
  let count = 0;
  for (let other = 0; other < place; other++) {
    count += Number(arrivals[other]! > arrivals[place]!);
  }
  return count === 0 ? "" : `, ${count} step${count === 1 ? "" : "s"} later than in turn`;
}

function placeOf({ names, length }: ExecutionRecord, step: string): number {
  return names.findIndex((name, place) => place < length && name.text === step);
}

/** What both steps touched, in this run or the plain one. */
function commonLabels(record: ExecutionRecord, baseline: ExecutionRecord, step: string, until: string): string[] {
  const mine = new Set([...labelsOf(record, step), ...labelsOf(baseline, step)]);
  const theirs = new Set([...labelsOf(record, until), ...labelsOf(baseline, until)]);
  return [...mine].filter((label) => theirs.has(label));
}

function labelsOf(record: ExecutionRecord, step: string): string[] {
  const place = placeOf(record, step);
  if (place < 0) {
    return [];
  }
  const { objects, firstAccess } = record;
  return objects.slice(firstAccess[place], firstAccess[place + 1]).map(({ name }) => name);
}

/** The steps around the first hold, those of the held task on the left and all others on the right. */
function pictureOf({ holds, choices }: Schedule, record: ExecutionRecord): string[] {
  const [first] = holds;
  const until = first === undefined ? -1 : placeOf(record, first.until);
  const name = choices[0]?.name;
  const centre = first === undefined ? (record.choices.find((each) => each.name === name)?.step ?? 0) : until;
  const held = first === undefined ? record.names[centre]?.actor : actorOf(record, first.step);
  const rows: [string, string, string][] = [["time", held?.path ?? "", "the others"]];
  const begin = Math.max(0, centre - ROWS_BEFORE);
  const left = record.length - begin > MOST_ROWS + 1 ? begin + MOST_ROWS - ROWS_AT_END : record.length;
  const goesOn = Math.max(left, record.length - ROWS_AT_END);
  for (let place = begin; place < record.length; place = place + 1 === left ? goesOn : place + 1) {
    const { text, actor } = record.names[place]!;
    const touches = touchesOf(record, place);
    const mark = holds.some(({ step }) => step === text) ? "  <- held until here" : "";
    const cell = `${text}${touches}${mark}`;
    const isLeft = actor === held;
    rows.push([`${shortSeconds(record.times[place] ?? 0)} s`, isLeft ? cell : "", isLeft ? "" : cell]);
  }
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([time, left, right]) =>
    `${time.padEnd(widths[0]!)} | ${left.padEnd(widths[1]!)} | ${right}`.trimEnd(),
  );
  if (goesOn > left) {
    lines.splice(1 + left - begin, 0, `… ${goesOn - left} more step${goesOn - left === 1 ? "" : "s"}`);
  }
  return [...lines, "failure"];
}

function actorOf(
  { names, length }: ExecutionRecord,
  step: string,
): ExecutionRecord["names"][number]["actor"] | undefined {
  const path = /^(.*)[#@]\d+$/.exec(step)?.[1] ?? step;
  return names.find((name, place) => place < length && name.actor.path === path)?.actor;
}

/** What a step touched, the program's own labels first. */
function touchesOf({ firstAccess, objects, accesses, names }: ExecutionRecord, place: number): string {
  const labels: string[] = [];
  const others: string[] = [];
  for (let i = firstAccess[place]!; i < firstAccess[place + 1]!; i++) {
    if (accesses[i] === "c") {
      continue; // Bookkeeping of the engine.
    }
    const { name, kind } = objects[i]!;
    const isEnd = accesses[i] === "w" && name === `Task ${names[place]?.actor.path}`;
    const text = isEnd ? "ends" : `${accesses[i] === "w" ? "writes" : "reads"} ${name}`;
    (kind === "" ? labels : others).push(text);
  }
  const touches = [...labels, ...others];
  return touches.length === 0 ? "" : `  ${touches.slice(0, 3).join(", ")}${touches.length > 3 ? " …" : ""}`;
}

async function nearestPassing(session: Session | null, { holds, choices }: Schedule): Promise<string> {
  const all = [...holds, ...choices];
  if (all.length === 0) {
    return "";
  }
  if (session === null) {
    return "nearest passing schedule: not looked for, because the exploration was stopped";
  }
  for (const dropped of all.toReversed().slice(0, MOST_NEIGHBOURS)) {
    const { breakage } = await session.follow({
      holds: holds.filter((hold) => hold !== dropped),
      choices: choices.filter((choice) => choice !== dropped),
    });
    if (breakage === null) {
      const text = "until" in dropped ? `${dropped.step}>${dropped.until}` : `${dropped.name}=${dropped.option}`;
      const rest =
        all.length === 1
          ? "the baseline run"
          : all.length === 2
            ? "the other one alone"
            : `the other ${all.length - 1} alone`;
      return `nearest passing schedule: without ${text} (${rest}) the program passes`;
    }
  }
  const { breakage } = await session.follow(DEFAULT_SCHEDULE);
  return breakage === null ? "nearest passing schedule: the baseline run" : "the baseline run fails as well";
}
