import { requireSeed } from "../loop/options.ts";
import type { AsyncProgram, Program } from "../simulation.ts";
import { checkedExploreOptions, type ExploreOptions, simulationOptionsOf } from "./options.ts";
import { RunPolicy } from "./run/run-policy.ts";
import { Session } from "./run/session.ts";
import type { StopClock } from "./run/stop-clock.ts";
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
