import type { TraceHeader, TraceRecord } from "./record.ts";
import { requireTrace, type Trace } from "./trace.ts";

/** The first line of a trace file. */
export const firstLine = (header: TraceHeader): string => `${JSON.stringify(header)}\n`;

/** The line of a record. JSON has no infinity: it becomes `null`. */
export const recordLine = (record: TraceRecord): string => `${JSON.stringify(record)}\n`;

/**
 * The last line of a trace file; a file without it is truncated.
 *
 * @param names - Names of tasks that records mention without creating them.
 */
export const lastLine = (records: number, digest: string, names: ReadonlyMap<number, string>): string =>
  `${JSON.stringify({ records, digest, ...(names.size === 0 ? {} : { names: Object.fromEntries(names) }) })}\n`;

/**
 * The lines of {@link toJsonl}, one after another, each with its newline.
 *
 * @throws TypeError at the call for what is not a trace.
 */
export function jsonlLines(trace: Trace): Generator<string, void, undefined> {
  requireTrace("toJsonl", trace);
  return linesOf(trace);
}

function* linesOf(trace: Trace): Generator<string, void, undefined> {
  yield firstLine(trace.header);
  let records = 0;
  for (const record of trace) {
    records++;
    yield recordLine(record);
  }
  yield lastLine(records, trace.digest, trace.names);
}

/**
 * A trace as JSONL: a line for the header, one for every record, and one with their number and the digest.
 *
 * @throws TypeError for what is not a trace.
 */
export const toJsonl = (trace: Trace): string => [...jsonlLines(trace)].join("");
