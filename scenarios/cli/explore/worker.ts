import { parentPort, workerData } from "node:worker_threads";
import type { Batch } from "./batches.ts";
import { doBatch, type SearchPlan } from "./do-batch.ts";

/** A worker thread: does the batches that it is sent, and answers each with its result. */

const port = parentPort;
const plan = workerData as SearchPlan;
const stop = new AbortController();

port?.on("message", async (message: { readonly batch: Batch } | "stop") => {
  if (message === "stop") {
    stop.abort();
    return;
  }
  try {
    const result = await doBatch(plan, message.batch, stop.signal, (progress) => port.postMessage({ progress }));
    port.postMessage({ result });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});
