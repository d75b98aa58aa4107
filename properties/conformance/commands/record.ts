import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type Candidate, choose } from "../corpus/choose.ts";
import { CORPUS, type Recording, writeCorpus } from "../corpus/corpus.ts";
import { featuresOf } from "../corpus/features.ts";
import { Oracle } from "../live/oracle.ts";
import type { Console } from "./console.ts";
import { requirePython } from "./live.ts";
import { UsageError } from "./usage-error.ts";

/** How many programs are recorded, unless covering everything essential takes more. */
const PROGRAMS = 500;

/** Options of `record`. */
export interface RecordOptions {
  readonly from: number;
  readonly to: number;
  readonly python?: string;
  readonly out?: string;
}

/** Choose programs and write them with CPython's traces. @returns The exit code. */
export async function record(options: RecordOptions, console: Console): Promise<number> {
  const { from, to, python: given, out = CORPUS } = options;
  const python = requirePython(given);
  if (!python.version.startsWith("3.13.")) {
    throw new UsageError(`the recorded traces are those of CPython 3.13, but this is ${python.version}`);
  }
  using oracle = new Oracle(python);
  const candidates: (Candidate & Recording)[] = [];
  for await (const { program, trace } of oracle.generate({ from, to }, undefined)) {
    if (trace !== null) {
      const cost = JSON.stringify(program).length + trace.join("").length;
      candidates.push({ program, trace, cost, features: featuresOf(program, trace) });
    }
  }
  const chosen = choose(candidates, PROGRAMS).sort((a, b) => a.program.seed - b.program.seed);
  mkdirSync(dirname(out), { recursive: true });
  writeCorpus(
    out,
    chosen.map(({ program, trace }) => ({ program, trace })),
  );
  const covered = (["essential", "detailed"] as const)
    .map((kind) => `${countOf(chosen, kind)} of ${countOf(candidates, kind)} ${kind}`)
    .join(", ");
  console.print(`${chosen.length} of ${candidates.length} programs written to ${out}; features: ${covered}\n`);
  return 0;
}

const countOf = (candidates: readonly Candidate[], kind: "essential" | "detailed"): number =>
  new Set(candidates.flatMap(({ features }) => [...features[kind]])).size;
