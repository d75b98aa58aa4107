import type { Body, Statement } from "./program.ts";
import type { RealNode } from "./real-node.ts";
import { simulatedLog } from "./simulated.ts";
import { sourceOf } from "./source.ts";

/** How often each program runs on real Node: where these logs differ, Node leaves the order open. */
const REAL_RUNS = 3;

/** The logs of a program that differ. */
export interface Difference {
  readonly program: Body;
  readonly simulated: readonly string[];
  readonly real: readonly string[];
  /** Number of the first entry that differs. */
  readonly entry: number;
}

/** What a comparison of programs has come to. */
export interface Comparison {
  readonly compared: number;
  /** Programs whose order real runs do not agree on. */
  readonly open: number;
  /** Entries of the logs that were compared. */
  readonly entries: number;
  readonly differences: readonly Difference[];
}

const areEqual = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  a.length === b?.length && a.every((entry, index) => entry === b[index]);

/** The first difference of a program's log in the simulation from `real`; `null` if there is none. */
export async function differenceOf(program: Body, real: readonly string[]): Promise<Difference | null> {
  const simulated = await simulatedLog(sourceOf(program));
  if (areEqual(simulated, real)) {
    return null;
  }
  const entry = simulated.findIndex((each, index) => each !== real[index]);
  return { program, simulated, real, entry: entry < 0 ? simulated.length : entry };
}

/** The log of each program on which all real runs agree; `null` where they do not. */
export async function agreedLogs(node: RealNode, programs: readonly Body[]): Promise<(readonly string[] | null)[]> {
  const sources = programs.map(sourceOf);
  const runs: string[][][] = [];
  for (let run = 0; run < REAL_RUNS; run++) {
    runs.push(await node.logs(sources));
  }
  const [first = [], ...others] = runs;
  return first.map((log, index) => (others.every((logs) => areEqual(log, logs[index])) ? log : null));
}

/** Run `programs` on real Node and in the simulation. */
export async function compare(node: RealNode, programs: readonly Body[]): Promise<Comparison> {
  const logs = await agreedLogs(node, programs);
  const differences: Difference[] = [];
  let open = 0;
  let entries = 0;
  for (const [index, log] of logs.entries()) {
    if (log === null) {
      open++;
    } else {
      entries += log.length;
      const difference = await differenceOf(programs[index] as Body, log);
      if (difference !== null) {
        differences.push(difference);
      }
    }
  }
  return { compared: programs.length - open, open, entries, differences };
}

/** Programs that are smaller by one step: a statement is left out, or its own statements stand in its place. */
function* smaller(body: Body): Generator<Body, void, void> {
  for (const [index, statement] of body.entries()) {
    const [before, behind] = [body.slice(0, index), body.slice(index + 1)];
    yield [...before, ...behind];
    const within = "body" in statement ? statement.body : [];
    if (within.length > 0) {
      yield [...before, ...within, ...behind];
    }
    for (const lesser of smaller(within)) {
      yield [...before, { ...statement, body: lesser } as Statement, ...behind];
    }
  }
}

/** The smallest program that still differs, by leaving out statements. */
export async function minimised(node: RealNode, difference: Difference): Promise<Difference> {
  let smallest = difference;
  for (;;) {
    const { differences } = await compare(node, [...smaller(smallest.program)]);
    const [best] = differences.toSorted((a, b) => sourceOf(a.program).length - sourceOf(b.program).length);
    if (best === undefined) {
      return smallest;
    }
    smallest = best;
  }
}
