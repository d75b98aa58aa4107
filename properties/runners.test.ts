import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { codeBlocks } from "./docs/code-blocks.ts";

/*
 * The examples of docs/exploring.md for other test runners, run by them: node:test always, the others where they are installed.
 */

const checkout = fileURLToPath(new URL("..", import.meta.url));
const examples = codeBlocks(readFileSync(join(checkout, "docs/exploring.md"), "utf8")).filter(({ marks }) =>
  marks.has("runner"),
);

const SOURCE = ["--conditions=simloop-source", `--import=${import.meta.resolve("tsx")}`];

/** How a runner is called, and what stands for its module in the example. */
const runners = {
  node: { example: "node", bin: null, args: ["--test", "example.test.mjs"], module: "node:test" },
  vitest: { example: "vitest", bin: "vitest/vitest.mjs", args: ["run", "--root", "."], module: "vitest" },
  jest: { example: "vitest", bin: "jest/bin/jest.js", args: ["--rootDir", "."], module: "@jest/globals" },
} as const;

/** Where a runner's program is; `undefined` if it is not installed. */
function find(bin: string | null): string | null | undefined {
  if (bin === null) {
    return null;
  }
  try {
    return createRequire(import.meta.url).resolve(bin);
  } catch {
    return undefined;
  }
}

for (const [name, { example, bin, args, module }] of Object.entries(runners)) {
  test(`Runners: the example of the docs runs under ${name}`, (t) => {
    const program = find(bin);
    const code = examples.find(({ marks }) => marks.get("runner") === example)?.code;
    if (program === undefined || code === undefined) {
      t.log(`${name} is not installed`);
      t.is(typeof code, "string");
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), "simloop-runner-"));
    try {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(checkout, join(folder, "node_modules/simloop"), "junction");
      symlinkSync(join(checkout, "node_modules/fast-check"), join(folder, "node_modules/fast-check"), "junction");
      writeFileSync(join(folder, "example.test.mjs"), code.replace('"vitest"', `"${module}"`));
      const command = program === null ? [...SOURCE, ...args] : [...SOURCE, program, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      });
      t.is(status, 0, `${stdout}\n${stderr}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
