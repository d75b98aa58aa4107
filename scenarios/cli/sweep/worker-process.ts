import process from "node:process";
import { setImmediate as immediate } from "node:timers/promises";
import { type Job, type RangeResult, type RunVariant, runRange, runVariant } from "../../../engine/experiment/index.ts";
import { errorLine } from "../load/error-text.ts";
import { type PlannedRuns, plannedRuns, type SweepPlan } from "./sweep-plan.ts";

/** What a worker process receives. */
export type ToWorker =
  | { readonly plan: SweepPlan }
  /** `isCareful`: report each seed before its run, to find the one that ends the process. */
  | { readonly job: Job; readonly isCareful: boolean; readonly variant?: RunVariant | undefined };

/** What a worker process sends. */
export type FromWorker = { readonly seed: number } | { readonly result: RangeResult } | { readonly error: string };

/** Milliseconds between two reports, in which the process also hears what it is sent. */
const REPORT = 100;

const send = (message: FromWorker): void => {
  process.send?.(message);
};

/** A process that makes the runs of jobs. Started by `process-worker.ts`, and of no use without its parent. */
export function workerProcess(): void {
  let plan: SweepPlan | undefined;
  let runs: Promise<PlannedRuns> | undefined;
  process.on("disconnect", () => process.exit());
  // Ctrl-C reaches all processes of a terminal; the parent decides.
  process.on("SIGINT", () => {});
  process.on("message", async (message: ToWorker) => {
    if ("plan" in message) {
      plan = message.plan;
      return;
    }
    try {
      runs ??= plannedRuns(plan as SweepPlan);
      await runs;
      send({ seed: message.job.from });
      send({ result: await runJob(await runs, message) });
    } catch (error) {
      send({ error: errorLine(error) });
    }
  });
}

function runJob(
  { runOne, settings }: PlannedRuns,
  {
    job,
    isCareful,
    variant,
  }: { readonly job: Job; readonly isCareful: boolean; readonly variant?: RunVariant | undefined },
): Promise<RangeResult> {
  if (variant !== undefined) {
    return runVariant({ setting: job.setting, seed: job.from }, variant, runOne);
  }
  let last = performance.now();
  return runRange(job, settings[job.setting]!, runOne, (seed) => {
    const now = performance.now();
    if (!isCareful && now - last < REPORT) {
      return undefined;
    }
    last = now;
    send({ seed });
    return immediate();
  });
}

workerProcess();
