import { availableParallelism } from "node:os";
import { Command } from "commander";
import {
  type AttemptRun,
  type Campaign,
  campaignId,
  coordinate,
  ImpureSweepError,
  jobsOfPlan,
  type RangeResult,
  type ResultStore,
  type SeedRange,
  type ShrunkFailure,
  SweepReport,
  seedsOfShard,
  settingsOf,
  shrinkFailures,
  sizeOf,
} from "../../../engine/experiment/index.ts";
import { type Scenario, withParameters } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { parseCount, parseDuration, parseNumber, parseWorkers } from "../explore/option-values.ts";
import { DifferenceFound, Interruption, ScenarioFailure, UsageError } from "../failures.ts";
import { errorLine } from "../load/error-text.ts";
import { findScenario } from "../load/find-scenario.ts";
import { parseSeconds } from "../option-values.ts";
import { FileStore } from "../sweep/file-store.ts";
import {
  type FleetOptions,
  IN_FLIGHT,
  requireFleetOptions,
  storeOf,
  withFleetOptions,
} from "../sweep/fleet-options.ts";
import { shownAddress } from "../sweep/job-queue-client.ts";
import { JobSizer } from "../sweep/job-sizer.ts";
import { gridOf, parseParameter, parseSeeds } from "../sweep/option-values.ts";
import { ProcessWorker } from "../sweep/process-worker.ts";
import { programHash } from "../sweep/program-hash.ts";
import { commandFor, writeReport } from "../sweep/report-output.ts";
import type { SweepPlan } from "../sweep/sweep-plan.ts";
import { SweepProgressLine } from "../sweep/sweep-progress.ts";
import { localWorkers, queuedWorkers } from "../sweep/sweep-workers.ts";

