import type { ExploreProgress } from "../../../engine/index.ts";
import { ScenarioFailure } from "../failures.ts";
import { moduleOf } from "../places.ts";
import { startThread } from "../thread/start-thread.ts";
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

/** A worker in a thread of its own. */
export function threadWorker(plan: SearchPlan, stop: AbortSignal, onProgress: OnProgress): BatchWorker {
  const thread = startThread(moduleOf("explore/worker"), plan);
  const onStop = (): void => thread.postMessage("stop");
  stop.addEventListener("abort", onStop);
  return {
    run: (batch) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          thread.off("message", onMessage);
          thread.off("error", onError);
          thread.off("exit", onExit);
        };
        const fail = (reason: string): void => {
          settle();
          reject(new ScenarioFailure(`${plan.called} cannot be explored: ${reason}`));
        };
        const onError = (error: NodeJS.ErrnoException): void =>
          fail(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "out of memory" : String(error));
        const onExit = (code: number): void => fail(`the program called process.exit(${code})`);
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
        thread.on("exit", onExit);
        thread.postMessage({ batch });
      }),
    close: () => {
      stop.removeEventListener("abort", onStop);
      return thread.terminate();
    },
  };
}
