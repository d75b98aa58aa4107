// A load hook of Node, beneath tsx, which compiles what this returns.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

let mutant;

export function initialize(data) {
  mutant = data;
}

export async function load(url, context, nextLoad) {
  const [file] = url.split("?");
  if (file !== mutant.url) {
    return await nextLoad(url, context);
  }
  const source = readFileSync(fileURLToPath(file), "utf8");
  const mutated = source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end);
  return { format: "module", source: mutated, shortCircuit: true };
}
