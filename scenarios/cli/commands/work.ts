import { availableParallelism, hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { parseDuration, parseWorkers } from "../explore/option-values.ts";
import { Interruption } from "../failures.ts";
import { QueueConnection, shownAddress } from "../sweep/job-queue-client.ts";
import { parseQueue } from "../sweep/option-values.ts";
import { ProcessWorker } from "../sweep/process-worker.ts";
import { engineVersion, programHash } from "../sweep/program-hash.ts";
import type { QueuedJob } from "../sweep/queued-worker.ts";
import { programText, type SweepPlan } from "../sweep/sweep-plan.ts";

interface WorkOptions {
  readonly queue: string;
  readonly queuePrefix: string;
  readonly workers: number;
  readonly patience: number;
  readonly idle?: number;
}

const EXAMPLES = `
Examples:
  simloop work --queue redis://queue.internal:6379
  simloop work --queue rediss://user:password@queue.internal --workers 8 --idle 10m

Run it in the directory in which the sweep was started, or in a copy of it: scenarios are found by the paths that the sweep names.`;

/** The command `simloop work`. */
export const workCommand = (io: CommandIo): Command =>
  new Command("work")
    .description("make runs for sweeps on other machines, until it is stopped")
    .requiredOption("--queue <url>", "the Redis or Valkey server whose jobs to take", parseQueue)
    .option("--queue-prefix <prefix>", "what its keys begin with", "simloop")
    .option("--workers <number>", "processes to run in", parseWorkers, availableParallelism())
    .option("--patience <duration>", "end when the server has been away for so long", parseDuration, 600)
    .option("--idle <duration>", "end when there has been no job for so long", parseDuration)
    .addHelpText("after", EXAMPLES)
    .action((options: WorkOptions) => work(options, io));

async function work(
  { queue: url, queuePrefix: prefix, workers, patience, idle }: WorkOptions,
  io: CommandIo,
): Promise<void> {
  const connection = await QueueConnection.open({ url, prefix });
  const jobs = new JobRunner(workers);
  const worker = connection.worker((data) => jobs.run(data as QueuedJob), workers);
  io.err.write(
    `simloop: ${workers} ${workers === 1 ? "worker takes" : "workers take"} jobs from ${shownAddress(url)}\n`,
  );
  try {
    while (!io.signal.aborted) {
      await pause(200, undefined, { signal: io.signal }).catch(() => {});
      connection.requireAlive(patience);
      if (idle !== undefined && jobs.secondsIdle > idle) {
        return;
      }
    }
    throw new Interruption("interrupted");
  } finally {
    jobs.close();
    // Jobs that were begun go back to the queue when their locks expire.
    await worker.close(true);
    connection.close();
  }
}

/** Does queued jobs in worker processes, one set of processes for each program. */
class JobRunner {
  private readonly _most: number;
  private readonly _free = new Map<string, ProcessWorker[]>();
  private readonly _all = new Set<ProcessWorker>();
  private _busy = 0;
  private _idleSince = performance.now();

  constructor(most: number) {
    this._most = most;
  }

  get secondsIdle(): number {
    return this._busy > 0 ? 0 : (performance.now() - this._idleSince) / 1000;
  }

  async run({ plan, program, engine, job, runTime }: QueuedJob): Promise<unknown> {
    await requireSameProgram(plan, program, engine);
    const key = JSON.stringify([plan, program, runTime]);
    const free = this._free.get(key) ?? [];
    this._free.set(key, free);
    const worker = free.pop() ?? this._open(new ProcessWorker({ plan, runTime }));
    this._busy++;
    try {
      const result = await worker.run(job);
      free.push(worker);
      return result;
    } catch (error) {
      worker.close();
      this._all.delete(worker);
      throw error;
    } finally {
      this._busy--;
      this._idleSince = performance.now();
    }
  }

  close(): void {
    for (const worker of this._all) {
      worker.close();
    }
  }

  /** Processes of programs that have no jobs now make room for others. */
  private _open(worker: ProcessWorker): ProcessWorker {
    if (this._all.size >= 2 * this._most) {
      for (const free of this._free.values()) {
        for (const idle of free.splice(0)) {
          idle.close();
          this._all.delete(idle);
        }
      }
    }
    this._all.add(worker);
    return worker;
  }
}

/** @throws Error if this machine has another version of the program or of simloop. */
async function requireSameProgram(plan: SweepPlan, program: string, engine: string): Promise<void> {
  if (engine !== engineVersion()) {
    throw new Error(`${hostname()} has simloop ${engineVersion()}, the sweep has ${engine}`);
  }
  if ((await programHash(plan.called, () => programText(plan))) !== program) {
    throw new Error(`${hostname()} has another version of ${plan.called} than the sweep`);
  }
}
