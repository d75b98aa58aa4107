import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** The modules that are started by their address; see `scenarios/cli/places.ts`. */
const ENTRIES = ["main", "thread/thread", "explore/worker", "sweep/worker-process", "load/resolve-hook"];

/** What the main thread shares with others: it loads no more than that. */
const START = /\/cli\/(?:places|colours|thread\/start-thread)\.js$/;
/** What commands share, in one file; what they load only when they need it stands by itself. */
const COMMON =
  /\/scenarios\/cli\/(?!commands\/|explore\/|sweep\/|completion\/|thread\/|main\.|run-on-real|load\/syntax)/;

/**
 * Puts the command line in `directory`, which holds it compiled file by file, together into one file for each entry and
 * each command, and one for what they share.
 *
 * Loading the files one by one took longer than what they did.
 */
export async function bundleCommandLine(directory: string): Promise<void> {
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(directory, `${name}.js`)])),
    platform: "node",
    // Packages, the engine and the scenarios are files of their own.
    external: (id) =>
      /^(?:node:|commander$|picocolors$|tsx\/)/.test(id) || /\/(?:engine|scenarios)\/(?!cli\/)/.test(id),
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  // As deep as the old one, so that addresses of what is outside stay right.
  const bundled = `${directory}-bundled`;
  await bundle.write({
    dir: bundled,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    codeSplitting: {
      groups: [
        { name: "start", test: START, priority: 2 },
        { name: "common", test: COMMON, priority: 1 },
      ],
    },
    minify: false,
  });
  await bundle.close();
  rmSync(directory, { recursive: true });
  renameSync(bundled, directory);
}
