import { ENGINE_VERSION } from "../trace/version.ts";
import type { Plan } from "./plan.ts";
import { textHash } from "./text-hash.ts";

/** Everything that the results of a sweep depend on. */
export interface Campaign extends Plan {
  /** A hash of the program, or a name that changes with it. */
  readonly program: string;
  /** What else decides about each run, as one string: the options of the simulation. */
  readonly options: string;
}

/** The identity of a campaign: two campaigns with the same one have the same results, run for run. */
export const campaignId = ({ program, options, settings, seeds }: Campaign): string =>
  textHash(JSON.stringify([ENGINE_VERSION, program, options, settings, seeds.from, seeds.to]));
