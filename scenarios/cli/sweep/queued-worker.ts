import { setTimeout as pause } from "node:timers/promises";
import type { Queue } from "bullmq";
import { isRangeResult, type Job, type JobWorker, jobKey, type RangeResult } from "../../../engine/experiment/index.ts";
import { ScenarioFailure } from "../failures.ts";
import type { QueueConnection } from "./job-queue-client.ts";
import type { SweepPlan } from "./sweep-plan.ts";

/** A job as it waits in the queue. */
export interface QueuedJob {
  readonly plan: SweepPlan;
  /** The hash of the program and the version of the engine: a worker with another one refuses the job. */
  readonly program: string;
  readonly engine: string;
  readonly job: Job;
  readonly runTime: number;
}

/** What all jobs of a sweep have in common. */
export interface QueuedSweep extends Omit<QueuedJob, "job"> {
  readonly campaign: string;
  /** Seconds without a connection after which the sweep ends. */
  readonly patience: number;
}

/** Milliseconds between two looks at a job. */
const LOOK = 250;

/**
 * Has jobs done by the workers of a queue.
 *
 * A job that a lost queue has forgotten is added again. A job may be done twice; that is harmless, for its results are
 * equal.
 */
export class QueuedWorker implements JobWorker {
  private readonly _connection: QueueConnection;
  private readonly _queue: Queue;
  private readonly _sweep: QueuedSweep;
  private readonly _signal: AbortSignal;
  private readonly _started = new Set<string>();

  constructor(connection: QueueConnection, queue: Queue, sweep: QueuedSweep, signal: AbortSignal) {
    this._connection = connection;
    this._queue = queue;
    this._sweep = sweep;
    this._signal = signal;
  }

  async run(job: Job): Promise<RangeResult> {
    const { campaign, patience, ...common } = this._sweep;
    const key = `${campaign}-${jobKey(job).replace(":", "-")}`;
    // A second time means a comparison: it must not be answered with the first result.
    const id = this._started.has(key) ? `${key}-again` : key;
    this._started.add(key);
    const data: QueuedJob = { ...common, job };
    const add = (): Promise<unknown> =>
      this._queue.add("range", data, {
        jobId: id,
        attempts: 5,
        backoff: { type: "exponential", delay: 1000 },
        removeOnComplete: { age: 3600 },
        removeOnFail: { age: 3600 },
      });
    await this._patiently(add(), patience);
    for (;;) {
      await pause(LOOK, undefined, { signal: this._signal });
      const found = await this._patiently(this._queue.getJob(id), patience);
      if (found === undefined) {
        await this._patiently(add(), patience);
      } else if (isRangeResult(found.returnvalue)) {
        await this._patiently(found.remove(), patience).catch(() => {});
        return found.returnvalue;
      } else if (found.finishedOn !== undefined && found.failedReason) {
        throw new ScenarioFailure(`${common.plan.called} cannot be run by the workers: ${found.failedReason}`);
      }
    }
  }

  /** What `waiting` resolves to, unless the sweep is stopped or the queue is away for too long. */
  private async _patiently<T>(waiting: Promise<T>, patience: number): Promise<T> {
    const looking = new AbortController();
    const look = async (): Promise<never> => {
      for (;;) {
        await pause(LOOK, undefined, { signal: looking.signal });
        this._signal.throwIfAborted();
        this._connection.requireAlive(patience);
      }
    };
    try {
      return await Promise.race([waiting, look()]);
    } finally {
      looking.abort();
    }
  }
}
