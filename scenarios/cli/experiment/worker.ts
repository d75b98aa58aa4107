import { parentPort, workerData } from "node:worker_threads";
import { localReplications } from "../../../engine/experiment/index.ts";
import { findExperiment } from "./find-experiment.ts";
import type { ExperimentJob, ExperimentPlan } from "./thread-worker.ts";

/** A worker thread: makes the replications that it is sent, and answers each job with its results. */

const port = parentPort;
const { called, seed } = workerData as ExperimentPlan;
const worker = findExperiment(called).then((experiment) => localReplications(experiment, seed));
// Each job awaits it again, and reports the error.
worker.catch(() => {});

port?.on("message", async ({ jobs, warmUp, isPilot }: ExperimentJob) => {
  try {
    port.postMessage({ results: await (await worker).run(jobs, warmUp, isPilot) });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
