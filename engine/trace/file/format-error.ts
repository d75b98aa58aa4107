/** A file is not a trace of this format. The message names the line, what was expected there, and what stood there. */
export class TraceFormatError extends Error {
  override name = "TraceFormatError";

  /** The line, from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}
