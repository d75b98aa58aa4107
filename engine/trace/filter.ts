import { FilterRules, type TraceFilter } from "./filter-rules.ts";
import type { NoteRecord, TraceRecord } from "./record.ts";
import { Trace } from "./trace.ts";

/** @internal A test for the records of a run, which it must see in their order. @throws RangeError if the filter is none. */
export function recordTest(filter: TraceFilter): (record: TraceRecord) => boolean {
  const rules = new FilterRules(filter);
  return (record) => {
    if (record.kind === "create") {
      rules.learn(record.task, record.name);
    } else if (record.kind === "task.renamed") {
      const { task, name } = (record as NoteRecord).detail;
      rules.learn(Number(task), String(name));
    }
    const task = "task" in record ? record.task : 0;
    return rules.letsThrough(record.kind, record.time, task, "by" in record ? record.by : 0);
  };
}

/**
 * The part of a trace that `filter` lets through. Records keep their numbers, and the digest is still that of the whole run.
 *
 * @throws RangeError if the filter names a kind that there is not, or times that are none or leave nothing between them.
 */
export function filterTrace(trace: Trace, filter: TraceFilter): Trace {
  recordTest(filter);
  return new Trace(trace.header, trace.digest, {
    *[Symbol.iterator]() {
      const test = recordTest(filter);
      for (const record of trace) {
        if (test(record)) {
          yield record;
        }
      }
    },
  });
}
