import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader, type TraceRecord } from "./record.ts";
import { ENGINE_VERSION } from "./version.ts";

/**
 * What was recorded of a run: a header, the events in order, and the digest.
 *
 * Iterate over it to see the records one by one; they are made as they are asked for, so that a long trace needs little memory.
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
  private _records: readonly TraceRecord[] | null = null;

  constructor(header: TraceHeader, digest: string, source: Iterable<TraceRecord>) {
    this.header = header;
    this.digest = digest;
    this._source = source;
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