interface SweepCommandOptions extends FleetOptions {
  readonly seeds: SeedRange;
  readonly param?: Readonly<Record<string, readonly string[]>>;
  readonly workers: number;
  readonly time?: number;
  readonly untilFailures?: number;
  readonly until?: number;
  readonly explore?: number;
  readonly shrink: number;
  readonly html?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  simloop sweep raft --seeds 0..999
  simloop sweep ./bank.ts --seeds 0..999999 --param clients=1,10,100 --results bank.jsonl
  simloop sweep ./bank.ts --seeds 0..999999 --param clients=1,10,100 --results bank.jsonl --resume
  simloop sweep lost-update --seeds 0..99 --explore 50
  simloop sweep ./bank.ts --seeds 0..999999 --shard auto/8 --results part.jsonl`;

/** The command `simloop sweep`. */
export const sweepCommand = (io: CommandIo): Command =>
  withFleetOptions(describedCommand(), "seeds")
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: SweepCommandOptions) => sweepScenario(called, options, io));

const describedCommand = (): Command =>
  new Command("sweep")
    .description("run a scenario with seed after seed, on all cores, and report what failed")
    .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
    .requiredOption("--seeds <range>", "the seeds, both ends included, such as 0..999", parseSeeds)
    .option(
      "--param <name=values>",
      "values of a parameter of the scenario; every combination runs with every seed",
      parseParameter,
    )
    .option("--workers <number>", "processes to run in", parseWorkers, availableParallelism())
    .option("--time <duration>", "stop after this real time, such as 60s, 5m or 8h", parseDuration)
    .option("--until-failures <number>", "stop after this many failed runs", parseCount)
    .option("--until <seconds>", "stop each simulated world at this virtual time", parseSeconds)
    .option("--explore <runs>", "make each run an exploration of so many runs", parseCount)
    .option(
      "--shrink <runs>",
      "runs to look for a smaller run of each failure with: fewer faults, smaller parameters; 0 for none",
      parseNumber,
      100,
    )
    .option("--html <file>", "write the report as a page, and beside it a page with the trace of each failure")
    .option("--json", "print the report as JSON, and progress as JSON lines on the standard error");

async function sweepScenario(called: string, options: SweepCommandOptions, io: CommandIo): Promise<void> {
  requireFleetOptions(options);
  const scenario = await findScenario(called);
  const campaign = await campaignOf(called, scenario, options);
  const store = storeOf(called, options, io);
  try {
    const report = await makeRuns(called, campaign, store, options, io);
    const { until, html, json } = options;
    await writeReport(report, { called, until, html, json }, io);
    endWith(report, called, options, io);
  } finally {
    if (store instanceof FileStore) {
      await store.close();
    }
  }
}

async function campaignOf(called: string, scenario: Scenario, options: SweepCommandOptions): Promise<Campaign> {
  const { seeds, shard, param = {}, until, explore } = options;
  const settings = settingsOf("sweep", gridOf(scenario, param));
  try {
    for (const setting of settings) {
      withParameters(scenario, setting);
    }
  } catch (error) {
    throw new UsageError(errorLine(error).replace(/^TypeError: /, ""), { cause: error });
  }
  const own = shard === undefined ? seeds : seedsOfShard(seeds, shard);
  if (own === null) {
    throw new UsageError(`shard ${shard?.index}/${shard?.of} has no seeds: there are only ${sizeOf(seeds)}`);
  }
  const program = await programHash(called, () => String(scenario.main));
  return { program, options: JSON.stringify({ until, explore }), settings, seeds: own };
}

async function makeRuns(
  called: string,
  campaign: Campaign,
  store: ResultStore,
  options: SweepCommandOptions,
  io: CommandIo,
): Promise<SweepReport> {
  const { time, untilFailures, until, explore, runTime, json } = options;
  const count = options.queue === undefined ? options.workers : IN_FLIGHT;
  const known = await store.open(campaign);
  const planned = campaign.settings.length * sizeOf(campaign.seeds);
  const done = known.reduce((sum, result) => sum + sizeOf(result), 0);
  const progress = new SweepProgressLine(io.err, json ?? false, planned, done);
  const sizer = new JobSizer(planned - done, count);
  const plan = { called, settings: campaign.settings, until, exploreRuns: explore };
  const stop = AbortSignal.any([io.signal, ...(time === undefined ? [] : [AbortSignal.timeout(time * 1000)])]);
  const { queue: url, queuePrefix: prefix, patience } = options;
  const { workers, close } =
    url === undefined
      ? localWorkers(plan, runTime, Math.min(count, planned), sizer)
      : await queuedWorkers(plan, {
          ...{ url, prefix, patience, count, runTime, signal: stop },
          program: campaign.program,
          id: campaignId(campaign),
          probe: { sizer, seeds: campaign.seeds },
        });
  if (url !== undefined && !json) {
    io.err.write(`simloop: the runs wait for workers: simloop work --queue ${shownAddress(url)}\n`);
  }
  stop.addEventListener("abort", close);
  try {
    const results = await coordinate({
      jobs: jobsOfPlan(campaign),
      known,
      workers,
      jobSize: () => sizer.next(),
      untilFailures: untilFailures ?? Number.POSITIVE_INFINITY,
      isStopped: () => stop.aborted,
      keep: async (result: RangeResult) => {
        await store.append(result);
        progress.add(result);
      },
    });
    const found = new SweepReport(campaign, results);
    const shrunk = await shrinkAll({ report: found, plan, campaign, store }, options, io.signal);
    return new SweepReport(campaign, results, shrunk);
  } catch (error) {
    throw error instanceof ImpureSweepError
      ? new DifferenceFound(`${called} is not deterministic: ${error.message}`, { cause: error })
      : error;
  } finally {
    progress.clear();
    stop.removeEventListener("abort", close);
    close();
  }
}

/** Shrink a failure of each group, in a process of its own: a smaller run may well end its process, or never end. */
async function shrinkAll(
  { report, plan, campaign, store }: Shrinking,
  { shrink, runTime }: SweepCommandOptions,
  signal: AbortSignal,
): Promise<readonly ShrunkFailure[]> {
  if (signal.aborted) {
    return [];
  }
  const worker = new ProcessWorker({ plan, runTime });
  const close = (): void => worker.close();
  signal.addEventListener("abort", close);
  const { parameters = {} } = await findScenario(plan.called);
  const attempt: AttemptRun = ({ setting, seed }, variant) =>
    worker.run({ setting, from: seed, to: seed }, variant).catch(() => null);
  const options = { budget: shrink, settings: campaign.settings, defaults: parameters, attempt };
  try {
    return await shrinkFailures(report.failures, store.shrunk ?? [], options, async (one) =>
      signal.aborted ? undefined : store.keepShrunk?.(one),
    );
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** What is shrunk, and where it is kept. */
interface Shrinking {
  readonly report: SweepReport;
  readonly plan: SweepPlan;
  readonly campaign: Campaign;
  readonly store: ResultStore;
}

function endWith(report: SweepReport, called: string, { results }: SweepCommandOptions, { signal }: CommandIo): void {
  if (signal.aborted) {
    const advice = results === undefined ? "" : "; the same command with --resume goes on";
    throw new Interruption(`interrupted after ${report.runs} of ${report.planned} runs${advice}`);
  }
  if (report.verdict === "failed") {
    const [first] = report.failures;
    const repeat = first === undefined ? "" : `; to see one again: ${commandFor(called, report, first.first)}`;
    throw new ScenarioFailure(
      `${called} fails in ${report.failures.reduce((sum, { count }) => sum + count, 0)} of ${report.runs} runs${repeat}`,
    );
  }
}
