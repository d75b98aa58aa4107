import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Milliseconds: an editor changes a file in several steps. */
const QUIET = 50;

/**
 * Call `onChange` once when one of `files` changes. @returns A function that ends it.
 *
 * Directories are watched, since many editors put a new file in the place of the old one.
 */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  const namesIn = new Map<string, Set<string>>();
  for (const file of files) {
    const names = namesIn.get(dirname(file)) ?? new Set();
    namesIn.set(dirname(file), names.add(basename(file)));
  }
  let timer: NodeJS.Timeout | undefined;
  const watchers = [...namesIn].map(([directory, names]) =>
    watch(directory, (_event, name) => {
      if (name === null || names.has(name)) {
        clearTimeout(timer);
        timer = setTimeout(changed, QUIET);
      }
    }),
  );
  const stop = (): void => {
    clearTimeout(timer);
    for (const watcher of watchers) {
      watcher.close();
    }
  };
  const changed = (): void => {
    stop();
    onChange();
  };
  return stop;
}
