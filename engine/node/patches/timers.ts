import timers from "node:timers";
import { promisify } from "node:util";
import { currentWorld, here } from "../loop/current.ts";
import { keepImmediate } from "../loop/internal-immediates.ts";
import { real } from "../loop/real.ts";
import { SimulatedImmediate } from "../loop/simulated-immediate.ts";
import { type ForeignTimer, SimulatedTimeout, standIn, timerByNumber } from "../loop/simulated-timeout.ts";
import { patchTimersPromises, simulatedPromises } from "./timers-promises.ts";

type Callback = (...args: unknown[]) => unknown;

function setTimeout(callback: Callback, delay?: unknown, ...args: unknown[]): unknown {
  const process = here();
  if (process === null || typeof callback !== "function") {
    return silent(callback) ?? real.setTimeout(callback, delay as number, ...args);
  }
  return new SimulatedTimeout(process, callback, delay, args, false);
}

function setInterval(callback: Callback, delay?: unknown, ...args: unknown[]): unknown {
  const process = here();
  if (process === null || typeof callback !== "function") {
    return silent(callback) ?? real.setInterval(callback, delay as number, ...args);
  }
  return new SimulatedTimeout(process, callback, delay, args, true);
}

function setImmediate(callback: Callback, ...args: unknown[]): unknown {
  const process = here();
  if (process === null || typeof callback !== "function") {
    return silent(callback) ?? keepImmediate(real.setImmediate(callback, ...args));
  }
  return new SimulatedImmediate(process, callback, args);
}

/**
 * What a program gets that is over, but still has code that runs: a timer that does not come. `undefined` while none
 * is.
 */
function silent(callback: unknown): unknown {
  const world = currentWorld();
  if (world === null || typeof callback !== "function") {
    return undefined;
  }
  return new SimulatedTimeout(world.root, callback as Callback, 1, [], false, false);
}

function clearTimeout(timer?: unknown): void {
  if (timer instanceof SimulatedTimeout) {
    timer.close();
    return;
  }
  const world = currentWorld();
  if (world !== null && (typeof timer === "number" || typeof timer === "string")) {
    timerByNumber(world, timer)?.close();
    return;
  }
  real.clearTimeout(timer as NodeJS.Timeout);
}

function clearImmediate(immediate?: unknown): void {
  if (immediate instanceof SimulatedImmediate) {
    immediate._cancel();
  } else if (!(immediate instanceof SimulatedTimeout)) {
    real.clearImmediate(immediate as NodeJS.Immediate);
  }
}

/**
 * Timers of Node's that are refreshed within a simulation become simulated there: undici keeps one for all its
 * connections.
 */
function patchRefresh(): void {
  const probe = real.setTimeout(() => {}, 1);
  real.clearTimeout(probe);
  const prototype = Object.getPrototypeOf(probe) as { refresh: (this: ForeignTimer) => unknown };
  const { refresh } = prototype;
  prototype.refresh = function (this: ForeignTimer): unknown {
    const world = currentWorld();
    if (world === null) {
      return refresh.call(this);
    }
    standIn(this, here() ?? world.root);
    return this;
  };
}

/** Timers of `globalThis`, `node:timers` and `node:timers/promises`. @see lib/timers.js */
export function patchTimers(): void {
  const simulated = {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval: clearTimeout,
    clearImmediate,
  };
  Object.assign(timers, simulated);
  for (const [name, value] of Object.entries(simulated)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: true, writable: true });
  }
  Object.defineProperty(setTimeout, promisify.custom, { value: simulatedPromises.setTimeout, configurable: true });
  Object.defineProperty(setImmediate, promisify.custom, { value: simulatedPromises.setImmediate, configurable: true });
  patchRefresh();
  patchTimersPromises();
}
