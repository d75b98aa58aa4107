import { resolve } from "node:path";
import { type CommandIo, complain } from "./command-io.ts";
import { CommandFailure, UsageError } from "./failures.ts";
import { isPath } from "./load/find-scenario.ts";
import { loadedFiles } from "./load/prepare-loading.ts";

/**
 * Execute `command`, and with `isWatched` have it executed again whenever a file of the scenario `called` changes.
 *
 * @throws UsageError if `called` is not a file, or nothing can be watched here.
 */
export async function watching(
  called: string,
  isWatched: boolean | undefined,
  io: CommandIo,
  command: () => Promise<void>,
): Promise<void> {
  if (isWatched !== true) {
    await command();
    return;
  }
  if (!isPath(called)) {
    throw new UsageError(`--watch: expected the path of a scenario file, got '${called}'`);
  }
  if (io.watch === undefined) {
    throw new UsageError("--watch works only in a process of its own");
  }
  try {
    await command();
  } catch (error) {
    if (!(error instanceof CommandFailure) || io.signal.aborted) {
      throw error;
    }
    complain(io, error);
  }
  const files = [...new Set([resolve(called), ...loadedFiles()])];
  io.watch(files);
  io.err.write(`watching ${files.length === 1 ? "a file" : `${files.length} files`}; Ctrl-C ends it\n`);
}
