import { spawnSync } from "node:child_process";
import process from "node:process";

/** A Python that can say what is right. */
export interface Python {
  readonly command: string;
  /** Such as `3.13.0`. */
  readonly version: string;
}

/** What Python is asked for its version, and to show that it has asyncio. */
const QUESTION = "import asyncio, platform; print(platform.python_implementation(), platform.python_version())";

/**
 * Find CPython 3.13 or later: `given`, or else `SIMLOOP_PYTHON`, `python3.13`, `python3` and `python` of the path.
 *
 * @returns What was found, or one line that says what is missing.
 */
export function findPython(given?: string): Python | { readonly missing: string } {
  const named = given ?? process.env["SIMLOOP_PYTHON"];
  const candidates = named === undefined ? ["python3.13", "python3", "python"] : [named];
  const answers = candidates.map((command) => ({ command, answer: ask(command) }));
  for (const { command, answer } of answers) {
    const [, major, minor] = /^CPython (\d+)\.(\d+)\./.exec(answer) ?? [];
    if (Number(major) === 3 && Number(minor) >= 13) {
      return { command, version: answer.replace("CPython ", "") };
    }
  }
  const found = answers.map(({ command, answer }) => `${command}: ${answer || "not found"}`).join("; ");
  return { missing: `CPython 3.13 or later is needed; ${found}. Name it with --python PATH or SIMLOOP_PYTHON.` };
}

function ask(command: string): string {
  const { status, stdout } = spawnSync(command, ["-c", QUESTION], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
