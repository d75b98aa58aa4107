import { Command } from "commander";
import {
  ExperimentError,
  type ExperimentReport,
  localReplications,
  runExperiment,
} from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { experimentPage } from "../experiment/experiment-page.ts";
import { findExperiment } from "../experiment/find-experiment.ts";
import { ThreadWorker } from "../experiment/thread-worker.ts";
import { parseWorkers } from "../explore/option-values.ts";
import { Interruption, ScenarioFailure } from "../failures.ts";
import { parseSeed } from "../option-values.ts";
import { OutputFile } from "../output-file.ts";

interface ExperimentCommandOptions {
  readonly seed: number | string;
  readonly workers: number;
  readonly json?: true;
  readonly csv?: string;
  readonly html?: string;
}

/** Milliseconds between two progress reports, and their width. */
const PAUSE = 200;
const WIDTH = 40;

const EXAMPLES = `
Examples:
  simloop experiment call-centre
  simloop experiment ./bank.ts --workers 4 --html bank.html
  simloop experiment ./bank.ts --json > bank.json`;

/** The command `simloop experiment`. */
export const experimentCommand = (io: CommandIo): Command =>
  new Command("experiment")
    .description("run an experiment: replications of each setting, and estimates with confidence intervals")
    .argument("<experiment>", "a built-in name, or the path of a file that exports an experiment by default")
    .option("--seed <seed>", "what all random numbers follow from", parseSeed, 0)
    .option("--workers <number>", "threads to use; the result does not depend on their number", parseWorkers, 1)
    .option("--json", "print the report as JSON")
    .option("--csv <file>", "write the measures of all replications to this file")
    .option("--html <file>", "write the report as a page with plots")
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: ExperimentCommandOptions) => run(called, options, io));

async function run(called: string, options: ExperimentCommandOptions, io: CommandIo): Promise<void> {
  const report = await make(called, options, io);
  if (options.csv !== undefined) {
    await using file = await OutputFile.open(options.csv);
    await file.write([report.toCsv()]);
  }
  if (options.html !== undefined) {
    await using file = await OutputFile.open(options.html);
    await file.write(experimentPage(report));
  }
  io.out.write(options.json ? `${JSON.stringify(report)}\n` : `${report}\n`);
}

async function make(
  called: string,
  { seed, workers: count }: ExperimentCommandOptions,
  io: CommandIo,
): Promise<ExperimentReport> {
  const experiment = await findExperiment(called);
  const threads = count === 1 ? [] : Array.from({ length: count }, () => new ThreadWorker({ called, seed }));
  const workers = count === 1 ? [localReplications(experiment, seed)] : threads;
  let shown = 0;
  const onProgress = ({ done, planned }: { readonly done: number; readonly planned: number }): void => {
    const now = performance.now();
    if (io.err.isTerminal && now - shown >= PAUSE) {
      shown = now;
      io.err.write(`\r${`${done} of ${planned} replications`.padEnd(WIDTH)}`);
    }
  };
  try {
    return await runExperiment(experiment, { seed, workers, onProgress, stopSignal: io.signal });
  } catch (error) {
    if (error instanceof ExperimentError) {
      throw new ScenarioFailure(error.message, { cause: error });
    }
    throw io.signal.aborted ? new Interruption("interrupted") : error;
  } finally {
    if (shown > 0) {
      io.err.write(`\r${" ".repeat(WIDTH)}\r`);
    }
    await Promise.all(threads.map((thread) => thread.close()));
  }
}
