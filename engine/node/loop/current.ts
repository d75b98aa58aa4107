import { AsyncLocalStorage } from "node:async_hooks";
import type { ProcessWorld, SimulatedProcess } from "./simulated-process.ts";

/**
 * Which simulation runs, and on which of its hosts the present code does.
 *
 * A run is one macrotask, so that a variable is all it takes to know the simulation. Only simulations with programs on
 * several hosts also need to follow the code through its promises.
 */
let active: ProcessWorld | null = null;
let storage: AsyncLocalStorage<SimulatedProcess> | null = null;

/** The simulation whose code runs, or `null`. */
export const currentWorld = (): ProcessWorld | null => active;

/** Let the code that runs from now on be that of `world`. */
export const setCurrentWorld = (world: ProcessWorld | null): void => {
  active = world;
};

/** The simulated process whose code runs; `null` outside of simulations. */
export function here(): SimulatedProcess | null {
  if (active === null || active.isSilent) {
    return null;
  }
  if (active.hasOneProcess || storage === null) {
    return active.root;
  }
  const found = storage.getStore();
  return found === undefined || found.world !== active ? active.root : found;
}

/** Call `callback` as code of `process`. */
export function within<T>(process: SimulatedProcess, callback: () => T): T {
  if (process.world.hasOneProcess) {
    return callback();
  }
  storage ??= new AsyncLocalStorage();
  return storage.run(process, callback);
}
