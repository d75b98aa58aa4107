import { requireFields } from "../base/require-argument.ts";
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
export function campaignId(campaign: Campaign): string {
  requireCampaign("campaignId", campaign);
  const { program, options, settings, seeds } = campaign;
  return textHash(JSON.stringify([ENGINE_VERSION, program, options, settings, seeds.from, seeds.to]));
}

/** @throws TypeError unless `campaign` is one. */
export const requireCampaign = (method: string, campaign: unknown): void =>
  requireFields(method, "a campaign { program, options, settings, seeds }", campaign, {
    program: "string",
    options: "string",
    settings: "array",
    seeds: "object",
  });
