import type { TraceHeader, TraceRecord } from "./record.ts";
import { requireTrace, type Trace } from "./trace.ts";

/** The first line of a trace file. */
export const firstLine = (header: TraceHeader): string => `${JSON.stringify(header)}\n`;

/** The line of a record. JSON has no infinity: it becomes `null`. */
export const recordLine = (record: TraceRecord): string => `${JSON.stringify(record)}\n`;

/** The last line of a trace file: a file without it is not whole. @param names - Of tasks that records mention and do not tell the names of. */
export const lastLine = (records: number, digest: string, names: ReadonlyMap<number, string>): string =>
  `${JSON.stringify({ records, digest, ...(names.size === 0 ? {} : { names: Object.fromEntries(names) }) })}\n`;

/** The lines of a trace file, one after another. */
export function* jsonlLines(trace: Trace): Generator<string, void, undefined> {
  requireTrace("toJsonl", trace);
  yield firstLine(trace.header);
  let records = 0;
  for (const record of trace) {
    records++;
    yield recordLine(record);
  }
  yield lastLine(records, trace.digest, trace.names);
}

/** A trace as JSONL: a line for the header, one for every record, and one with their number and the digest. */
export const toJsonl = (trace: Trace): string => [...jsonlLines(trace)].join("");
