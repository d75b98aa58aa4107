/** Prints the known digests as JSON: what a process of its own, perhaps of another Node version, is asked for. */

import { knownDigests } from "./digests.ts";

console.log(JSON.stringify(await knownDigests()));
