import { readFileSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { getRunningLoop, type Program, print, simulate } from "../index.ts";

/** Print `text` behind the virtual time. */
export const say = (text: unknown): void => print(getRunningLoop().time(), text);

/** What `main` prints, a line each, and what it fails with. */
export async function logOf(main: Program<unknown>): Promise<string[]> {
  const { output, error } = await simulate(main, { trace: "off" });
  return `${output}${error === undefined ? "" : `main failed: ${error}`}`.replace(/\n$/, "").split("\n");
}

/**
 * A check against the logs of CPython 3.13 in `file`, a line `[title, log]` for each test; the Python program of the
 * same name beside it writes them.
 */
export function againstPython(
  file: URL,
): (t: ExecutionContext, main: Program<unknown>, expected: readonly string[]) => Promise<void> {
  const recorded: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  return async (t, main, expected) => {
    t.deepEqual(await logOf(main), expected);
    t.deepEqual(recorded[t.title], expected);
  };
}

/** Reports without the lines that say where in which file something happened. */
export const withoutPlaces = (reports: readonly string[]): string[] =>
  reports.map((report) => report.replaceAll(/\n {2}at .*:\d+:\d+$/g, ""));
