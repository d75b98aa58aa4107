import { describeValue } from "../../base/describe.ts";
import { requireArgument } from "../../base/require-argument.ts";
import { COMMON_FIELDS, type Field, fieldsOf, KINDS } from "../fields.ts";
import { isLetThrough } from "../filter/filter.ts";
import { FilterRules, type TraceFilter } from "../filter/filter-rules.ts";
import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader, type TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { ENGINE_VERSION } from "../version.ts";
import { TraceFormatError } from "./format-error.ts";

const MAX_EXCERPT = 60;

type Fields = Readonly<Record<string, unknown>>;

const excerpt = (text: string): string => (text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text);

/** A value of the file. One that is nested too deep to be written out again has only its type. */
const show = (value: unknown): string => (value === undefined ? "nothing" : describeValue(value));

const isDigest = (value: unknown): boolean => typeof value === "string" && /^([0-9a-f]{32})?$/.test(value);

const areNames = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([id, name]) => /^[1-9]\d*$/.test(id) && typeof name === "string");

/**
 * Reads a trace file line by line. Errors name the line.
 *
 * Pass the lines to {@link line}, then call {@link end} for the trace.
 */
export class TraceParser {
  private _line = 0;
  private _header: TraceHeader | null = null;
  private readonly _records: TraceRecord[] = [];
  private _count = 0;
  private _last: TraceRecord | null = null;
  private readonly _rules: FilterRules | null;
  /** Names of tasks that records of the file mention without creating them. */
  private _names: ReadonlyMap<number, string> = new Map();
  private _digest: string | null = null;

  /** @param filter - What to keep; everything by default. @throws TypeError, RangeError as {@link filterTrace}. */
  constructor(filter?: TraceFilter) {
    this._rules = filter === undefined ? null : new FilterRules(filter);
  }

  /** Read the next line, without its newline. @throws TraceFormatError if the format does not allow it there. */
  line(text: string): void {
    requireArgument("TraceParser.line", "a string", typeof text === "string", text);
    this._line++;
    const fields = this._object(text);
    if (this._digest !== null) {
      throw this._error(`expected nothing after the last line of the trace, got ${excerpt(text)}`);
    }
    if (this._header === null) {
      this._header = this._parseHeader(fields);
    } else if ("digest" in fields) {
      this._digest = this._parseLast(fields);
    } else {
      const record = this._parseRecord(fields);
      this._count++;
      this._last = record;
      if (this._rules === null || isLetThrough(record, this._rules)) {
        this._records.push(record);
      }
    }
  }

  /** The trace. @throws TraceFormatError if its last line is missing. */
  end(): Trace {
    if (this._header === null) {
      throw new TraceFormatError(1, `expected the header of a ${TRACE_FORMAT}, got an empty file`);
    }
    if (this._digest === null) {
      const last = '{"records":…,"digest":…}';
      throw new TraceFormatError(
        this._line + 1,
        `expected more records or the last line ${last}: the file is truncated`,
      );
    }
    const { _rules: rules, _names: names } = this;
    const leftOut = { names: new Map([...names, ...(rules?.names ?? [])]), missingTasks: rules?.missingTasks ?? [] };
    return new Trace(this._header, this._digest, this._records, () => leftOut);
  }

  /** @internal What was read so far. @throws TraceFormatError if there is no header yet. */
  partial(): { readonly header: TraceHeader; readonly records: readonly TraceRecord[] } {
    if (this._header === null) {
      throw new TraceFormatError(1, `expected the header of a ${TRACE_FORMAT}`);
    }
    return { header: this._header, records: this._records };
  }

  private _error(problem: string): TraceFormatError {
    return new TraceFormatError(this._line, problem);
  }

