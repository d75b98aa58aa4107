import { readdir, readFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Trace } from "../../../engine/index.ts";
import { builtInNames } from "../../index.ts";
import { scenarios } from "../places.ts";
import { isPath } from "./find-scenario.ts";

/** Where the built-in scenarios are, in TypeScript or compiled. */
const builtIn = fileURLToPath(scenarios);
const PLACE = /^(.*?):\d+/;
/** A scenario's directory may be anything: no more files than this are looked at, and none that is larger. */
const MOST_FILES = 2000;
const MOST_CHARACTERS = 300_000;

/**
 * The source files in which the tasks of `trace` were created, by name: those that are found beside the scenario
 * `called`, or among the built-in ones. What cannot be found or read is left out.
 */
export const sourceTexts = (trace: Trace, called: string): Promise<Record<string, string>> =>
  sourcesIn(trace, [isPath(called) ? dirname(resolve(called)) : builtIn]);

/**
 * The same for a recorded trace: the sources are those of a built-in scenario if the header names one, or else those
 * beside the file at `path` or in the working directory.
 */
export async function sourcesBeside(path: string, trace: Trace): Promise<Record<string, string>> {
  const { program = "" } = trace.header;
  return await sourcesIn(trace, builtInNames().includes(program) ? [builtIn] : [dirname(resolve(path)), resolve(".")]);
}

async function sourcesIn(trace: Trace, directories: readonly string[]): Promise<Record<string, string>> {
  const wanted = new Set<string>();
  for (const record of trace) {
    const file = record.kind === "create" ? PLACE.exec(record.place ?? "")?.[1] : undefined;
    if (file !== undefined) {
      wanted.add(file);
    }
  }
  const files: string[] = [];
  for (const directory of wanted.size === 0 ? [] : directories) {
    files.push(...(await filesBelow(directory)));
  }
  const found = new Map<string, string>();
  for (const name of wanted) {
    const text = await textOf(name, files);
    if (text !== undefined && text.length <= MOST_CHARACTERS) {
      found.set(name, text);
    }
  }
  return Object.fromEntries(found);
}

/** The files in a directory and the directories in it, other packages left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.shift(); next !== undefined && files.length < MOST_FILES; next = folders.shift()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) {
        folders.push(join(next, entry.name));
      } else if (entry.isFile()) {
        files.push(join(next, entry.name));
      }
    }
  }
  return files;
}

/** The text of a file called `name`, or the source that a compiled file of that name was made of. */
async function textOf(name: string, files: readonly string[]): Promise<string | undefined> {
  const isCalled = (path: string, wanted: string): boolean => path.replace(/^.*[\\/]/, "") === wanted;
  const itself = files.find((path) => isCalled(path, name));
  if (itself !== undefined) {
    return await readFile(itself, "utf8").catch(() => undefined);
  }
  const map = files.find((path) => isCalled(path, `${name.slice(0, -extname(name).length)}.js.map`));
  if (map === undefined) {
    return undefined;
  }
  try {
    const { sourcesContent } = JSON.parse(await readFile(map, "utf8")) as { sourcesContent?: string[] };
    return sourcesContent?.[0];
  } catch {
    return undefined;
  }
}
