import type { TraceHeader, TraceRecord } from "../record.ts";
import { Causes } from "../states/causes.ts";
import { requireTrace, type Trace } from "../trace.ts";

/** Where one of two traces stands when they part. */
export interface DiffSide {
  /** The first record that differs, and some that follow; empty if the trace ends before. */
  readonly records: readonly TraceRecord[];
  /** What led to the first of them, backwards: the step it belongs to, what woke the task, and so on. */
  readonly causes: readonly TraceRecord[];
}

/** The first difference between two traces. */
export interface FirstDifference {
  /** Its place in the traces, from 0: so many records are the same. */
  readonly index: number;
  /** Some of the last records that are the same. */
  readonly before: readonly TraceRecord[];
  readonly left: DiffSide;
  readonly right: DiffSide;
}

/** How two traces differ. */
export interface TraceDiff {
  /** Whether their records are the same; headers, and places in the source, do not count. */
  readonly equal: boolean;
  /** The fields of the headers that differ. */
  readonly header: readonly { readonly field: string; readonly left: unknown; readonly right: unknown }[];
  readonly first: FirstDifference | null;
  /** The kinds that differ in number, by name. */
  readonly kinds: readonly { readonly kind: string; readonly left: number; readonly right: number }[];
}

/** A record and those that led to it, the latest first; cut off after some. */
type Trail = readonly TraceRecord[];

const MAX_TRAIL = 8;

/** How much is shown before and after the first difference. */
const CONTEXT = 5;

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const NO_RECORDS: readonly TraceRecord[] = [];

/** A record as a string, the place left out: two records with the same string are the same event. */
const keyOf = (record: TraceRecord): string =>
  record.kind === "create" ? JSON.stringify({ ...record, place: undefined }) : JSON.stringify(record);

/** Reads a trace to the end, and remembers what matters. */
class Side {
  readonly counts = new Map<string, number>();
  readonly causes = new Causes<Trail>((record, trail = []) => [record, ...trail.slice(0, MAX_TRAIL - 1)]);
  private readonly _iterator: Iterator<TraceRecord>;

  constructor(trace: Trace) {
    this._iterator = trace[Symbol.iterator]();
  }

  next(): TraceRecord | null {
    const step = this._iterator.next();
    if (step.done === true) {
      return null;
    }
    const record = step.value;
    this.counts.set(record.kind, (this.counts.get(record.kind) ?? 0) + 1);
    return record;
  }

  /** Read to the end from `first` on. @returns The first few records. */
  rest(first: TraceRecord | null): DiffSide {
    if (first === null) {
      return { records: NO_RECORDS, causes: NO_RECORDS };
    }
    const records = [first];
    const causes = this.causes.add(first).slice(1);
    for (let record = this.next(); record !== null; record = this.next()) {
      if (records.length < CONTEXT) {
        records.push(record);
      }
    }
    return { records, causes };
  }
}

function firstDifference(a: Side, b: Side): FirstDifference | null {
  let before: TraceRecord[] = [];
  for (let index = 0; ; index++) {
    const left = a.next();
    const right = b.next();
    if (left === null && right === null) {
      return null;
    }
    if (left === null || right === null || keyOf(left) !== keyOf(right)) {
      return { index, before: before.slice(-CONTEXT), left: a.rest(left), right: b.rest(right) };
    }
    a.causes.add(left);
    b.causes.add(right);
    before.push(left);
    if (before.length > 100) {
      before = before.slice(-CONTEXT);
    }
  }
}

const HEADER_FIELDS: readonly (keyof TraceHeader)[] = ["engine", "program", "seed", "start", "timeZone"];

/** Compare two traces, event by event up to the first that differs, and from there by the numbers of each kind. */
export function diffTraces(left: Trace, right: Trace): TraceDiff {
  requireTrace("diffTraces", left);
  requireTrace("diffTraces", right);
  const a = new Side(left);
  const b = new Side(right);
  const first = firstDifference(a, b);
  const kinds = [...new Set([...a.counts.keys(), ...b.counts.keys()])].sort(byText);
  return {
    equal: first === null,
    header: HEADER_FIELDS.filter((field) => left.header[field] !== right.header[field]).map((field) => ({
      field,
      left: left.header[field],
      right: right.header[field],
    })),
    first,
    kinds: kinds
      .map((kind) => ({ kind, left: a.counts.get(kind) ?? 0, right: b.counts.get(kind) ?? 0 }))
      .filter((count) => count.left !== count.right),
  };
}
