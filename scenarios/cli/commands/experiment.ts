import { Command } from "commander";
import {
  type Experiment,
  ExperimentError,
  type ExperimentReport,
  type ExperimentWorkers,
  type ReplicationPhase,
  type ResultStore,
  runExperiment,
  selectSetting,
  textHash,
} from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { writeExperiment } from "../experiment/experiment-output.ts";
import { findExperiment } from "../experiment/find-experiment.ts";
import { replicationCommand } from "../experiment/replication-command.ts";
import { parseWorkers } from "../explore/option-values.ts";
import { Interruption, ScenarioFailure, UsageError } from "../failures.ts";
import { parsePositive, parseSeed } from "../option-values.ts";
import { FileStore } from "../sweep/file-store.ts";
import {
  type FleetOptions,
  IN_FLIGHT,
  requireFleetOptions,
  storeOf,
  withFleetOptions,
} from "../sweep/fleet-options.ts";
import { shownAddress } from "../sweep/job-queue-client.ts";
import { programHash } from "../sweep/program-hash.ts";
import { localWorkers, queuedWorkers } from "../sweep/sweep-workers.ts";

interface ExperimentCommandOptions extends FleetOptions {
  readonly seed: number | string;
  readonly workers: number;
  readonly json?: true;
  readonly csv?: string;
  readonly html?: string;
  readonly best?: string;
  readonly smallest?: true;
  readonly indifference?: number;
}

/** Milliseconds between two progress reports, and their width. */
const PAUSE = 200;
const WIDTH = 40;

const EXAMPLES = `
Examples:
  simloop experiment call-centre
  simloop experiment ./bank.ts --workers 4 --html bank.html
  simloop experiment ./bank.ts --json > bank.json
  simloop experiment ./bank.ts --results bank.jsonl --resume
  simloop experiment ./bank.ts --best wait --smallest --indifference 0.5`;

/** The command `simloop experiment`. */
export const experimentCommand = (io: CommandIo): Command =>
  withFleetOptions(describedCommand(), "replications")
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: ExperimentCommandOptions) => run(called, options, io));

const describedCommand = (): Command =>
  new Command("experiment")
    .description("run an experiment: replications of each setting, and estimates with confidence intervals")
    .argument("<experiment>", "a built-in name, or the path of a file that exports an experiment by default")
    .option("--seed <seed>", "what all random numbers are derived from", parseSeed, 0)
    .option("--workers <number>", "processes to run in; the result does not depend on their number", parseWorkers, 1)
    .option("--json", "print the report as JSON")
    .option("--csv <file>", "write the measures of all replications to this file")
    .option("--html <file>", "write the report as a page with plots")
    .option("--best <measure>", "select the setting with the largest mean of this measure, and report nothing else")
    .option("--smallest", "with --best, select the smallest")
    .option("--indifference <number>", "with --best, the smallest difference of means that matters", parsePositive);

async function run(called: string, options: ExperimentCommandOptions, io: CommandIo): Promise<void> {
  requireFleetOptions(options);
  const experiment = await findExperiment(called);
  if (options.best !== undefined) {
    await select(experiment, options.best, options, io);
    return;
  }
  if (options.smallest || options.indifference !== undefined) {
    throw new UsageError("--smallest and --indifference are for a selection; expected --best <measure> with them");
  }
  const program = await programHash(called, () => String(experiment.model));
  const store = storeOf(called, options, io);
  try {
    const report = await make({ called, experiment, program, store }, options, io);
    await writeExperiment(report, options, io);
  } finally {
    if (store instanceof FileStore) {
      await store.close();
    }
  }
}

