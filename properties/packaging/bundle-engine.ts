import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const engine = fileURLToPath(new URL("../../engine/", import.meta.url));

/** What is imported from outside of the engine. */
const ENTRIES = { index: join(engine, "index.ts"), "real/index": join(engine, "real/index.ts") };

/**
 * Puts the engine together into few files in `folder`, which holds it compiled file by file; the declarations stay.
 *
 * A hundred modules take Node longer to load than many a simulation takes to run, and V8 calls a function of another module less directly.
 * Names stay as they are: they stand in texts and stacks.
 */
export async function bundleEngine(folder: string): Promise<void> {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.js(?:\.map)?$/.test(path)) {
      rmSync(join(folder, path));
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
    dir: folder,
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "core.js",
    minify: false,
  });
  await bundle.close();
}
