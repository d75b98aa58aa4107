import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const engine = fileURLToPath(new URL("../../engine/", import.meta.url));

/** What is imported from outside of the engine: the index, and the entries for one use. */
const NAMES = [
  "index",
  "experiment/index",
  "explore/index",
  "network/index",
  "node/index",
  "node/register",
  "real/index",
  "resources/index",
  "trace/index",
];
const ENTRIES = Object.fromEntries(NAMES.map((name) => [name, join(engine, `${name}.ts`)]));

/**
 * What every entry may share. The entries stand by themselves, and so does what needs Node, which bundlers for a
 * browser cannot find.
 */
const SHARED =
  /\/engine\/(?!(?:\w+\/)?index\.ts$|experiment\/|node\/|real\/|resources\/|statistics\/|clock\/real|network\/real)/;

/**
 * Puts the engine together into few files in `directory`, which holds it compiled file by file; the declarations stay.
 *
 * A hundred modules take Node longer to load than many a simulation takes to run, and V8 calls a function of another
 * module less directly. Names stay as they are: they stand in texts and stacks.
 */
export async function bundleEngine(directory: string): Promise<void> {
  for (const path of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    if (/\.js(?:\.map)?$/.test(path)) {
      rmSync(join(directory, path));
    }
  }
  const bundle = await rolldown({
    input: ENTRIES,
    platform: "node",
    external: [/^node:/, "pure-rand", /^pure-rand\//],
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  await bundle.write({
    dir: directory,
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    // All that entries share is one file: a dozen small ones take longer to load, and are harder to read in a stack.
    codeSplitting: { groups: [{ name: "core", test: SHARED }] },
    chunkFileNames: "[name].js",
    minify: false,
  });
  await bundle.close();
}
