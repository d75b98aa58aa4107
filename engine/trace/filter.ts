import { KINDS } from "./fields.ts";
import type { TraceRecord } from "./record.ts";
import { Trace } from "./trace.ts";

/** What to keep of a trace; a record must meet all that is given. */
export interface TraceFilter {
  /** Kinds, such as `print`; one that ends with a dot, such as `network.`, stands for all that begin with it. */
  readonly kinds?: readonly string[];
  /** Names or ids of tasks: what they do and what is done to them. */
  readonly tasks?: readonly (string | number)[];
  /** Earliest time, in seconds. */
  readonly from?: number;
  /** Latest time, in seconds. */
  readonly to?: number;
}

type Test = (record: TraceRecord) => boolean;

function kindTest(kinds: readonly string[]): Test {
  const unknown = kinds.find((kind) => !kind.includes(".") && !KINDS.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(
      `kinds must be among ${KINDS.join(", ")}, or names with a dot such as network.connect or network.; got ${unknown}`,
    );
  }
  const exact = new Set(kinds);
  const groups = kinds.filter((kind) => kind.endsWith("."));
  return ({ kind }) => exact.has(kind) || groups.some((group) => kind.startsWith(group));
}

function taskTest(trace: Trace, tasks: readonly (string | number)[]): Test {
  const ids = new Set<number>();
  for (const record of trace) {
    if (record.kind === "create" && (tasks.includes(record.name) || tasks.includes(record.task))) {
      ids.add(record.task);
    }
  }
  return (record) => ("task" in record && ids.has(record.task)) || ("by" in record && ids.has(record.by));
}

function requireTime(name: string, time: number): void {
  if (typeof time !== "number" || Number.isNaN(time)) {
    throw new RangeError(`${name} must be a number of seconds, got ${String(time)}`);
  }
}

/**
 * The part of a trace that `filter` lets through. Records keep their numbers, and the digest is still that of the whole run.
 *
 * @throws RangeError if the filter names a kind that there is not, or a time that is none.
 */
export function filterTrace(trace: Trace, filter: TraceFilter): Trace {
  const { kinds, tasks, from = 0, to = Number.POSITIVE_INFINITY } = filter;
  requireTime("from", from);
  requireTime("to", to);
  const tests: Test[] = [({ time }) => time >= from && time <= to];
  if (kinds !== undefined) {
    tests.push(kindTest(kinds));
  }
  if (tasks !== undefined) {
    tests.push(taskTest(trace, tasks));
  }
  return new Trace(trace.header, trace.digest, {
    *[Symbol.iterator]() {
      for (const record of trace) {
        if (tests.every((test) => test(record))) {
          yield record;
        }
      }
    },
  });
}
