import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SimPy } from "./find-simpy.ts";
import type { ProgramSpec } from "./resource-program.ts";
import { runProgram } from "./run-program.ts";

/** A program whose logs differ. */
export interface Difference {
  /** Number of the program. */
  readonly index: number;
  readonly spec: ProgramSpec;
  /** The first line that differs; `undefined` where a log is over. */
  readonly simloop: string | undefined;
  readonly simpy: string | undefined;
  /** Number of that line. */
  readonly line: number;
}

/** Runs programs on SimPy, and yields their logs in order. */
export async function* simpyLogs(simpy: SimPy, specs: readonly ProgramSpec[]): AsyncGenerator<string[], void, void> {
  const child = spawn(simpy.python, [fileURLToPath(new URL("interpreter.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(specs.map((spec) => `${JSON.stringify(spec)}\n`).join(""));
  for await (const line of createInterface({ input: child.stdout })) {
    yield JSON.parse(line) as string[];
  }
}

/** The first difference between what `spec` does on simloop and `expected`; `undefined` if there is none. */
export async function differenceOf(
  index: number,
  spec: ProgramSpec,
  expected: readonly string[],
): Promise<Difference | undefined> {
  const log = await runProgram(spec);
  const length = Math.max(log.length, expected.length);
  for (let line = 0; line < length; line++) {
    if (log[line] !== expected[line]) {
      return { index, spec, simloop: log[line], simpy: expected[line], line };
    }
  }
  return undefined;
}
