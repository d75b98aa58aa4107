import { readFileSync } from "node:fs";
import { type Program, ProgramError } from "../dsl/program.ts";
import { readProgram } from "../dsl/read-program.ts";
import { UsageError } from "./usage-error.ts";

/** The text of a file. @throws UsageError if it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** The program in a file. @throws UsageError if there is none. */
export function readProgramFile(file: string): Program {
  try {
    return readProgram(readText(file));
  } catch (error) {
    if (error instanceof ProgramError) {
      throw new UsageError(`${file} is not a program: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
