import type { Experiment } from "../../../engine/experiment/index.ts";
import { builtInExperiment, experimentNames } from "../../index.ts";
import { UsageError } from "../failures.ts";
import { isExperiment, isPath, loadModule } from "../load/find-scenario.ts";

/**
 * The experiment that `text` means: a built-in one by its name, or one that the file of that path exports by default or
 * as `experiment`.
 *
 * @throws UsageError if there is none.
 */
export async function findExperiment(text: string): Promise<Experiment> {
  if (!isPath(text)) {
    const experiment = await builtInExperiment(text);
    if (experiment === undefined) {
      throw new UsageError(
        `unknown experiment '${text}' (known: ${experimentNames().join(", ")}). For a file, give its path, such as ./${text}.ts`,
      );
    }
    return experiment;
  }
  const exported = await loadModule(text);
  const found = [exported["default"], exported["experiment"]].find(isExperiment);
  if (found === undefined) {
    const names = Object.keys(exported).join(", ") || "nothing";
    throw new UsageError(
      `${text} exports ${names}: expected \`export default defineExperiment({ name, about, model })\``,
    );
  }
  return found;
}
