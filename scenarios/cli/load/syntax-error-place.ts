import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { temporaryIsGone, willMakeTemporary } from "../temporary-paths.ts";
import { asShown, stackOf } from "./error-place.ts";

/** Where Node points in its report: the line, and the caret below the source. */
const POINTER = /^(.*):(\d+)\n.*\n( *)\^/;

/**
 * The place of the syntax error that importing `files` ended with: `file:line:column`; `undefined` if it cannot be
 * found.
 *
 * Node keeps the place of an error in JavaScript to itself and shows it only when it ends a process, so each file is
 * checked by a process.
 */
export async function syntaxErrorPlace(error: Error, files: readonly string[]): Promise<string | undefined> {
  const told = POINTER.exec(stackOf(error));
  if (told !== null) {
    const [, file = "", line, blanks = ""] = told;
    return `${file.startsWith("file:") ? asShown(fileURLToPath(file)) : file}:${line}:${blanks.length + 1}`;
  }
  const folder = await mkdtemp(join(tmpdir(), "simloop-syntax-"));
  willMakeTemporary(folder);
  try {
    for (const file of files.filter((name) => /\.m?js$/.test(name))) {
      const copy = join(folder, "copy.mjs");
      await copyFile(file, copy);
      const [, , line, blanks = ""] = POINTER.exec(await complaintOf(copy)) ?? [];
      if (line !== undefined) {
        return `${asShown(file)}:${line}:${blanks.length + 1}`;
      }
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
    temporaryIsGone(folder);
  }
}

/** What Node says about the syntax of the module at `path`. */
const complaintOf = (path: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["--check", path], (_error, _stdout, stderr) => resolve(stderr));
  });
