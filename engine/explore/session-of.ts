import { describeValue } from "../base/describe.ts";
import { isObject, requireArgument } from "../base/require-argument.ts";
import { requireLimit, requireSeed } from "../loop/options.ts";
import type { AsyncProgram, Program } from "../simulation.ts";
import { checkedExploreOptions, type ExploreOptions, simulationOptionsOf } from "./options.ts";
import { FIFO } from "./run/chooser.ts";
import { RunPolicy } from "./run/run-policy.ts";
import { Session } from "./run/session.ts";
import type { StopClock } from "./run/stop-clock.ts";
import type { ExecutionRecord } from "./schedule/execution-record.ts";
import { DEFAULT_SCHEDULE, type Schedule } from "./schedule/schedule.ts";
import { parseToken, requireFresh } from "./schedule/token.ts";
import { fingerprintOf, variationOf } from "./schedule/variation.ts";

/**
 * A session in which `program` runs with these options, and a fingerprint of what a schedule depends on.
 *
 * @param clock - What ends a run in the middle; by default nothing but the signal of the options.
 * @param onProgress - Called now and then in the middle of a long run.
 */
export function sessionOf(
  program: Program<unknown> | AsyncProgram<unknown>,
  options: ExploreOptions,
  clock?: StopClock,
  onProgress?: () => void,
): { session: Session; fingerprint: string } {
  const variation = variationOf(options.vary);
  const { maxSteps } = checkedExploreOptions(options);
  const { seed = 0, start = null, timeZone = null, until = null, maxTime = null } = options;
  requireSeed(seed);
  const session = new Session(new RunPolicy(variation), {
    program,
    options: {
      ...simulationOptionsOf(options),
      maxSteps,
      ...(clock === undefined ? {} : { signal: clock }),
      ...(onProgress === undefined ? {} : { onProgress }),
    },
    baseline: null,
    fairAfter: maxSteps / 2,
    wantsPlaces: true,
  });
  return { session, fingerprint: fingerprintOf(variation, { seed, start, timeZone, until, maxTime, maxSteps }) };
}

/** @throws TypeError if `program` is not a function, or the options of the function `what` are not an object. */
export function requireProgram(what: string, program: unknown, options: unknown): void {
  if (typeof program !== "function") {
    throw new TypeError(`${what}: expected a coroutine function (main, not main()), got ${describeValue(program)}`);
  }
  requireArgument(what, "an object of options", isObject(options), options);
}

/** A session for the run of a token, and what was learnt of the default schedule. */
export interface TokenSession {
  readonly session: Session;
  readonly fingerprint: string;
  /** What the token says. */
  readonly schedule: Schedule;
  /** The run of the default schedule, by which a leak or another outcome of the token's is recognized. */
  readonly baseline: ExecutionRecord;
}

/**
 * A session in which `token` can be followed: what `replay` and the debugger begin with.
 *
 * @param what - The function that was called, for messages.
 * @param token - `null` for the default schedule.
 * @throws TokenError for a malformed token, and unless `lenient` is set for one of another version or of other options.
 */
export async function sessionOfToken(
  what: string,
  program: Program<unknown> | AsyncProgram<unknown>,
  token: string | null,
  options: ExploreOptions & { readonly lenient?: boolean },
): Promise<TokenSession> {
  const read = token === null ? null : parseToken(token);
  const { lenient = false, ...rest } = options;
  const { session, fingerprint } = sessionOf(program, rest);
  if (read !== null && !lenient) {
    requireFresh(read, fingerprint);
  }
  requireLimit(`${what}: maxSteps`, options.maxSteps);
  const baseline = await session.run(FIFO);
  const record = session.record.copy();
  if (baseline.breakage === null) {
    session.settings = { ...session.settings, baseline };
  }
  return { session, fingerprint, schedule: read?.schedule ?? DEFAULT_SCHEDULE, baseline: record };
}
