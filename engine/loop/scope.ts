import { type AsyncStorage, createAsyncStorage } from "./host.ts";

/**
 * Which run a piece of code was started by, where that has to be known.
 *
 * A run that was cut off may leave a coroutine behind that is stuck in the real world. If that wakes up while a step of
 * another run is open, it looks like a part of that step. From the first such leaving on, and not before, because the
 * host has to do more work for it at every promise, runs are driven inside a scope, and what does not come from the
 * running one is turned away.
 */
let storage: AsyncStorage | null = null;

/** Begin to keep runs apart by their scopes. Does nothing where the host does not know. */
export const watchScopes = (): void => {
  storage ??= createAsyncStorage();
};

/** Call `callback` as a part of the run of `loop`. */
export const inScope = (loop: object, callback: () => void): void => {
  if (storage === null) {
    callback();
  } else {
    storage.run(loop, callback);
  }
};

/** Whether the code that runs now may come from a run of `loop`. */
export const mayBelongTo = (loop: object): boolean => storage === null || storage.getStore() === loop;
