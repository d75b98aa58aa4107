import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { textHash } from "../../../engine/experiment/index.ts";
import { isPath } from "../load/find-scenario.ts";
import { nodeProgramPath } from "../node-option.ts";

/** The version of this very package. */
export const engineVersion = (): string => createRequire(import.meta.url)("simloop/package.json").version;

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]+)\1/g;

/**
 * A hash of the source of the scenario that `called` names: of its file and of those that it imports by relative paths.
 * Workers and stores with another one are refused.
 *
 * @param builtIn - The text of a program that has no file.
 */
export async function programHash(called: string, builtIn: () => string | Promise<string>): Promise<string> {
  const path = nodeProgramPath(called) ?? called;
  if (!isPath(path)) {
    return textHash(`built-in ${called}\n${await builtIn()}`);
  }
  const texts = new Map<string, string>();
  await collect(resolve(path), texts);
  // By content alone, so that the directory does not matter.
  return textHash([...texts.values()].map((text) => `${text.length}\n${text}`).join("\n"));
}

async function collect(path: string, texts: Map<string, string>): Promise<void> {
  if (texts.has(path)) {
    return;
  }
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) {
    return;
  }
  texts.set(path, text);
  for (const [, , target = ""] of text.matchAll(IMPORT)) {
    const base = resolve(dirname(path), target);
    // TypeScript may be imported under the name of what it compiles to.
    for (const candidate of [base, base.replace(/\.([mc]?)js$/, ".$1ts"), `${base}.js`, `${base}.json`]) {
      await collect(candidate, texts);
    }
  }
}
