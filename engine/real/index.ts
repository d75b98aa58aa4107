/** simloop on the clock and the network of the machine, for Node.js: `simloop/real`. */
export { RealEventLoop, type RealEventLoopOptions } from "../network/real/real-event-loop.ts";
export { type RunRealOptions, runReal } from "./run-real.ts";
