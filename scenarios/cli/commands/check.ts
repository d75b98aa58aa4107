import { Command } from "commander";
import { diffTraces, formatDiff, type Trace } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { DifferenceFound, ScenarioFailure } from "../failures.ts";
import { FreshProcesses } from "../fresh-processes.ts";
import { parseRuns, parseSeconds, parseSeed } from "../option-values.ts";
import { type CalledScenario, callScenario, failureOf, type RunChoice, runForTrace } from "../traced-run.ts";

interface CheckOptions extends RunChoice {
  readonly runs: number;
  readonly processes?: true;
}

const DEFAULT_RUNS = 10;

const EXAMPLES = `
Examples:
  simloop check tcp-server
  simloop check ./my-scenario.ts --runs 100 --processes`;

/** The command `simloop check`. */
export const checkCommand = (io: CommandIo): Command =>
  new Command("check")
    .description("run a scenario again and again: is it the same run each time, to the event?")
    .argument("<scenario>", "as for run")
    .option("--runs <number>", "how many runs to compare", parseRuns, DEFAULT_RUNS)
    .option("--processes", "make each run but the first in a process of its own")
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--until <seconds>", "as for run", parseSeconds)
    .option("--stack", "as for run")
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: CheckOptions) => check(called, options, io));

async function check(called: string, { runs, processes, ...choice }: CheckOptions, io: CommandIo): Promise<void> {
  const found = await callScenario(called, choice);
  const first = await runForTrace(found, io);
  const failure = failureOf(found, first);
  await using fresh = processes === true ? await FreshProcesses.open(found, io.signal) : undefined;
  for (let run = 2; run <= runs; run++) {
    const again = fresh === undefined ? await traceOf(found, io) : await fresh.trace();
    if (again.digest !== first.digest) {
      tellDifference(first.trace, again, run, io);
      throw new DifferenceFound(`${called} is not deterministic: run ${run} differs from run 1`);
    }
  }
  const where = processes === true ? " in processes of their own" : "";
  io.out.write(`${runs} runs${where}, all the same: ${first.digest}\n`);
  if (failure !== undefined) {
    throw new ScenarioFailure(`each run failed: ${failure.message}`);
  }
}

const traceOf = async (found: CalledScenario, io: CommandIo): Promise<Trace> => (await runForTrace(found, io)).trace;

function tellDifference(first: Trace, again: Trace, run: number, { out }: CommandIo): void {
  out.write(formatDiff(diffTraces(first, again), first, again, ["run 1", `run ${run}`]));
}
