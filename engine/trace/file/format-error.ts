import { safeString } from "../../base/describe.ts";
import { SafeError } from "../../base/safe-error.ts";
/** A file is not a trace of this format. The message names the line, what was expected there, and what stood there. */
export class TraceFormatError extends SafeError {
  override name = "TraceFormatError";

  /** The line, from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${safeString(line)}: ${safeString(problem)}`);
    this.line = line;
  }
}
