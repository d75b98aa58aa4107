import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compare, describeDifference, linesOf } from "../compare.ts";
import type { Console } from "./console.ts";
import { readProgramFile, readText } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** How many differing programs are shown in full. */
const SHOWN = 5;

/** Compare the programs of a folder with their recorded traces. @returns The exit code. */
export async function verify(folder: string, console: Console): Promise<number> {
  const names = namesIn(folder);
  let different = 0;
  for (const name of names) {
    const program = readProgramFile(join(folder, `${name}.json`));
    const expected = linesOf(readText(join(folder, `${name}.trace`)));
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

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new UsageError(`there is no folder ${folder}`);
  }
  const programs = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const names = programs.map((file) => file.slice(0, -".json".length)).sort((a, b) => (a < b ? -1 : 1));
  const lonely = names.find((name) => !existsSync(join(folder, `${name}.trace`)));
  if (lonely !== undefined) {
    throw new UsageError(`${join(folder, lonely)}.json has no trace beside it; record one with python/progs.py`);
  }
  if (names.length === 0) {
    throw new UsageError(`there are no programs (*.json) in ${folder}`);
  }
  return names;
}
