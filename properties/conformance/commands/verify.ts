import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compare, describeDifference, linesOf } from "../compare.ts";
import type { Console } from "./console.ts";
import { readProgramFile, readText } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** How many differing programs are shown in full. */
const SHOWN = 5;

/** Compare the programs of a directory with their recorded traces. @returns The exit code. */
export async function verify(directory: string, console: Console): Promise<number> {
  const names = namesIn(directory);
  let different = 0;
  for (const name of names) {
    const program = readProgramFile(join(directory, `${name}.json`));
    const expected = linesOf(readText(join(directory, `${name}.trace`)));
    const difference = await compare(program, expected);
    if (difference !== null) {
      different++;
      const text = different <= SHOWN ? `${describeDifference(difference)}\n` : `line ${difference.line + 1} differs`;
      console.print(`${name}.json: ${text}\n`);
    }
  }
  console.print(`${names.length} programs compared, ${different} differ\n`);
  return different === 0 ? 0 : 1;
}

function namesIn(directory: string): string[] {
  if (!existsSync(directory)) {
    throw new UsageError(`no such directory: ${directory}`);
  }
  const programs = readdirSync(directory).filter((file) => file.endsWith(".json"));
  const names = programs.map((file) => file.slice(0, -".json".length)).sort((a, b) => (a < b ? -1 : 1));
  const lonely = names.find((name) => !existsSync(join(directory, `${name}.trace`)));
  if (lonely !== undefined) {
    throw new UsageError(`${join(directory, lonely)}.json has no trace beside it; record one with python/progs.py`);
  }
  if (names.length === 0) {
    throw new UsageError(`there are no programs (*.json) in ${directory}`);
  }
  return names;
}
