import { Worker } from "node:worker_threads";
import {
  ExperimentError,
  type Replication,
  type ReplicationResult,
  type ReplicationWorker,
} from "../../../engine/experiment/index.ts";

/** What all jobs of an experiment have in common; plain data, for it goes to threads. */
export interface ExperimentPlan {
  /** The experiment, as it was called. */
  readonly called: string;
  readonly seed: number | string;
}

/** What a thread is sent. */
export interface ExperimentJob {
  readonly jobs: readonly Replication[];
  readonly warmUp: number;
  readonly isPilot: boolean;
}

const SOURCE = import.meta.url.endsWith(".ts");
const FILE = new URL(SOURCE ? "./worker.ts" : "./worker.js", import.meta.url);

/** In a checkout, a thread has to load TypeScript first: tsx reaches only the main thread by itself. */
const boot = (): string => {
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(FILE.href)}); });`;
};

/** A worker in a thread of its own. */
export class ThreadWorker implements ReplicationWorker {
  private readonly _thread: Worker;

  constructor(plan: ExperimentPlan) {
    this._thread = SOURCE
      ? new Worker(boot(), { eval: true, workerData: plan })
      : new Worker(FILE, { workerData: plan });
  }

  run(jobs: readonly Replication[], warmUp: number, isPilot: boolean): Promise<readonly ReplicationResult[]> {
    const thread = this._thread;
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => {
        thread.off("message", onMessage);
        reject(error);
      };
      const onMessage = (message: { results?: readonly ReplicationResult[]; error?: string }): void => {
        thread.off("error", onError);
        if (message.results === undefined) {
          reject(new ExperimentError(message.error));
        } else {
          resolve(message.results);
        }
      };
      thread.once("error", onError);
      thread.once("message", onMessage);
      thread.postMessage({ jobs, warmUp, isPilot } satisfies ExperimentJob);
    });
  }

  close(): Promise<unknown> {
    return this._thread.terminate();
  }
}
