import { setMaxListeners } from "node:events";
import type { JobWorker, SeedRange } from "../../../engine/experiment/index.ts";
import { QueueConnection } from "./job-queue-client.ts";
import type { JobSizer } from "./job-sizer.ts";
import { ProcessWorker } from "./process-worker.ts";
import { engineVersion } from "./program-hash.ts";
import { QueuedWorker } from "./queued-worker.ts";
import type { SweepPlan } from "./sweep-plan.ts";

/** What makes the runs of a sweep. */
export interface SweepWorkers {
  readonly workers: readonly JobWorker[];
  /** Give up what is being done. */
  close(): void;
}

/** Processes of this machine. @param sizer - Times the jobs. */
export function localWorkers(plan: SweepPlan, runTime: number, count: number, sizer?: JobSizer): SweepWorkers {
  const processes = Array.from({ length: count }, () => new ProcessWorker({ plan, runTime }));
  return {
    workers: processes.map((worker) => sizer?.timed(worker) ?? worker),
    close: () => {
      for (const worker of processes) {
        worker.close();
      }
    },
  };
}

/** Options of {@link queuedWorkers}. */
interface QueuedOptions {
  readonly url: string;
  readonly prefix: string;
  readonly patience: number;
  /** Jobs that are in the queue at the same time. */
  readonly count: number;
  readonly runTime: number;
  readonly signal: AbortSignal;
  /** The hash of the program. */
  readonly program: string;
  /** What the names of all jobs begin with: equal for equal sweeps only. */
  readonly id: string;
  /** Find out how many runs a job should have by the first of these seeds. */
  readonly probe?: { readonly sizer: JobSizer; readonly seeds: SeedRange };
}

/** The workers of a queue, wherever they are. */
export async function queuedWorkers(
  plan: SweepPlan,
  { url, prefix, patience, count, runTime, signal, program, id, probe }: QueuedOptions,
): Promise<SweepWorkers> {
  const connection = await QueueConnection.open({ url, prefix });
  if (probe !== undefined) {
    const local = new ProcessWorker({ plan, runTime });
    try {
      await probe.sizer.probe(local, probe.seeds.from, probe.seeds.to);
    } finally {
      local.close();
    }
  }
  const queue = connection.queue();
  // Every job in the queue listens for the end.
  setMaxListeners(0, signal);
  const sweep = { campaign: id, plan, program, engine: engineVersion(), runTime, patience };
  const worker = new QueuedWorker(connection, queue, sweep, signal);
  return {
    workers: Array.from({ length: count }, () => worker),
    close: () => connection.close(),
  };
}
