import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundleEngine } from "../packaging/bundle-engine.ts";
import { tsc } from "../packaging/compiler.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** The programs to measure and the engine under them, compiled and put together as in the published package. */
export interface Build {
  /** The compiled `child.ts`. */
  readonly child: string;
  /** What the compiler complained about; the code was emitted all the same. */
  readonly complaints: string;
  /** Removes the compiled files. */
  remove(): void;
}

/**
 * Compiles engine and programs afresh, so that what is measured is neither a stale `dist` nor a loader's translation.
 *
 * @throws Error if the compiler emitted nothing, or the bundler finds fault.
 */
export async function build(): Promise<Build> {
  const cache = join(here, "../../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "simloop-bench-"));
  // Below node_modules no package.json further up says that these files are ES modules.
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }\n');
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", here, "--outDir", directory], { encoding: "utf8" });
  const child = join(directory, "properties/bench/child.js");
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    if (!existsSync(child)) throw new Error(`the compiler emitted nothing:\n${stdout}`);
    await bundleEngine(join(directory, "engine"));
  } catch (error) {
    remove();
    throw error;
  }
  return { child, complaints: stdout.trim(), remove };
}
