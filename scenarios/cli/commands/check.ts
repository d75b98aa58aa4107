import { Command } from "commander";
import type { SeedRange } from "../../../engine/experiment/index.ts";
import { diffTraces, formatDiff, type Trace } from "../../../engine/index.ts";
import type { Piece } from "../blocks.ts";
import type { CommandIo } from "../command-io.ts";
import { comparisonPage } from "../failure-page.ts";
import { DifferenceFound, ScenarioFailure } from "../failures.ts";
import { FreshProcesses } from "../fresh-processes.ts";
import { calledWords } from "../node-option.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseRuns, parseSeconds, parseSeed } from "../option-values.ts";
import type { Output } from "../output.ts";
import { parameterWords } from "../param-words.ts";
import { shellWord } from "../shell-word.ts";
import { parseSeeds } from "../sweep/option-values.ts";
import { requireEnding } from "../trace-formats.ts";
import { type CalledScenario, callScenario, failureOf, type RunChoice, runForTrace } from "../traced-run.ts";

interface CheckOptions extends RunChoice {
  readonly runs: number;
  readonly seeds?: SeedRange;
  readonly processes?: true;
  readonly json?: true;
  readonly output?: string;
}

const DEFAULT_RUNS = 10;

const EXAMPLES = `
Examples:
  simloop check tcp-server
  simloop check raft --seeds 0..99 --runs 2
  simloop check ./my-scenario.ts --runs 100 --processes`;

/** The command `simloop check`. */
export const checkCommand = (io: CommandIo): Command =>
  new Command("check")
    .description("run a scenario repeatedly and compare the runs, event by event")
    .argument("<scenario>", "as for run")
    .option("--runs <number>", "how many runs to compare", parseRuns, DEFAULT_RUNS)
    .option("--processes", "make each run but the first in a process of its own")
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--seeds <range>", "compare the runs of each of these seeds", parseSeeds)
    .option("--until <seconds>", "as for run", parseSeconds)
    .option("--stack", "as for run")
    .option("--json", "print a line of JSON for each seed")
    .option("-o, --output <file>", "write a page with the first run and the one that differs, if any does, as HTML")
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: CheckOptions) => check(called, options, io));

/** Results of the runs with one seed. */
interface Checked {
  /** The number of the first run that differs from the first; `undefined` if all are the same. */
  readonly differing: number | undefined;
  readonly failure: ScenarioFailure | undefined;
}

async function check(called: string, { seeds, ...options }: CheckOptions, io: CommandIo): Promise<void> {
  const { output } = options;
  requireEnding(output, ".html", "the page is HTML");
  await using page = output === undefined ? undefined : await openOutput(output, io.out);
  const failures: ScenarioFailure[] = [];
  for (let i = seeds?.from ?? 0; i <= (seeds?.to ?? 0); i++) {
    const choice = seeds === undefined ? options : { ...options, seed: i };
    const found = await callScenario(called, choice);
    const { differing, failure } = await checkSeed(
      found,
      options,
      io,
      seeds === undefined ? "" : `seed ${found.seed}: `,
      page,
    );
    if (differing !== undefined) {
      const which = seeds === undefined ? "" : ` with seed ${found.seed}`;
      throw new DifferenceFound(`${called} is not deterministic${which}: run ${differing} differs from run 1`);
    }
    failures.push(...(failure === undefined ? [] : [failure]));
  }
  const [failure] = failures;
  if (failure !== undefined) {
    throw new ScenarioFailure(`each run failed: ${failure.message}`);
  }
}

async function checkSeed(
  found: CalledScenario,
  { runs, processes, json, output }: CheckOptions,
  io: CommandIo,
  label: string,
  page: Output | undefined,
): Promise<Checked> {
  const first = await runForTrace(found, io);
  const failure = failureOf(found, first);
  await using fresh = processes === true ? await FreshProcesses.open(found, io.signal) : undefined;
  for (let run = 2; run <= runs; run++) {
    const again = fresh === undefined ? await traceOf(found, io) : await fresh.trace();
    if (again.digest !== first.digest) {
      const difference = formatDiff(diffTraces(first.trace, again), first.trace, again, ["run 1", `run ${run}`]);
      // The page goes to the standard output alone.
      const report = output === STANDARD_OUTPUT ? io.err : io.out;
      report.write(json === true ? jsonLine(found, run, first.digest, { difference }) : `${label}${difference}`);
      await page?.write(await differencePage(found, [first.trace, again], run, processes === true));
      return { differing: run, failure };
    }
  }
  const where = processes === true ? " in processes of their own" : "";
  io.out.write(
    json === true
      ? jsonLine(found, runs, first.digest, {})
      : `${label}${runs} runs${where}, all the same: ${first.digest}\n`,
  );
  return { differing: undefined, failure };
}

const traceOf = async (found: CalledScenario, io: CommandIo): Promise<Trace> => (await runForTrace(found, io)).trace;

function differencePage(
  { called, seed, param }: CalledScenario,
  runs: readonly [Trace, Trace],
  run: number,
  inProcesses: boolean,
): Promise<Iterable<Piece>> {
  const error = `${called} is not deterministic with seed ${seed}: run ${run} differs from run 1`;
  const command = `simloop check ${calledWords(called)} --seed ${shellWord(String(seed))}${parameterWords(param)}${inProcesses ? " --processes" : ""}`;
  return comparisonPage(called, runs, ["run 1", `run ${run}`], { error, command });
}

const jsonLine = (
  { called, seed }: CalledScenario,
  runs: number,
  digest: string,
  more: { readonly difference?: string },
): string =>
  `${JSON.stringify({ scenario: called, seed, runs, verdict: more.difference === undefined ? "same" : "different", digest, ...more })}\n`;