  private _object(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const error = this._error(`expected ${this._what()} as a JSON object, got ${excerpt(text) || "an empty line"}`);
      error.cause = cause;
      throw error;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this._error(`expected ${this._what()} as a JSON object, got ${excerpt(text)}`);
    }
    return value as Fields;
  }

  private _what(): string {
    return this._header === null ? `the header of a ${TRACE_FORMAT}` : "a record";
  }

  private _parseHeader(fields: Fields): TraceHeader {
    const { format, version, engine } = fields;
    if (format !== TRACE_FORMAT) {
      throw this._error(`expected the header of a trace, with "format":"${TRACE_FORMAT}"; got ${show(fields)}`);
    }
    if (version !== TRACE_VERSION) {
      throw this._error(
        `the trace has format version ${show(version)}, written by simloop ${show(engine)}; ` +
          `this is simloop ${ENGINE_VERSION}, which reads version ${TRACE_VERSION}`,
      );
    }
    const { program, seed, start, timeZone } = fields;
    const isNumberOrString = (value: unknown): boolean => typeof value === "number" || typeof value === "string";
    const isString = (value: unknown): boolean => typeof value === "string";
    this._require("engine", "a string", isString(engine), engine);
    this._require("program", "a string", program === undefined || isString(program), program);
    this._require("seed", "a number or a string", isNumberOrString(seed), seed);
    this._require("start", "a number or a string", isNumberOrString(start), start);
    this._require("timeZone", "a string", isString(timeZone), timeZone);
    return {
      format,
      version,
      engine,
      ...(program === undefined ? {} : { program }),
      seed,
      start,
      timeZone,
    } as TraceHeader;
  }

  private _parseLast(fields: Fields): string {
    const { records, digest, names = {} } = fields;
    const count = this._count;
    this._require("records", `${count}, the number of records before this line`, records === count, records);
    this._require("digest", "a string of 32 hexadecimal digits", isDigest(digest), digest);
    this._require("names", "an object of strings by the ids of tasks", areNames(names), names);
    this._names = new Map(Object.entries(names as Record<string, string>).map(([id, name]) => [Number(id), name]));
    return digest as string;
  }

  private _parseRecord(fields: Fields): TraceRecord {
    const { kind } = fields;
    const own = typeof kind === "string" ? fieldsOf(kind) : undefined;
    if (own === undefined) {
      throw this._error(`expected "kind" to be one of ${KINDS.join(", ")}, or a name with a dot; got ${show(kind)}`);
    }
    const record: Record<string, unknown> = {};
    this._copy(COMMON_FIELDS, fields, record);
    this._requireOrder(record as unknown as TraceRecord);
    record["kind"] = kind;
    this._copy(own, fields, record);
    if (kind === "timer" && record["when"] === null) {
      record["when"] = Number.POSITIVE_INFINITY;
    }
    return record as unknown as TraceRecord;
  }

  private _copy(fields: readonly Field[], from: Fields, to: Record<string, unknown>): void {
    for (const { name, expected, isValid, optional } of fields) {
      const value = from[name];
      if (value !== undefined || optional !== true) {
        this._require(name, expected, isValid(value), value);
        to[name] = value;
      }
    }
  }

  private _requireOrder({ seq, time }: TraceRecord): void {
    const last = this._last;
    if (last !== null) {
      this._require("seq", `more than ${last.seq}, that of the line before`, seq > last.seq, seq);
      this._require("time", `no less than ${last.time}, that of the line before`, time >= last.time, time);
    }
  }

  private _require(name: string, expected: string, isRight: boolean, value: unknown): void {
    if (!isRight) {
      throw this._error(`expected "${name}" to be ${expected}; got ${show(value)}`);
    }
  }
}

/**
 * Parse a trace in JSONL, as {@link toJsonl} writes it.
 *
 * @throws TraceFormatError with the number of the line, if it is not a trace, truncated, or of another version.
 */
export function parseJsonl(text: string): Trace {
  requireArgument("parseJsonl", "a string", typeof text === "string", text);
  const parser = new TraceParser();
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    parser.line(text.slice(start, end));
    start = end + 1;
  }
  return parser.end();
}
