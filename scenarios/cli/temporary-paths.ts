/**
 * Is informed of every temporary file and directory: before it is made, and after it was removed or moved to its place.
 */
export interface TemporaryPathWatcher {
  made(path: string): void;
  removed(path: string): void;
}

let watcher: TemporaryPathWatcher | undefined;

/**
 * Have `next` informed of the temporary paths of this thread, so that they can be removed when a signal ends the
 * process.
 */
export function watchTemporaryPaths(next: TemporaryPathWatcher): void {
  watcher = next;
}

/** Call it before the temporary file or directory `path` is made. */
export const willMakeTemporary = (path: string): void => watcher?.made(path);

/** Call it when the temporary file or directory `path` is gone. */
export const temporaryIsGone = (path: string): void => watcher?.removed(path);
