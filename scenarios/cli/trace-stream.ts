import type { OutputFile } from "./output-file.ts";

const NEWLINE = 10;

/** Takes the trace of a run while it goes on and writes it to a file; when that fails, it ends the run. */
export class TraceStream {
  /** Aborted, with the error as reason, when the file could not be written. */
  readonly broken: AbortSignal;
  private readonly _file: OutputFile;
  private readonly _breaking = new AbortController();
  private _lines = 0;

  constructor(file: OutputFile) {
    this._file = file;
    this.broken = this._breaking.signal;
  }

  /** The number of records; the first line and the last are none. */
  get records(): number {
    return Math.max(0, this._lines - 2);
  }

  /** For the option `traceSink` of `simulate`. */
  readonly take = (piece: Uint8Array): void => {
    if (this.broken.aborted) {
      return;
    }
    try {
      this._file.append(piece);
    } catch (error) {
      this._breaking.abort(error);
      return;
    }
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) {
      this._lines++;
    }
  };

  /** Put the file into its place. @throws OutputError if it could not be written. */
  async finish(): Promise<void> {
    this.broken.throwIfAborted();
    await this._file.finish();
  }
}
