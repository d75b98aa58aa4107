import timers from "node:timers";
import timersPromises from "node:timers/promises";

/** Node's own functions, kept before any of them is replaced. Loaded before all patches. */
export const real = {
  Date: globalThis.Date,
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  setImmediate: timers.setImmediate,
  clearTimeout: timers.clearTimeout,
  clearInterval: timers.clearInterval,
  clearImmediate: timers.clearImmediate,
  promises: { ...timersPromises, scheduler: timersPromises.scheduler },
} as const;
