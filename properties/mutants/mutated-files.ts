import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type Mutant, mutantsOf } from "./mutants-of.ts";

/** All files at or below `path`, from the root, sorted. @throws Error if it does not exist. */
function filesBelow(root: string, path: string): string[] {
  const whole = join(root, path);
  if (!statSync(whole).isDirectory()) {
    return [relative(root, whole)];
  }
  const entries = readdirSync(whole, { recursive: true, encoding: "utf8" });
  return entries.map((entry) => relative(root, join(whole, entry))).sort();
}

const isTest = (file: string): boolean => file.endsWith(".test.ts");
const isCode = (file: string): boolean => file.endsWith(".ts") && !/\.(d|test|fixture)\.ts$/.test(file);

/** The test files of the directories, and those named beside them. */
export function testsOf(root: string, directories: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...directories, ...others].flatMap((path) => filesBelow(root, path)).filter(isTest))];
}

/** The mutants of all code of the directories. */
export function mutantsIn(root: string, directories: readonly string[]): Mutant[] {
  const files = [...new Set(directories.flatMap((directory) => filesBelow(root, directory)).filter(isCode))];
  return files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));
}
