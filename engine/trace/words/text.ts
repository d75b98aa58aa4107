import type { TraceHeader, TraceRecord } from "../record.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "./names.ts";
import { Narrator, NOBODY } from "./narrator.ts";
import { oneLine } from "./one-line.ts";

/** The column of names is no wider than this; a longer name pushes its line to the right. */
const WIDEST_NAME = 24;

const titleOf = ({ program, version, engine, seed, start, timeZone }: TraceHeader): string =>
  [
    `simloop trace${program === undefined ? "" : ` of ${oneLine(program)}`}`,
    `format ${version}`,
    `engine ${engine}`,
    `seed ${JSON.stringify(seed)}`,
    `start ${start} ${timeZone}`,
  ].join(", ");

/** The widths of the columns: number, time, name. */
function widthsOf(trace: Trace, narrator: Narrator): [number, number, number] {
  const widths: [number, number, number] = [3, 4, 3];
  for (const record of trace) {
    widths[0] = Math.max(widths[0], String(record.seq).length);
    widths[1] = Math.max(widths[1], String(record.time).length);
    widths[2] = Math.max(widths[2], Math.min(WIDEST_NAME, narrator.tell(record).who.length));
  }
  return widths;
}

/**
 * The lines of {@link toText}, one after another, each with its newline.
 *
 * @throws TypeError at the call for what is not a trace.
 */
export function textLines(trace: Trace): Generator<string, void, undefined> {
  requireTrace("toText", trace);
  return linesOf(trace);
}

function* linesOf(trace: Trace): Generator<string, void, undefined> {
  const names = taskNames(trace);
  const [numbers, times, subjects] = widthsOf(trace, new Narrator(names));
  const line = (seq: string | number, time: string | number, who: string, what: string): string =>
    `${String(seq).padStart(numbers)}  ${String(time).padEnd(times)}  ${who.padEnd(subjects)}  ${what}\n`;
  yield `${titleOf(trace.header)}\n\n${line("seq", "time", "who", "what")}`;
  const narrator = new Narrator(names);
  let shownTime = Number.NaN;
  let silentClock: TraceRecord | null = null;
  for (const record of trace) {
    if (silentClock !== null && record.kind === "clock") {
      yield line(silentClock.seq, silentClock.time, NOBODY, "time goes on");
      shownTime = silentClock.time;
    }
    silentClock = record.kind === "clock" ? record : null;
    if (silentClock === null) {
      const { who, what } = narrator.tell(record);
      yield line(record.seq, record.time === shownTime ? "" : record.time, who, what);
      shownTime = record.time;
    }
  }
  if (silentClock !== null) {
    yield line(silentClock.seq, silentClock.time, NOBODY, "time goes on");
  }
  yield `\ndigest ${trace.digest}\n`;
}

/**
 * A trace as readable text: a line for every event, with its time where that has changed, who did something, and what.
 */
export const toText = (trace: Trace): string => [...textLines(trace)].join("");
