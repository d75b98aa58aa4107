import type { Piece } from "./blocks.ts";

/** Where a command writes what was asked for with `-o`: a file, or the standard output. */
export interface Output extends AsyncDisposable {
  /** Write all of `pieces`, and finish. @throws OutputError if that failed. */
  write(pieces: Iterable<Piece>): Promise<void>;
  /** Write `bytes` behind what was written before, at once. @throws OutputError if that failed. */
  append(bytes: Uint8Array): void;
  /** Put what was appended into its place. @throws OutputError if that failed. */
  finish(): Promise<void>;
}
