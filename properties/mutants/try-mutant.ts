import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Mutant } from "./mutants-of.ts";

/** What the tests did. */
export type Verdict = "passed" | "failed" | "timeout";

const HOOK = new URL("hook.mjs", import.meta.url).href;
/** Enough for every test; a mutant that allocates without end dies early. */
const HEAP_MEGABYTES = 2048;

const running = new Set<number>();

/** End all test processes, and those that they started. */
export function endTests(): void {
  for (const pid of running) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  }
}

/** Result of a run of some test files. */
export interface TestRun {
  readonly verdict: Verdict;
  /** Real seconds. */
  readonly seconds: number;
  readonly output: string;
}

/**
 * Run test files with ava, with `mutant` in place of the code that is there, up to the first failure.
 *
 * @param limit - Real seconds after which the tests count as hanging.
 */
export async function runTests(
  root: string,
  tests: readonly string[],
  mutant: Mutant | null,
  limit: number,
): Promise<TestRun> {
  const ava = join(root, "node_modules/ava/entrypoints/cli.mjs");
  return await runNode(root, [ava, "--fail-fast", ...tests], mutant, limit);
}

/**
 * Run test files as `runTests` does, but all in one process, which compiles the engine once. `output` then begins with
 * a line for each file that passed: its path and the seconds it took.
 */
export async function runTogether(
  root: string,
  tests: readonly string[],
  mutant: Mutant | null,
  limit: number,
): Promise<TestRun> {
  const loading = ["--conditions=simloop-source", "--import=tsx"];
  return await runNode(root, [...loading, "properties/mutants/one-process.mjs", ...tests], mutant, limit);
}

async function runNode(root: string, args: readonly string[], mutant: Mutant | null, limit: number): Promise<TestRun> {
  const begin = performance.now();
  const env = environmentFor(root, mutant);
  const test = spawn(process.execPath, args, { cwd: root, env, detached: true });
  const pid = test.pid!;
  running.add(pid);
  let output = "";
  for (const stream of [test.stdout, test.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let isLate = false;
  const end = (): void => {
    isLate = true;
    process.kill(-pid, "SIGKILL");
  };
  const timer = setTimeout(end, limit * 1000);
  const code = await new Promise((resolve) => test.on("close", resolve));
  clearTimeout(timer);
  running.delete(pid);
  const verdict = isLate ? "timeout" : code === 0 ? "passed" : "failed";
  return { verdict, seconds: (performance.now() - begin) / 1000, output };
}

function environmentFor(root: string, mutant: Mutant | null): NodeJS.ProcessEnv {
  const options = `--max-old-space-size=${HEAP_MEGABYTES}`;
  if (mutant === null) {
    return { ...process.env, NODE_OPTIONS: options };
  }
  const { start, end, replacement } = mutant;
  const url = pathToFileURL(join(root, mutant.file)).href;
  const SIMLOOP_MUTANT = JSON.stringify({ url, start, end, replacement });
  return { ...process.env, NODE_OPTIONS: `${options} --import=${HOOK}`, SIMLOOP_MUTANT };
}