/** Select the best setting, in this process: which run comes next depends on those before. */
async function select(
  experiment: Experiment,
  measure: string,
  { seed, smallest, indifference, json, ...others }: ExperimentCommandOptions,
  { out }: CommandIo,
): Promise<void> {
  const needless = (["results", "shard", "queue", "csv", "html"] as const).find((name) => others[name] !== undefined);
  if (needless !== undefined) {
    throw new UsageError(`--best makes a selection and nothing else; expected it without --${needless}`);
  }
  if (indifference === undefined) {
    throw new UsageError("--best needs --indifference, the smallest difference of means that matters");
  }
  try {
    const better = smallest === true ? "min" : "max";
    const selection = await selectSetting(experiment, { measure, better, indifference, seed });
    out.write(json ? `${JSON.stringify(selection)}\n` : `${selection}\n`);
  } catch (error) {
    if (error instanceof ExperimentError) {
      throw new ScenarioFailure(error.message, { cause: error });
    }
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** What is run, and where results are kept. */
interface Called {
  readonly called: string;
  readonly experiment: Experiment;
  readonly program: string;
  readonly store: ResultStore;
}

async function make(given: Called, options: ExperimentCommandOptions, io: CommandIo): Promise<ExperimentReport> {
  const { called, experiment, program, store } = given;
  const { seed, shard } = options;
  const progress = new ReplicationLine(io);
  try {
    return await runExperiment(experiment, {
      seed,
      ...workersOf(given, options, io),
      ...(shard === undefined ? {} : { shard }),
      // The file decides, with all that it imports, and not the model alone.
      store: { open: (campaign) => store.open({ ...campaign, program }), append: (result) => store.append(result) },
      onProgress: ({ done, planned }) => progress.show(done, planned),
      stopSignal: io.signal,
    });
  } catch (error) {
    if (error instanceof ExperimentError) {
      const repeat = replicationCommand(called, experiment, seed, error.at);
      throw new ScenarioFailure([error.message, ...repeat].join("\n  "), { cause: error });
    }
    if (io.signal.aborted) {
      const advice = options.results === undefined ? "" : "; the same command with --resume goes on";
      throw new Interruption(`interrupted${advice}`, { cause: error });
    }
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  } finally {
    progress.clear();
  }
}

/** Processes of this machine, or the workers of a queue; nothing where one worker in this process is enough. */
function workersOf(
  { called, experiment, program }: Called,
  { seed, workers: count, runTime, queue: url, queuePrefix: prefix, patience }: ExperimentCommandOptions,
  { signal, err }: CommandIo,
): { readonly workers?: (phase: ReplicationPhase) => Promise<ExperimentWorkers> } {
  if (url === undefined && count === 1) {
    return {};
  }
  const { settings } = experiment;
  const open = async (phase: ReplicationPhase): Promise<ExperimentWorkers> => {
    const plan = { called, settings, experiment: { ...phase, seed } };
    if (url === undefined) {
      return localWorkers(plan, runTime, count);
    }
    const id = textHash(JSON.stringify([program, plan]));
    err.write(`simloop: the replications wait for workers: simloop work --queue ${shownAddress(url)}\n`);
    return await queuedWorkers(plan, { url, prefix, patience, count: IN_FLIGHT, runTime, signal, program, id });
  };
  return {
    workers: async (phase) => {
      const { workers, close } = await open(phase);
      signal.addEventListener("abort", close);
      return {
        workers,
        close: () => {
          signal.removeEventListener("abort", close);
          close();
        },
      };
    },
  };
}

/** A line on a terminal that says how many replications are made. */
class ReplicationLine {
  private readonly _io: CommandIo;
  private _shown = 0;

  constructor(io: CommandIo) {
    this._io = io;
  }

  show(done: number, planned: number): void {
    const now = performance.now();
    if (this._io.err.isTerminal && now - this._shown >= PAUSE) {
      this._shown = now;
      this._io.err.write(`\r${`${done} of ${planned} replications`.padEnd(WIDTH)}`);
    }
  }

  clear(): void {
    if (this._shown > 0) {
      this._io.err.write(`\r${" ".repeat(WIDTH)}\r`);
    }
  }
}
