import { defineScenario, type ParameterDefaults, type Scenario } from "../scenario.ts";
import type { Experiment } from "./experiment.ts";
import { requireExperiment } from "./experiment.ts";
import type { Setting } from "./parameters.ts";
import { replicationProgram } from "./replication.ts";

/**
 * The model of an experiment as a scenario, so that a replication can be run, traced, checked, explored and swept by
 * its seed.
 *
 * Its parameters are those of the settings, with the values of the first as defaults. It returns the measures as
 * numbers. With a warm-up of `"auto"`, it has none.
 */
export function experimentScenario(experiment: Experiment): Scenario {
  requireExperiment("experimentScenario", experiment);
  const { name, about, settings, warmUp } = experiment;
  const parameters: Record<string, Setting[string]> = {};
  for (const setting of settings) {
    for (const [parameter, value] of Object.entries(setting)) {
      parameters[parameter] ??= value;
    }
  }
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ["experiment"];
  const isPlain = Object.values(parameters).every((value) => ["number", "string", "boolean"].includes(typeof value));
  return defineScenario<unknown, ParameterDefaults>({
    name: words.join("-"),
    about,
    ...(isPlain ? { parameters } : {}),
    *main(given) {
      const setting = isPlain ? given : settings[0]!;
      const { measures } = yield* replicationProgram(experiment, setting, 0, warmUp === "auto" ? 0 : warmUp)();
      return measures;
    },
  });
}
