import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { codeBlocks } from "./docs/code-blocks.ts";

/*
 * The examples of docs/testing.md for other test runners, run by them in a project that has the compiled package.
 * (ava's helper is tested in schedule.test.ts, by ava.)
 */

const execute = promisify(execFile);
const checkout = fileURLToPath(new URL("..", import.meta.url));
const inModules = (path: string): string => join(checkout, "node_modules", path);

/**
 * Milliseconds that a runner may take for the example: both limit a test to 5 seconds, which a slow machine needs for
 * the runner itself.
 */
const LIMIT = 1_800_000;

/** How a runner is called, with which settings of Node, and which example it gets. */
const runners = {
  node: { example: "node", args: ["--test", "example.test.mjs"], nodeOptions: "" },
  vitest: {
    example: "vitest",
    args: [inModules("vitest/vitest.mjs"), "run", "--root", ".", `--testTimeout=${LIMIT}`, `--hookTimeout=${LIMIT}`],
    nodeOptions: "",
  },
  jest: {
    example: "jest",
    args: [inModules("jest/bin/jest.js"), "--config", '{ "testMatch": ["**/*.test.mjs"] }', `--testTimeout=${LIMIT}`],
    nodeOptions: "--experimental-vm-modules",
  },
} as const;

let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), "simloop-runners-"));
  const installed = join(directory, "simloop");
  await mkdir(installed);
  await execute(process.execPath, ["--import=tsx", "properties/packaging/build.ts", join(installed, "dist")], {
    cwd: checkout,
  });
  await cp(join(checkout, "package.json"), join(installed, "package.json"));
});

test.after.always(() => rm(directory, { recursive: true, force: true }));

async function createProject(name: string, code: string): Promise<string> {
  const project = join(directory, name);
  const modules = join(project, "node_modules");
  await mkdir(modules, { recursive: true });
  await cp(join(directory, "simloop"), join(modules, "simloop"), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
  for (const each of [...Object.keys(dependencies), "fast-check", "vitest"]) {
    await symlink(inModules(each), join(modules, each), "junction");
  }
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  await writeFile(join(project, "example.test.mjs"), code);
  return project;
}

const page = codeBlocks(readFileSync(join(checkout, "docs/testing.md"), "utf8"));

const examples = Object.entries(runners).flatMap(([name, runner]) => [
  { ...runner, name, about: "" },
  { ...runner, name, example: `${runner.example}-async`, about: " for async functions" },
]);

for (const { name, example, about, args, nodeOptions } of examples) {
  test(`Runners: the example of the docs${about} runs under ${name}`, async (t) => {
    const code = page.find(({ marks }) => marks.get("runner") === example)?.code ?? "";
    const project = await createProject(example, code);
    const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
    const running = execute(process.execPath, args, {
      cwd: project,
      env: { ...env, NO_COLOR: "1", NODE_OPTIONS: nodeOptions },
    });
    const {
      stdout,
      stderr,
      code: exitCode,
    } = await running.then(
      (output) => ({ ...output, code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
    t.is(exitCode, 0, `${stdout}\n${stderr}`);
    t.regex(`${stdout}\n${stderr}`, /([#ℹ] pass 1\n)|(Tests {2}1 passed)|(Tests: {7}1 passed)/);
  });
}
