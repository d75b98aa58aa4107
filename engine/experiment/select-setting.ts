import { requireFields } from "../base/require-argument.ts";
import { unknownName } from "../base/unknown-name.ts";
import { type Experiment, requireExperiment } from "./experiment.ts";
import { type Setting, settingText } from "./parameters.ts";
import { runReplication } from "./replication.ts";
import { findWarmUp } from "./run-experiment.ts";
import { type SelectOptions, selectBest } from "./select-best.ts";

/** Options of {@link selectSetting}. */
export interface SelectSettingOptions extends Pick<SelectOptions, "better" | "indifference" | "first" | "most"> {
  /** What is compared. */
  readonly measure: string;
  /** What all random numbers are derived from; 0 by default. */
  readonly seed?: number | string;
}

/** The setting that {@link selectSetting} selected, with what the others came to. */
export class SettingSelection {
  /** The selected setting. */
  readonly best: Setting;
  /** The settings, each with its replications and its mean. */
  readonly settings: readonly { readonly setting: Setting; readonly replications: number; readonly mean: number }[];
  /** What was compared. */
  readonly measure: string;
  /** How often the best is selected, if it is better than the others by the indifference at least. */
  readonly confidence: number;
  /** The smallest difference that matters. */
  readonly indifference: number;
  /** Whether all others were left out before the limit of replications; without it, `confidence` does not hold. */
  readonly isGuaranteed: boolean;

  /** @internal */
  constructor(
    parts: Pick<SettingSelection, "best" | "settings" | "measure" | "confidence" | "indifference" | "isGuaranteed">,
  ) {
    this.best = parts.best;
    this.settings = parts.settings;
    this.measure = parts.measure;
    this.confidence = parts.confidence;
    this.indifference = parts.indifference;
    this.isGuaranteed = parts.isGuaranteed;
  }

  /** A few lines for people. */
  toString(): string {
    const rows = this.settings.map(({ setting, replications, mean }) => [
      settingText(setting),
      String(replications),
      String(Number(mean.toPrecision(6))),
    ]);
    const head = ["setting", "runs", `mean ${this.measure}`];
    const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
    const line = ([setting, ...numbers]: readonly string[]): string =>
      [setting!.padEnd(widths[0]!), ...numbers.map((cell, i) => cell.padStart(widths[i + 1]!))].join("  ");
    const promise = this.isGuaranteed
      ? `with confidence ${this.confidence}, if it is better than the others by ${this.indifference} at least`
      : "without a guarantee: others came too close within the limit of replications";
    return [line(head), ...rows.map(line), "", `best: ${settingText(this.best)}, ${promise}`].join("\n");
  }
}

/**
 * Select the setting of an experiment whose measure has the best mean, with the experiment's confidence. Replications
 * are spent on the settings that are close.
 *
 * All settings have the same random numbers in a replication, which makes the comparison sharper.
 *
 * @throws RangeError for fewer than two settings, a measure that the model does not have, and options without sense;
 * ExperimentError if the model fails.
 * @see selectBest
 */
export async function selectSetting(experiment: Experiment, options: SelectSettingOptions): Promise<SettingSelection> {
  requireExperiment("selectSetting", experiment);
  requireFields("selectSetting", "options { measure, indifference }", options, { measure: "string" });
  const { measure, seed = 0, ...others } = options;
  const { settings, confidence, name } = experiment;
  if (settings.length < 2) {
    throw new RangeError(`${name}: a selection needs at least two settings, got ${settings.length}`);
  }
  const warmUp = experiment.warmUp === "auto" ? await findWarmUp(experiment, seed) : experiment.warmUp;
  const { best, replications, means, isGuaranteed } = await selectBest({
    ...others,
    count: settings.length,
    confidence,
    sample: async (setting, replication) => {
      const { measures } = await runReplication(experiment, { setting, replication }, seed, warmUp);
      if (!Object.hasOwn(measures, measure)) {
        throw new RangeError(`${name}: ${unknownName("measure", measure, Object.keys(measures))}`);
      }
      return measures[measure]!;
    },
  });
  return new SettingSelection({
    best: settings[best]!,
    settings: settings.map((setting, i) => ({ setting, replications: replications[i]!, mean: means[i]! })),
    ...{ measure, confidence, indifference: options.indifference, isGuaranteed },
  });
}
