import net from "node:net";
import { ownerOf } from "../loop/internals.ts";
import { real } from "../loop/real.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { SimulatedTimeout } from "../loop/simulated-timeout.ts";
import type { NativeTcp } from "./native-tcp.ts";

/*
 * Of a name with several addresses, `node:net` tries one after another, each for 250 milliseconds by default ("happy
 * eyeballs"). It sets that timer with a function that it has kept since before timers were replaced; it is found by its
 * duration, and by the handle among its arguments.
 */

/** A timer of Node's own, as the list of all with its duration links it: newest first. */
interface NodeTimeout {
  readonly _idleNext: NodeTimeout | null;
  readonly _onTimeout?: ((...args: unknown[]) => unknown) | null;
  readonly _timerArgs?: readonly unknown[];
}

interface Attempting {
  /** Set while there are several addresses to try. */
  readonly autoSelectFamilyAttemptedAddresses?: readonly string[];
}

/** How many newer timers of the same duration may stand before it. */
const MOST_NEWER = 100;
/** Node raises shorter ones to this, in milliseconds. */
const SHORTEST = 10;

/** The option `autoSelectFamilyAttemptTimeout` of each socket that has it. */
const timeoutsOf = new WeakMap<object, number>();

/** Whether the socket behind `handle` tries several addresses. */
export const triesSeveral = (handle: NativeTcp): boolean =>
  (ownerOf(handle) as Attempting | undefined)?.autoSelectFamilyAttemptedAddresses !== undefined;

/**
 * Let the timer that limits the attempt of `handle` to connect be simulated.
 *
 * @returns It; `null` for the last address, which has none.
 */
export function takeAttemptTimer(process: SimulatedProcess, handle: NativeTcp): SimulatedTimeout | null {
  const milliseconds = timeoutsOf.get(ownerOf(handle) as object) ?? net.getDefaultAutoSelectFamilyAttemptTimeout();
  const probe = real.setTimeout(() => {}, milliseconds);
  let timer = (probe as unknown as NodeTimeout)._idleNext;
  for (let i = 0; i < MOST_NEWER && timer !== null; i++) {
    const { _onTimeout: callback, _timerArgs: args } = timer;
    if (typeof callback === "function" && args?.includes(handle) === true) {
      break;
    }
    timer = timer._idleNext;
  }
  real.clearTimeout(probe);
  const { _onTimeout: callback, _timerArgs: args = [] } = timer ?? {};
  if (typeof callback !== "function" || !args.includes(handle)) {
    return null;
  }
  real.clearTimeout(timer as unknown as NodeJS.Timeout);
  return new SimulatedTimeout(process, callback, milliseconds, args, false);
}

/** Note how long a socket tries an address. */
export function patchConnectionAttempts(): void {
  const prototype = net.Socket.prototype as unknown as { connect: (...args: unknown[]) => unknown };
  const { connect } = prototype;
  prototype.connect = function (this: net.Socket, ...args: unknown[]): unknown {
    const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
    const given = (first as { autoSelectFamilyAttemptTimeout?: unknown } | null | undefined)
      ?.autoSelectFamilyAttemptTimeout;
    if (typeof given === "number") {
      timeoutsOf.set(this, Math.max(SHORTEST, given));
    }
    return connect.apply(this, args);
  };
}
