import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Program } from "../dsl/program.ts";
import { checkProgram } from "../dsl/read-program.ts";

/** A program and CPython's trace of it. */
export interface Recording {
  readonly program: Program;
  readonly trace: readonly string[];
}

/** The recorded programs of the tests. */
export const CORPUS = fileURLToPath(new URL("../recorded/corpus.jsonl.gz", import.meta.url));

/** Read recordings: gzip over lines of JSON, one `{"program","trace"}` each. */
export function readCorpus(file: string): Recording[] {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const { program, trace } = JSON.parse(line) as { program: unknown; trace: string[] };
      return { program: checkProgram(program), trace };
    });
}

/** Write recordings, in the same way each time: gzip's header holds no time. */
export function writeCorpus(file: string, recordings: readonly Recording[]): void {
  const text = recordings.map((recording) => `${JSON.stringify(recording)}\n`).join("");
  writeFileSync(file, gzipSync(text, { level: 9 }));
}
