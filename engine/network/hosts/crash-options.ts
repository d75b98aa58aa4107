import { describeValue } from "../../base/describe.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";

/**
 * What becomes of the connections of a host that crashes: they vanish, as in a power failure, or are reset, as when
 * only the programs die.
 */
export type CrashedConnections = "vanish" | "reset";

/** How a host crashes. */
export interface CrashOptions {
  /** What becomes of its connections; `"vanish"` by default. */
  readonly connections?: CrashedConnections;
}

const CRASH_OPTIONS = optionNames<CrashOptions>({ connections: true });

/** @throws TypeError for unknown options; RangeError for an unknown value of `connections`. */
export function requireCrashOptions(what: string, options: CrashOptions): void {
  requireOptions(what, options, CRASH_OPTIONS);
  const { connections } = options;
  if (connections !== undefined && connections !== "vanish" && connections !== "reset") {
    throw new RangeError(`${what}: expected connections to be "vanish" or "reset", got ${describeValue(connections)}`);
  }
}
