import { requireArgument } from "../base/require-argument.ts";
import type { Campaign } from "./campaign.ts";
import { requireCampaign } from "./campaign.ts";
import type { Experiment } from "./experiment.ts";
import { ExperimentReport } from "./experiment-report.ts";
import type { RangeResult } from "./range-result.ts";
import { Replications } from "./replications.ts";
import { textHash } from "./text-hash.ts";

/** What the report of an experiment needs besides its results and settings. */
interface Summary extends Pick<Experiment, "name" | "until" | "least" | "most" | "confidence" | "antithetic"> {
  readonly seed: number | string;
  readonly warmUp: number;
  /** `"Infinity"` if the model ends each run itself. */
  readonly length: string;
}

/** The campaign of an experiment: its runs have the numbers of replications for seeds. */
export function experimentCampaign(experiment: Experiment, seed: number | string, warmUp: number): Campaign {
  const { name, settings, model, length, until, least, most, confidence, antithetic } = experiment;
  const summary: Summary = { name, seed, warmUp, length: String(length), until, least, most, confidence, antithetic };
  return {
    program: textHash(`${name}\n${String(model)}`),
    options: JSON.stringify({ experiment: summary }),
    settings,
    seeds: { from: 0, to: most - 1 },
  };
}

/** The report of an experiment whose results were kept, in any order; `null` if `campaign` is that of a sweep. */
export function reportOfCampaign(campaign: Campaign, results: readonly RangeResult[]): ExperimentReport | null {
  requireCampaign("reportOfCampaign", campaign);
  requireArgument("reportOfCampaign", "an array of results", Array.isArray(results), results);
  const { options, settings } = campaign;
  const { experiment } = JSON.parse(options) as { readonly experiment?: Summary };
  if (experiment === undefined) {
    return null;
  }
  const precision = { ...experiment, settings };
  const replications = new Replications(precision);
  for (const result of results) {
    replications.add(result);
  }
  return new ExperimentReport(precision, experiment.seed, experiment.warmUp, replications.counted());
}
