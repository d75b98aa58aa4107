import process from "node:process";
import type { Build } from "./build.ts";
import { canCount, instructionsOf } from "./instructions.ts";
import type { Options } from "./options.ts";
import { median, ratio } from "./results.ts";
import { runChild } from "./run-child.ts";
import { type Subject, subjects } from "./subjects.ts";
import { workloads } from "./workloads/index.ts";
import type { Workload } from "./workloads/workload.ts";

/** Two sizes, between which instructions are counted: what the start-up takes is in both. */
const SMALL = 0.01;
const LARGE = 0.05;

/** Growth above which a comparison of instructions fails. */
export const MOST_GROWTH = 1.03;

/** One row: what a unit costs before and after, in instructions or in CPU nanoseconds. */
export interface Compared {
  readonly workload: string;
  readonly title: string;
  readonly before: number;
  readonly after: number;
  readonly ratio: number;
}

/** The rows of simloop that a comparison has: those without a trace, and at full scale. */
const comparable = (workload: Workload): Subject[] =>
  subjects.filter(
    ({ peer, shares, id }) => peer === "simloop" && shares[workload.name] === 1 && !/-(digest|full|file)$/.test(id),
  );

/**
 * Compare `after` with `before`, row for row, and print each as it is there: by instructions where valgrind is
 * installed, else by CPU time.
 *
 * @returns Exit code 1 if a row takes over three per cent more instructions than before.
 */
export async function compare(
  options: Options,
  before: Build,
  after: Build,
  print: (line: string) => void,
): Promise<number> {
  const counts = canCount();
  print(
    counts
      ? "Instructions a unit, by valgrind: start-up left out, V8's compiler and collector included."
      : `CPU nanoseconds a unit, median of ${options.rounds} rounds; valgrind, which would count instructions, is not installed.`,
  );
  let grown = 0;
  for (const workload of workloads.filter(({ name }) => options.workloads.includes(name))) {
    for (const subject of comparable(workload)) {
      const row = counts
        ? counted(workload, subject, before, after)
        : await timed(options, workload, subject, before, after);
      print(comparedLine(row));
      grown += counts && row.ratio > MOST_GROWTH ? 1 : 0;
    }
  }
  if (grown > 0)
    print(`${grown} rows take over ${Math.round((MOST_GROWTH - 1) * 100)} % more instructions than before`);
  return grown > 0 ? 1 : 0;
}

/** A row as it is printed. */
export function comparedLine({ workload, title, before, after, ratio: growth }: Compared): string {
  const [was, is] = [before, after].map((value) => Math.round(value).toLocaleString("en").padStart(8));
  return `  ${workload.padEnd(4)}${title.padEnd(28)}${was} ->${is}  ${growth.toFixed(2)}x`;
}

function counted(workload: Workload, subject: Subject, before: Build, after: Build): Compared {
  const units = (workload.units(LARGE) - workload.units(SMALL)) * workload.repetitions;
  const [was, is] = [before, after].map(({ child }) => {
    const [small, large] = [SMALL, LARGE].map((scale) =>
      instructionsOf(child, [subject.id, workload.name, String(scale)]),
    );
    return (large! - small!) / units;
  });
  return { workload: workload.name, title: subject.title, before: was!, after: is!, ratio: is! / was! };
}

async function timed(
  options: Options,
  workload: Workload,
  subject: Subject,
  before: Build,
  after: Build,
): Promise<Compared> {
  const costs = [before, after].map(() => new Map<number, number>());
  for (let round = 0; round < options.rounds; round++) {
    for (const [i, { child }] of [before, after].entries()) {
      const launch = { command: [process.execPath, "--expose-gc", child], environment: {} };
      const report = await runChild(launch, [subject.id, workload.name, String(options.scale)]);
      if (typeof report === "string") throw new Error(`${subject.title} ${workload.name}: ${report}`);
      costs[i]!.set(round, (report.cpu * 1e9) / report.units);
    }
  }
  const [was, is] = costs.map((one) => median([...one.values()]));
  return {
    workload: workload.name,
    title: subject.title,
    before: was!,
    after: is!,
    ratio: ratio(costs[1]!, costs[0]!),
  };
}
