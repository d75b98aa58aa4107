import { requireFields } from "../base/require-argument.ts";
import { SafeError } from "../base/safe-error.ts";
import { JobQueue } from "./job-queue.ts";
import { type Job, jobKey } from "./plan.ts";
import { Prefix } from "./prefix.ts";
import type { RangeResult } from "./range-result.ts";
import { textHash } from "./text-hash.ts";

/** Makes the runs of jobs, one job at a time. It replaces processes that die, so that a job always has a result. */
export interface JobWorker {
  /** Make the runs of `job`. May reject once the sweep is stopped. */
  run(job: Job): Promise<RangeResult>;
}

/** Two workers had different results for the same runs, so the program depends on more than its seed. */
export class ImpureSweepError extends SafeError {
  override name = "ImpureSweepError";
}

/** What {@link coordinate} needs. */
export interface Coordination {
  /** All runs, in order. */
  readonly jobs: readonly Job[];
  /** Results that are known from before. */
  readonly known: readonly RangeResult[];
  readonly workers: readonly JobWorker[];
  /** How many runs the next job should have. */
  readonly jobSize: () => number;
  /** End once there are so many failures, in the order of the plan. */
  readonly untilFailures: number;
  /** Jobs are given out until this returns true. */
  readonly isStopped: () => boolean;
  /** Whether jobs are compared with their repetitions at the end, and not as soon as a worker is free. */
  readonly comparesLast?: boolean;
  /** Keep a new result. */
  readonly keep: (result: RangeResult) => Promise<void>;
}

/** One job in so many is made twice, to compare. */
const AUDITED = 100;

/** Whether a job is made twice: always the same jobs, and the first of all. */
const isAudited = ([first]: readonly Job[], job: Job): boolean =>
  (job.setting === first?.setting && job.from === first.from) ||
  Number.parseInt(textHash(jobKey(job)).slice(0, 8), 16) % AUDITED === 0;

/**
 * Let workers make all runs of a plan, and return the results that count.
 *
 * These are all results; with `untilFailures`, those up to the failure that is enough, in the order of the plan, so
 * that they do not depend on which worker was quick. One job in a hundred is made twice.
 *
 * @throws ImpureSweepError if the two results of a job differ.
 */
export async function coordinate(given: Coordination): Promise<readonly RangeResult[]> {
  requireFields("coordinate", "what is to be done { jobs, known, workers, jobSize, keep, isStopped }", given, {
    known: "array",
    workers: "array",
    jobSize: "function",
    keep: "function",
    isStopped: "function",
  });
  const { jobs, known, workers, untilFailures, comparesLast = false } = given;
  const queue = new JobQueue(jobs, known);
  const prefix = new Prefix(jobs);
  const results = [...known];
  const audits: RangeResult[] = [];
  for (const result of known) {
    prefix.add(result, untilFailures);
  }
  const isOver = (): boolean => prefix.failures >= untilFailures || given.isStopped();
  const work = async (worker: JobWorker): Promise<void> => {
    while (!isOver()) {
      const audit = comparesLast && queue.size > 0 ? undefined : audits.shift();
      if (audit !== undefined) {
        requireSame(audit, await worker.run(audit));
        continue;
      }
      const job = queue.take(given.jobSize());
      if (job === null) {
        return;
      }
      const result = await worker.run(job);
      await given.keep(result);
      results.push(result);
      prefix.add(result, untilFailures);
      if (isAudited(jobs, job)) {
        audits.push(result);
      }
    }
  };
  const workUntilStopped = async (worker: JobWorker): Promise<void> => {
    try {
      await work(worker);
    } catch (error) {
      // A job that was given up because the sweep is stopped has no result, and needs none.
      if (!given.isStopped()) {
        throw error;
      }
    }
  };
  await Promise.all(workers.map(workUntilStopped));
  return Number.isFinite(untilFailures) ? prefix.results : results;
}

/**
 * A lost run does not count as a difference: how long a run takes, and whether its process is killed, is up to the
 * machine.
 */
function requireSame(first: RangeResult, second: RangeResult): void {
  if (first.lost.length + second.lost.length > 0) {
    return;
  }
  const text = ({ runs, digest, failures }: RangeResult): string => JSON.stringify([runs, digest, failures]);
  if (text(first) !== text(second)) {
    throw new ImpureSweepError(
      `seeds ${first.from} to ${first.to} had other results the second time (digests ${first.digest} and ${second.digest}): ` +
        "the program depends on something besides its seed, such as the real clock or state kept between runs",
    );
  }
}
