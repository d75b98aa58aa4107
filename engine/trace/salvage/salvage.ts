import { requireArgument } from "../../base/require-argument.ts";
import { TraceFormatError } from "../file/format-error.ts";
import { TraceParser } from "../file/parse.ts";
import { digestOf } from "../record/verify.ts";
import type { TraceHeader, TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";

/** What was saved of a trace file. */
export interface Salvage {
  /**
   * The records before the first line that is damaged or missing. Its digest is that of these records, not that of the
   * run.
   */
  readonly trace: Trace;
  /** What was wrong, with the line; `null` if the file was whole. */
  readonly problem: string | null;
}

/** Reads a truncated or damaged trace file line by line, up to the first line that cannot be read. */
export class TraceSalvager {
  private readonly _parser = new TraceParser();
  private _problem: string | null = null;

  /**
   * Read the next line, without its newline. False after the first that cannot be read: the rest would not follow from
   * it.
   */
  line(text: string): boolean {
    requireArgument("TraceSalvager.line", "a string", typeof text === "string", text);
    if (this._problem === null) {
      try {
        this._parser.line(text);
      } catch (error) {
        this._problem = reasonOf(error);
      }
    }
    return this._problem === null;
  }

  /** What was read. @throws TraceFormatError if not even the header could be read. */
  end(): Salvage {
    try {
      return { trace: this._problem === null ? this._parser.end() : this._partial(), problem: this._problem };
    } catch (error) {
      return { trace: this._partial(), problem: reasonOf(error) };
    }
  }

  private _partial(): Trace {
    const { header, records } = this._parser.partial();
    return wholeTrace(header, records);
  }
}

/** A trace of its own that holds `records`. */
const wholeTrace = (header: TraceHeader, records: readonly TraceRecord[]): Trace =>
  new Trace(header, digestOf(records), records);

function reasonOf(error: unknown): string {
  if (error instanceof TraceFormatError) {
    return error.message;
  }
  throw error;
}
