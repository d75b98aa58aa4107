import type { NoteRecord, TraceRecord } from "../record.ts";
import { requireTrace, Trace } from "../trace.ts";
import { FilterRules, type TraceFilter } from "./filter-rules.ts";

/** @internal Whether `rules` let a record of a run through; they must see all records in their order. */
export function isLetThrough(record: TraceRecord, rules: FilterRules): boolean {
  if (record.kind === "create") {
    rules.learn(record.task, record.name);
  } else if (record.kind === "task.renamed") {
    const { task, name } = (record as NoteRecord).detail;
    rules.learn(Number(task), String(name));
  }
  return rules.letsThrough({
    kind: record.kind,
    time: record.time,
    task: "task" in record ? record.task : 0,
    by: "by" in record ? record.by : 0,
    target: record.kind === "wait" ? record.target : 0,
  });
}

/** The records of `trace` that `rules` let through. */
function* kept(trace: Trace, rules: FilterRules): Generator<TraceRecord, void, undefined> {
  for (const [task, name] of trace.names) {
    rules.learn(task, name);
  }
  for (const record of trace) {
    if (isLetThrough(record, rules)) {
      yield record;
    }
  }
}

/** What must be known of the rest of `trace`, where `filter` lets a part of it through. */
function leftOut(trace: Trace, filter: TraceFilter): FilterRules {
  const rules = new FilterRules(filter);
  for (const _record of kept(trace, rules)) {
    // They learn what they need on the way.
  }
  return rules;
}

/**
 * The part of a trace that `filter` lets through. Records keep their numbers, and the digest is still that of the whole
 * run.
 *
 * @throws TypeError if it is not a filter; RangeError for an unknown kind, a time that is not a number, or `from` after
 * `to`.
 */
export function filterTrace(trace: Trace, filter: TraceFilter): Trace {
  requireTrace("filterTrace", trace);
  new FilterRules(filter);
  const source = { [Symbol.iterator]: () => kept(trace, new FilterRules(filter)) };
  return new Trace(trace.header, trace.digest, source, () => leftOut(trace, filter));
}
