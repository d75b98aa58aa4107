import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describeDifference, firstDifference } from "../compare.ts";
import type { Program } from "../dsl/program.ts";
import { FLAVOURS } from "../interpreter/flavours.ts";
import { runProgram } from "../interpreter/run-program.ts";
import type { Console } from "./console.ts";
import { readProgramFile } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** Run programs and print their traces, or write them to the directory `out`. @returns The exit code. */
export async function run(files: readonly string[], out: string | undefined, console: Console): Promise<number> {
  if (files.length > 1 && out === undefined) {
    throw new UsageError(`${files.length} programs need a directory for their traces: --out DIRECTORY`);
  }
  const programs = files.map((file) => ({ file, program: readProgramFile(file) }));
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
  }
  let code = 0;
  for (const { file, program } of programs) {
    const { trace, complaint } = await runInAllFlavours(program);
    const text = trace.map((line) => `${line}\n`).join("");
    if (out === undefined) {
      console.print(text);
    } else {
      writeFileSync(join(out, `${basename(file).replace(/\.json$/, "")}.trace`), text);
    }
    if (complaint !== undefined) {
      console.complain(`${file}: ${complaint}\n`);
      code = 1;
    }
  }
  return code;
}

/**
 * The trace, which is the same in all flavours; if it is not, or if a run breaks down, that is a defect of simloop's.
 */
async function runInAllFlavours(program: Program): Promise<{ trace: readonly string[]; complaint?: string }> {
  let trace: readonly string[] = [];
  try {
    for (const flavour of FLAVOURS) {
      const actual = await runProgram(program, flavour);
      const line = flavour === FLAVOURS[0] ? null : firstDifference(trace, actual);
      if (line !== null) {
        const text = describeDifference({ flavour, line, expected: trace, actual });
        return { trace, complaint: text.replace("- CPython", `- ${FLAVOURS[0]}`).replace("+ simloop", `+ ${flavour}`) };
      }
      trace = actual;
    }
    return { trace };
  } catch (error) {
    return { trace, complaint: `the run broke down: ${String(error)}` };
  }
}
