import { describeDifference } from "../compare.ts";
import { findPython, type Python } from "../live/find-python.ts";
import { compareLive, type Tally } from "../live/live.ts";
import { Oracle } from "../live/oracle.ts";
import { type Counterexample, shrink } from "../live/shrink.ts";
import type { Console } from "./console.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `live`. */
export interface LiveCommandOptions {
  readonly from: number;
  readonly to: number;
  readonly python?: string;
  readonly size?: number;
  readonly jobs: number;
  readonly all?: boolean;
}

/** Compare generated programs. @returns The exit code. */
export async function live(options: LiveCommandOptions, console: Console): Promise<number> {
  const { from, to, size, jobs } = options;
  if (from >= to) {
    throw new UsageError(`--from ${from} --to ${to}: there is no seed between them`);
  }
  const python = requirePython(options.python);
  const began = performance.now();
  const tally = await compareLive({
    python,
    seeds: { from, to },
    size,
    jobs,
    all: options.all ?? false,
    onProgress: ({ compared, differences }) =>
      console.progress(`${compared} of ${to - from}, ${differences.length} differ`),
  });
  console.progress("");
  const [first] = tally.differences;
  if (first !== undefined) {
    await explain(first, python, console);
  }
  console.print(`${summary(tally, options, python, (performance.now() - began) / 1000)}\n`);
  return tally.differences.length === 0 ? 0 : 1;
}

/** The Python that a command needs. @throws UsageError if there is none. */
export function requirePython(given: string | undefined): Python {
  const python = findPython(given);
  if ("missing" in python) {
    throw new UsageError(python.missing);
  }
  return python;
}

async function explain(found: Counterexample, python: Python, console: Console): Promise<void> {
  console.print(`Seed ${found.program.seed} differs ${describeDifference(found.difference)}\n\n`);
  using oracle = new Oracle(python);
  const smallest = await shrink(found, oracle, (tried, ops) =>
    console.progress(`shrinking: ${ops} operations, ${tried} tried`),
  );
  console.progress("");
  console.print(`The smallest program that still differs:\n${JSON.stringify(smallest.program)}\n\n`);
  console.print(`It differs ${describeDifference(smallest.difference)}\n\n`);
}

function summary(tally: Tally, { from, to, size }: LiveCommandOptions, { version }: Python, seconds: number): string {
  const { compared, lines, useless, differences } = tally;
  const programs = `seeds ${from} to ${to - 1}${size === undefined ? "" : `, size ${size}`}`;
  const skipped = useless.length === 0 ? "" : `, ${useless.length} that CPython could not finish skipped`;
  const seeds = differences.map(({ program }) => program.seed).join(" ");
  return (
    `${compared} programs compared (${programs}; CPython ${version}; ${lines} events; plain, async and mixed generators)${skipped}: ` +
    `${differences.length} differ${seeds === "" ? "" : `: ${seeds}`} (${seconds.toFixed(0)} s)`
  );
}
