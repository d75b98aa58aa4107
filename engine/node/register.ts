import { pathToFileURL } from "node:url";
import { simulate } from "../simulation.ts";
import { moduleProgram, ProcessExit } from "./index.ts";

/*
 * `node --import simloop/node/register app.mjs`: Node's own command, with the program in a simulation. The environment
 * variable SIMLOOP_SEED is the seed, 0 by default. The process ends as the program does.
 */

const [, file, ...args] = process.argv;
if (file === undefined) {
  throw new TypeError(
    "simloop/node/register: expected the file of a program: node --import simloop/node/register app.mjs",
  );
}
const { SIMLOOP_SEED: seed = "0" } = process.env;
const { error, warnings } = await simulate(moduleProgram(pathToFileURL(file), { args }), {
  seed,
  trace: "off",
  output: (text) => process.stdout.write(text),
});
for (const warning of warnings) {
  process.stderr.write(`${warning}\n`);
}
if (error !== undefined && !(error instanceof ProcessExit)) {
  console.error(error);
}
// Node would now load the program, for real.
process.exit(error === undefined ? 0 : error instanceof ProcessExit ? error.code : 1);
