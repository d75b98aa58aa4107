import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type Scenario, scenarioOptions, simulate } from "../../engine/index.ts";
import { checkout } from "./stage.ts";

const FROM_SOURCE = [process.execPath, "--conditions=simloop-source", `--import=${import.meta.resolve("tsx")}`];

/**
 * What a TypeScript program writes to the console of a process of its own: `simloop/node` has to be imported before
 * anything else.
 */
export const runAlone = (directory: string, name: string): Promise<string> =>
  runProcess(directory, [...FROM_SOURCE, name], { NO_COLOR: "1" });

/**
 * What a TypeScript program writes to the console; a module that exports a scenario prints what that prints, warnings
 * last.
 */
export async function runTypeScript(path: string): Promise<string> {
  const written: string[] = [];
  const { log, error } = console;
  const write = (...values: unknown[]): number => written.push(`${values.map(String).join(" ")}\n`);
  Object.assign(console, { log: write, error: write });
  try {
    const module: { readonly default?: Scenario } = await import(pathToFileURL(path).href);
    if (module.default !== undefined) {
      const { output, warnings } = await simulate(module.default.main, scenarioOptions(module.default));
      written.push(output, ...warnings.map((warning) => `${warning}\n`));
    }
  } finally {
    Object.assign(console, { log, error });
  }
  return written.join("").replaceAll(/^ {2}at .*\/docs-[\w-]+\.ts:/gm, "  at program.ts:");
}

/** What a command and its errors write, run in `directory`. */
async function runProcess(
  directory: string,
  command: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
) {
  const child = spawn("sh", ["-c", 'exec "$0" "$@" 2>&1', ...command], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return await text(child.stdout);
}

/** The words of a command, without the quotes around some of them. */
const wordsOf = (line: string): string[] =>
  line
    .trim()
    .match(/'[^']*'|[^ ]+/g)!
    .map((word) => word.replace(/^'(.*)'$/, "$1"));

/** What a line `npx simloop …` or `npx tsx --test FILE` writes, run from the sources of this checkout. */
export function runCommandLine(line: string, directory: string): Promise<string> {
  const words = wordsOf(line);
  const command = words.slice(0, 2).join(" ");
  if (command === "npx simloop") {
    const main = join(checkout, "scenarios/cli/main.ts");
    return runProcess(directory, [...FROM_SOURCE, main, ...words.slice(2)], { NO_COLOR: "1" });
  }
  if (command === "npx tsx" && words[2] === "--test" && words.length === 4) {
    // Without NODE_TEST_CONTEXT, which a test runner around this one may have set, the file reports to people.
    return runProcess(directory, [...FROM_SOURCE, words[3]!], { NO_COLOR: "1", NODE_TEST_CONTEXT: undefined });
  }
  throw new Error(`expected "npx simloop …" or "npx tsx --test FILE", got: ${line}`);
}

const PYTHON_PROGRAM =
  "import sys, virtual_clock; p = sys.argv.pop(); exec(compile(open(p, encoding='utf-8').read(), p, 'exec'))";

/** What a Python program writes on a virtual clock, with its wall clock at `start` (`HH:MM:SS`) in the beginning. */
export const runPython = (command: string, directory: string, path: string, start: string): Promise<string> =>
  runProcess(directory, [command, "-uc", PYTHON_PROGRAM, start, basename(path)], {
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: directory,
    LC_ALL: "C.UTF-8",
  });

/** Python's output without what differs from run to run, and from one version to the next. */
export const comparable = (output: string): string =>
  output
    .replace(/\b0x[0-9a-f]+/g, "0x…")
    .replace(/\('127\.0\.0\.1', \d+\)/g, "('127.0.0.1', …)")
    // What CPython 3.13 writes where 3.12 and earlier wrote `sys:1:`.
    .replace(/^<sys>:0: /gm, "sys:1: ");
