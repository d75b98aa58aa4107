import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Body } from "./program.ts";

type Log = readonly string[];

/** What one version of Node logged. */
export interface Recording {
  /** Random programs with their logs. */
  readonly programs: readonly (readonly [Body, Log])[];
  /** The logs of the programs of regressions.ts, by title. */
  readonly regressions: Readonly<Record<string, Log>>;
}

const [major] = process.versions.node.split(".");
const path = new URL(`recorded/node-${major}.json`, import.meta.url);

/** What real Node of the version of this process logged, as recorded; `null` for a version that has no recording. */
export const readRecording = (): Recording | null =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Recording) : null;

/** Store what {@link readRecording} returns. */
export function writeRecording({ programs, regressions }: Recording): void {
  const lines = programs.map((entry) => JSON.stringify(entry)).join(",\n");
  writeFileSync(path, `{ "programs": [\n${lines}\n],\n"regressions": ${JSON.stringify(regressions, null, 1)} }\n`);
}
