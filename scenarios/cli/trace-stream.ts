import type { Output } from "./output.ts";

/** Takes the trace of a run while it goes on and writes it to a file; when that fails, it ends the run. */
export class TraceStream {
  /** Aborted, with the error as reason, when the file could not be written. */
  readonly broken: AbortSignal;
  private readonly _file: Output;
  private readonly _breaking = new AbortController();

  constructor(file: Output) {
    this._file = file;
    this.broken = this._breaking.signal;
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
    }
  };

  /** Put the file into its place. @throws OutputError if it could not be written. */
  async finish(): Promise<void> {
    this.broken.throwIfAborted();
    await this._file.finish();
  }
}
