import { writeSync } from "node:fs";
import { access, constants, type FileHandle, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { blocks, type Piece } from "./blocks.ts";
import { OutputError, systemReason } from "./failures.ts";
import { isOpenFile } from "./open-file.ts";
import type { Output } from "./output.ts";
import { temporaryIsGone, willMakeTemporary } from "./temporary-paths.ts";

let filesSoFar = 0;

/**
 * A file that is there as a whole or not at all: it is written beside its place and takes it at the end.
 *
 * What is not a regular file (a terminal, a pipe, `/dev/stdout`) is written directly. A link stays a link, also one
 * whose target is missing.
 */
export class OutputFile implements Output {
  private readonly _path: string;
  private readonly _handle: FileHandle;
  /** The two names; `null` when the file is written directly. */
  private readonly _move: { readonly from: string; readonly to: string } | null;

  private constructor(path: string, handle: FileHandle, move: OutputFile["_move"]) {
    this._path = path;
    this._handle = handle;
    this._move = move;
  }

  /** Prepare to write the file at `path`. @throws OutputError if that cannot be done. */
  static async open(path: string): Promise<OutputFile> {
    try {
      const to = await targetOf(path);
      const present = await stat(to).catch(() => null);
      // Behind a device may be a regular file, which must not be replaced.
      if (isOpenFile(path) || (present !== null && !present.isFile() && !present.isDirectory())) {
        return new OutputFile(path, await open(path, "a"), null);
      }
      if (present !== null) {
        await requireReplaceable(to, present.isDirectory());
      }
      const from = join(dirname(to), `.simloop-${process.pid}-${filesSoFar++}.tmp`);
      willMakeTemporary(from);
      return new OutputFile(path, await open(from, "w", present?.mode), { from, to });
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  /** Write all of `pieces` and put the file into its place. @throws OutputError if that failed. */
  async write(pieces: Iterable<Piece>): Promise<void> {
    try {
      for (const block of blocks(pieces)) {
        await this._handle.writeFile(block);
      }
    } catch (error) {
      throw cannotWrite(this._path, error);
    }
    await this.finish();
  }

  /** Write `bytes` behind what was written before, at once. @throws OutputError if that failed. */
  append(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this._handle.fd, bytes, written);
      }
    } catch (error) {
      throw cannotWrite(this._path, error);
    }
  }

  /** Put what was appended into its place. @throws OutputError if that failed. */
  async finish(): Promise<void> {
    try {
      await this._handle.close();
      if (this._move !== null) {
        await rename(this._move.from, this._move.to);
        temporaryIsGone(this._move.from);
      }
    } catch (error) {
      throw cannotWrite(this._path, error);
    }
  }

  /** Leave everything as it was before, unless the file was written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this._handle.close().catch(() => {});
    if (this._move !== null) {
      await rm(this._move.from, { force: true });
      temporaryIsGone(this._move.from);
    }
  }
}

/** Links that are followed by hand before they count as a circle, as on Linux. */
const MAX_LINKS = 40;

/** The file that `path` leads to through links, whether it exists or not. */
async function targetOf(path: string): Promise<string> {
  let to = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    const real = await realpath(to).catch(() => null);
    const link = real === null ? await readlink(to).catch(() => null) : null;
    if (real !== null || link === null) {
      return real ?? to;
    }
    to = resolve(dirname(to), link);
  }
  throw new Error("too many links lead from one to another");
}

async function requireReplaceable(path: string, isDirectory: boolean): Promise<void> {
  if (isDirectory) {
    throw new Error("it is a directory");
  }
  await access(path, constants.W_OK);
}

const cannotWrite = (path: string, error: unknown): OutputError =>
  new OutputError(`cannot write ${path}: ${systemReason(error)}`, { cause: error });
