// Preloaded into every Node process of a test run: modules load as the mutant in SIMLOOP_MUTANT has them. Files stay as they are.
import { register } from "node:module";

const mutant = process.env.SIMLOOP_MUTANT;
if (mutant !== undefined) {
  register("./load.mjs", import.meta.url, { data: JSON.parse(mutant) });
}
