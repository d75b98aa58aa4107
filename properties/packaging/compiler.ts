import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The TypeScript compiler, for Node to run. */
export const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
