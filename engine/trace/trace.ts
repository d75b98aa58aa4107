import { safeGet } from "../base/describe.ts";
import { isObject, requireArgument } from "../base/require-argument.ts";
import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader, type TraceRecord } from "./record.ts";
import { ENGINE_VERSION } from "./version.ts";

/** What must be known of the rest of a run, where a trace is a part of it. */
export interface LeftOut {
  /** The names of tasks that the trace mentions without their names, by id. */
  readonly names: ReadonlyMap<number, string>;
  /** Names and ids of tasks that were asked for, and that the run does not have. */
  readonly missingTasks: readonly (string | number)[];
}

const NOTHING: LeftOut = { names: new Map(), missingTasks: [] };

/**
 * What was recorded of a run: a header, the events in order, and the digest.
 *
 * Iterate over it to see the records one by one; they are made as they are asked for, so that a long trace needs little
 * memory.
 */
export class Trace implements Iterable<TraceRecord> {
  /** An empty trace, of nothing. */
  static readonly EMPTY = new Trace(
    { format: TRACE_FORMAT, version: TRACE_VERSION, engine: ENGINE_VERSION, seed: 0, start: 0, timeZone: "UTC" },
    "",
    [],
  );

  /** What the trace is of. */
  readonly header: TraceHeader;
  /** The hash of all events of the run, also of those that are not in this trace. */
  readonly digest: string;
  private readonly _source: Iterable<TraceRecord>;
  private readonly _leftOut: () => LeftOut;
  private _records: readonly TraceRecord[] | null = null;

  /**
   * @throws TypeError for a header that is not an object, a digest that is not a string, or a source that cannot be
   * iterated over.
   */
  constructor(
    header: TraceHeader,
    digest: string,
    source: Iterable<TraceRecord>,
    leftOut: () => LeftOut = () => NOTHING,
  ) {
    requireArgument("Trace", "a header", isObject(header), header);
    requireArgument("Trace", "a digest as a string", typeof digest === "string", digest);
    requireArgument("Trace", "iterable records", typeof safeGet(source, Symbol.iterator) === "function", source);
    this.header = header;
    this.digest = digest;
    this._source = source;
    this._leftOut = leftOut;
  }

  /** Names, by id, of tasks that records mention but do not create: a filter kept the one and left out the other. */
  get names(): ReadonlyMap<number, string> {
    return this._leftOut().names;
  }

  /** Names and ids of tasks that a filter asked for, and that no task of the run has. */
  get missingTasks(): readonly (string | number)[] {
    return this._leftOut().missingTasks;
  }

  /** All records at once, made when first asked for. */
  get records(): readonly TraceRecord[] {
    this._records ??= [...this._source];
    return this._records;
  }

  /** The records in order, made one by one. */
  [Symbol.iterator](): Iterator<TraceRecord> {
    return (this._records ?? this._source)[Symbol.iterator]();
  }
}

/** @param what - Which function wants it, for the message. @throws TypeError unless `value` is a trace. */
export function requireTrace(what: string, value: unknown): asserts value is Trace {
  const isTrace = isObject(safeGet(value, "header")) && typeof safeGet(value, Symbol.iterator) === "function";
  requireArgument(what, "a Trace, such as the field 'trace' of simulate()'s result", isTrace, value);
}
