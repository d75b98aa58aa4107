import type { Piece } from "./blocks.ts";
import type { Outlet } from "./outlet.ts";
import type { Output } from "./output.ts";
import { OutputFile } from "./output-file.ts";

/** The path that means the standard output, as in many commands. */
export const STANDARD_OUTPUT = "-";

/** The standard output as an {@link Output}. */
class StandardOutput implements Output {
  private readonly _outlet: Outlet;

  constructor(outlet: Outlet) {
    this._outlet = outlet;
  }

  write(pieces: Iterable<Piece>): Promise<void> {
    return this._outlet.writeAll(pieces);
  }

  append(bytes: Uint8Array): void {
    // The caller uses its buffer again; the stream may keep what it has been handed.
    this._outlet.writeBytes(bytes.slice());
  }

  async finish(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Prepare to write to `path`, `-` for the standard output. @throws OutputError if that cannot be done. */
export const openOutput = async (path: string, outlet: Outlet): Promise<Output> =>
  path === STANDARD_OUTPUT ? new StandardOutput(outlet) : OutputFile.open(path);
