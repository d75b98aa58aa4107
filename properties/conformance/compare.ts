import type { Program } from "./dsl/program.ts";
import { FLAVOURS, type Flavour } from "./interpreter/flavours.ts";
import { runProgram } from "./interpreter/run-program.ts";

/** Where simloop's trace of a program leaves CPython's for the first time. */
export interface Difference {
  readonly flavour: Flavour;
  /** Counted from 0. */
  readonly line: number;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

/** Run `program` in every flavour, and compare with CPython's trace. @returns The first difference, or `null`. */
export async function compare(program: Program, expected: readonly string[]): Promise<Difference | null> {
  for (const flavour of FLAVOURS) {
    const actual = await traceOf(program, flavour);
    const line = firstDifference(expected, actual);
    if (line !== null) {
      return { flavour, line, expected, actual };
    }
  }
  return null;
}

/** The trace in one flavour; a run that broke down has the reason as its last line. */
async function traceOf(program: Program, flavour: Flavour): Promise<readonly string[]> {
  try {
    return await runProgram(program, flavour);
  } catch (error) {
    return [`the run broke down: ${error instanceof Error ? (error.stack ?? String(error)) : String(error)}`];
  }
}

/** The number of the first line that differs, from 0, or `null`. */
export function firstDifference(expected: readonly string[], actual: readonly string[]): number | null {
  const length = Math.max(expected.length, actual.length);
  for (let line = 0; line < length; line++) {
    if (expected[line] !== actual[line]) {
      return line;
    }
  }
  return null;
}

const BEFORE = 6;
const AFTER = 3;

/** A difference for people: what led to it, and how each side goes on. */
export function describeDifference({ flavour, line, expected, actual }: Difference): string {
  const numbered = (lines: readonly string[], sign: string, from: number, to: number): string[] =>
    lines.slice(from, to).map((text, i) => `${sign} ${String(from + i + 1).padStart(4)}  ${text}`);
  const side = (lines: readonly string[], sign: string): string[] =>
    line < lines.length ? numbered(lines, sign, line, line + AFTER) : [`${sign} ${"".padStart(4)}  (the trace ends)`];
  return [
    `in ${flavour} generators, line ${line + 1} differs (- CPython, + simloop):`,
    ...numbered(expected, " ", Math.max(0, line - BEFORE), line),
    ...side(expected, "-"),
    ...side(actual, "+"),
  ].join("\n");
}

/** The lines of a trace's text. */
export const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
