/** A text is no trace of this format: says in which line, what was expected there, and what stood there. */
export class TraceFormatError extends Error {
  override name = "TraceFormatError";

  /** The line, from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}
