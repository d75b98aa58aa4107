import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundleCommandLine } from "./bundle-command-line.ts";
import { bundleEngine } from "./bundle-engine.ts";
import { tsc } from "./compiler.ts";

/*
 * `node --import=tsx build.ts [directory]`: the package's code and types, as they are published, into `dist` or another
 * directory, which is emptied.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const directory = resolve(process.argv[2] ?? join(root, "dist"));

rmSync(directory, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", directory], {
  stdio: "inherit",
});
if (status !== 0) {
  process.exit(status ?? 1);
}
await bundleEngine(join(directory, "engine"));
await bundleCommandLine(join(directory, "scenarios", "cli"));
