import { describeValue } from "../../base/describe.ts";
import { isNote, type TraceRecord } from "../record.ts";
import { causeIndex, meaningfulCause } from "../states/cause-index.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { Narrator, said } from "../words/narrator.ts";

/** One event on the way to another. */
export interface CriticalStep {
  /** Number of the event in the run. */
  readonly seq: number;
  /** Virtual time, in seconds. */
  readonly time: number;
  /** What happened, in words. */
  readonly text: string;
  /** Virtual time since the event before it on the path, in seconds. */
  readonly seconds: number;
  /** What that time was spent on: `sleep of worker`, `link a→b`; `null` where none passed. */
  readonly on: string | null;
}

/** Why an event happened when it did. */
export interface CriticalPath {
  /** From the first cause to the event itself. */
  readonly steps: readonly CriticalStep[];
  /** Virtual time on the path by what it was spent on, the longest first, in seconds. */
  readonly totals: readonly { readonly on: string; readonly seconds: number; readonly count: number }[];
}

/** What tasks wait for when they wait for a timer, by the timer's number. */
function sleepsOf(trace: Trace): ReadonlyMap<number, string> {
  const names = taskNames(trace);
  const sleeps = new Map<number, string>();
  for (const record of trace) {
    if (record.kind === "wait" && record.target !== 0 && !names.has(record.target)) {
      sleeps.set(record.target, `${record.on} of ${names.of(record.task)}`);
    }
  }
  return sleeps;
}

/** What the time between a record and its cause was spent on. */
function spentOn(record: TraceRecord, cause: TraceRecord, sleeps: ReadonlyMap<number, string>): string {
  if (isNote(record) && record.detail["link"] !== undefined) {
    return `link ${record.detail["link"]}`;
  }
  if (cause.kind === "timer") {
    return sleeps.get(cause.handle) ?? `timer #${cause.handle}`;
  }
  return "turn in the ready queue";
}

function totalsOf(steps: readonly CriticalStep[]): CriticalPath["totals"] {
  const totals = new Map<string, { seconds: number; count: number }>();
  for (const { on, seconds } of steps) {
    if (on !== null) {
      const total = totals.get(on) ?? { seconds: 0, count: 0 };
      totals.set(on, { seconds: total.seconds + seconds, count: total.count + 1 });
    }
  }
  return [...totals].map(([on, total]) => ({ on, ...total })).sort((a, b) => b.seconds - a.seconds);
}

/**
 * Why event number `seq` happened when it did: the chain of causes that leads to it (who woke the task, who had set the
 * timer, who had sent the packet), and what the time on it was spent on. A task that waited for a lock was woken by its
 * holder, so that the chain leads through what the holder did.
 *
 * @throws TypeError for what is not a trace; RangeError if the trace has no event of that number.
 */
export function criticalPath(trace: Trace, seq: number): CriticalPath {
  requireTrace("criticalPath", trace);
  const { records } = trace;
  const index = causeIndex(records);
  const last = records.findIndex((record) => record.seq === seq);
  if (last < 0) {
    const numbers =
      records.length === 0 ? "it has no events" : `its events are ${records[0]!.seq} to ${records.at(-1)!.seq}`;
    throw new RangeError(`criticalPath: the trace has no event ${describeValue(seq)}; ${numbers}`);
  }
  const path: number[] = [];
  for (let at: number | undefined = last; at !== undefined; at = meaningfulCause(records, index, at)) {
    path.unshift(at);
  }
  const wanted = new Set(path);
  const narrator = new Narrator(taskNames(trace));
  const texts = new Map<number, string>();
  for (const [at, record] of records.entries()) {
    const sentence = narrator.tell(record);
    if (wanted.has(at)) {
      texts.set(at, said(sentence));
    }
  }
  const sleeps = sleepsOf(trace);
  const steps = path.map((at, i): CriticalStep => {
    const [record, cause] = [records[at]!, i === 0 ? undefined : records[path[i - 1]!]!];
    const seconds = cause === undefined ? 0 : record.time - cause.time;
    const on = cause === undefined || seconds === 0 ? null : spentOn(record, cause, sleeps);
    return { seq: record.seq, time: record.time, text: texts.get(at)!, seconds, on };
  });
  return { steps, totals: totalsOf(steps) };
}
