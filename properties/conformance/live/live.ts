import { compare } from "../compare.ts";
import type { Python } from "./find-python.ts";
import { Oracle, type SeedRange, type Verdict } from "./oracle.ts";
import type { Counterexample } from "./shrink.ts";

/** Programs that one Python process makes at a time. */
const BATCH = 100;

/** What to compare. */
export interface LiveOptions {
  readonly python: Python;
  readonly seeds: SeedRange;
  /** Most tasks of a program; `undefined` for the programs of ordinary size. */
  readonly size: number | undefined;
  /** Python processes at work at the same time. */
  readonly jobs: number;
  /** Called after each batch. */
  readonly onProgress?: (tally: Tally) => void;
  /** Go on after the first difference, and collect all. */
  readonly all?: boolean;
}

/** What was compared so far. */
export interface Tally {
  compared: number;
  /** Lines of CPython's traces. */
  lines: number;
  /** Programs that CPython itself could not finish. */
  readonly useless: Verdict[];
  readonly differences: Counterexample[];
}

/** Generate programs, run each on CPython and, in every flavour, on simloop, and compare the traces. */
export async function compareLive(options: LiveOptions): Promise<Tally> {
  const tally: Tally = { compared: 0, lines: 0, useless: [], differences: [] };
  const batches = batchesOf(options.seeds);
  const work = async (): Promise<void> => {
    using oracle = new Oracle(options.python);
    for (let seeds = batches.next(); seeds.done !== true; seeds = batches.next()) {
      for await (const verdict of oracle.generate(seeds.value, options.size)) {
        await judge(verdict, tally);
      }
      options.onProgress?.(tally);
      if (tally.differences.length > 0 && options.all !== true) {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  tally.differences.sort((a, b) => a.program.seed - b.program.seed);
  return tally;
}

function* batchesOf({ from, to }: SeedRange): Generator<SeedRange, void> {
  for (let start = from; start < to; start += BATCH) {
    yield { from: start, to: Math.min(to, start + BATCH) };
  }
}

async function judge(verdict: Verdict, tally: Tally): Promise<void> {
  const { program, trace } = verdict;
  if (trace === null) {
    tally.useless.push(verdict);
    return;
  }
  tally.compared++;
  tally.lines += trace.length;
  const difference = await compare(program, trace);
  if (difference !== null) {
    tally.differences.push({ program, difference });
  }
}
