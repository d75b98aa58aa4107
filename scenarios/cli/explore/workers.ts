import { Worker } from "node:worker_threads";
import type { ExploreProgress } from "../../../engine/index.ts";
import { ScenarioFailure } from "../failures.ts";
import type { Batch } from "./batches.ts";
import { type BatchResult, doBatch, type SearchPlan } from "./do-batch.ts";

/** Does batches, one at a time. */
export interface BatchWorker {
  run(batch: Batch): Promise<BatchResult>;
  close(): Promise<unknown>;
}

type OnProgress = (batch: number, progress: ExploreProgress) => void;

/** A worker in this thread. */
export const localWorker = (plan: SearchPlan, stop: AbortSignal, onProgress: OnProgress): BatchWorker => ({
  run: (batch) => doBatch(plan, batch, stop, (progress) => onProgress(batch.index, progress)),
  close: () => Promise.resolve(),
});

const SOURCE = import.meta.url.endsWith(".ts");
const FILE = new URL(SOURCE ? "./worker.ts" : "./worker.js", import.meta.url);

/** In a checkout, a thread has to be told about TypeScript first: tsx reaches only the main thread by itself. */
const boot = (): string => {
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(FILE.href)}); });`;
};

/** A worker in a thread of its own. */
export function threadWorker(plan: SearchPlan, stop: AbortSignal, onProgress: OnProgress): BatchWorker {
  const thread = SOURCE ? new Worker(boot(), { eval: true, workerData: plan }) : new Worker(FILE, { workerData: plan });
  const onStop = (): void => thread.postMessage("stop");
  stop.addEventListener("abort", onStop);
  return {
    run: (batch) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          thread.off("message", onMessage);
          thread.off("error", onError);
        };
        const onError = (error: Error): void => {
          settle();
          reject(error);
        };
        const onMessage = (message: { result?: BatchResult; error?: string; progress?: ExploreProgress }): void => {
          if (message.progress !== undefined) {
            onProgress(batch.index, message.progress);
            return;
          }
          settle();
          if (message.result === undefined) {
            reject(new ScenarioFailure(`${plan.called} cannot be explored: ${message.error}`));
          } else {
            resolve(message.result);
          }
        };
        thread.on("message", onMessage);
        thread.on("error", onError);
        thread.postMessage({ batch });
      }),
    close: () => {
      stop.removeEventListener("abort", onStop);
      return thread.terminate();
    },
  };
}
