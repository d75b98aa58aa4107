import { installDriver } from "../loop/driver.ts";
import { NodeDriver } from "./loop/node-driver.ts";
import { installPatches } from "./patches/index.ts";

/*
 * `import "simloop/node"`, before everything else: `simulate`, `explore` and `replay` take `async` functions, whose
 * timers, clocks, random numbers and sockets are simulated.
 */

installPatches();
installDriver(new NodeDriver());

export { ProcessExit } from "./loop/process-exit.ts";
export { type ModuleProgramOptions, moduleProgram } from "./modules/module-program.ts";
