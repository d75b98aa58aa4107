import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundleCommandLine } from "./bundle-command-line.ts";
import { bundleEngine } from "./bundle-engine.ts";
import { tsc } from "./compiler.ts";

/*
 * `node --import=tsx build.ts [folder]`: the package's code and types, as they are published, into `dist` or another folder, which is emptied.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, "dist"));

rmSync(folder, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", folder], {
  stdio: "inherit",
});
if (status !== 0) {
  process.exit(status ?? 1);
}
await bundleEngine(join(folder, "engine"));
await bundleCommandLine(join(folder, "scenarios", "cli"));
