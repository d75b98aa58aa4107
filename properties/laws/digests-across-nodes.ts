/**
 * Compares the digests of the same programs under several versions of Node:
 *
 *     node --conditions=simloop-source --import=tsx properties/laws/digests-across-nodes.ts 20 22 24 26
 *     /path/to/another/node
 *
 * A number stands for the newest Node of that major version, which npx fetches; anything else is the command of a Node.
 * Exits with 1 if any digest differs, and with 2 if a Node cannot be run.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("print-digests.ts", import.meta.url));
const nodeArguments = ["--conditions=simloop-source", "--import=tsx"];

interface Answer {
  readonly version: string;
  readonly digests: readonly string[];
}

function run(node: string, args: readonly string[]): string {
  const command = /^\d+$/.test(node) ? ["npx", "--yes", "-p", `node@${node}`, "node"] : [node];
  const [file, ...before] = command as [string, ...string[]];
  const { stdout, stderr, status, error } = spawnSync(file, [...before, ...args], { encoding: "utf8" });
  if (status !== 0) {
    console.error(`${command.join(" ")} failed: ${error?.message ?? stderr}`);
    process.exit(2);
  }
  return stdout;
}

const ask = (node: string): Answer => ({
  version: run(node, ["--version"]).trim(),
  digests: JSON.parse(run(node, [...nodeArguments, script])),
});

const nodes = process.argv.length > 2 ? process.argv.slice(2) : [process.execPath];
const answers = [process.execPath, ...nodes].map(ask);
const [reference] = answers as [Answer];
let differences = 0;
for (const { version, digests } of answers) {
  const different = digests.flatMap((digest, i) => (digest === reference.digests[i] ? [] : [i]));
  differences += different.length;
  const verdict = different.length === 0 ? "the same" : `differs in programs ${different.join(", ")}`;
  console.log(`${version.padEnd(10)} ${digests.length} digests: ${verdict}`);
}
process.exitCode = differences > 0 ? 1 : 0;
