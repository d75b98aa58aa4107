import { describeValue } from "../../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { hashOf } from "./names.ts";

/** What an exploration lets vary. */
export interface Vary {
  /** Which ready step goes next; true by default. */
  readonly ready?: boolean;
  /** The order of timers with the same deadline; true by default. */
  readonly ties?: boolean;
  /** Seconds by which timers may be late at most; 0 by default. */
  readonly delays?: number;
  /** Latency, loss and faults within their declared ranges; true by default. */
  readonly network?: boolean;
  /** The order of callbacks and tasks that one step scheduled, which asyncio promises to keep; false by default. */
  readonly callbackOrder?: boolean;
}

/** {@link Vary} with its defaults. */
export type Variation = Required<Vary>;

const VARY_OPTIONS = optionNames<Vary>({ ready: true, ties: true, delays: true, network: true, callbackOrder: true });

const isFlag = (value: unknown): boolean => value === undefined || typeof value === "boolean";

/** What varies, checked. @throws TypeError, RangeError for malformed options. */
export function variationOf(vary: Vary = NO_OPTIONS): Variation {
  if (typeof vary !== "object" || vary === null) {
    throw new TypeError(
      `vary: expected an object such as { ready: true, ties: true, delays: 0.5 }, got ${describeValue(vary)}`,
    );
  }
  requireOptions("vary", vary, VARY_OPTIONS);
  for (const key of ["ready", "ties", "network", "callbackOrder"] as const) {
    if (!isFlag(vary[key])) {
      throw new TypeError(`vary.${key}: expected true or false, got ${describeValue(vary[key])}`);
    }
  }
  const { ready = true, ties = true, delays = 0, network = true, callbackOrder = false } = vary;
  if (typeof delays !== "number" || !(delays >= 0 && delays < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`vary.delays: expected seconds, finite and not negative, got ${describeValue(delays)}`);
  }
  return { ready, ties, delays, network, callbackOrder };
}

/** A short hash of what a schedule depends on besides the program itself. */
export function fingerprintOf(variation: Variation, settings: Readonly<Record<string, unknown>>): string {
  const { callbackOrder, ...others } = variation;
  // Tokens of earlier checkouts know it by this name.
  const text = JSON.stringify([{ ...others, hardening: callbackOrder }, settings]);
  return (hashOf(text, 0x811c9dc5) >>> 0).toString(16).padStart(8, "0");
}
