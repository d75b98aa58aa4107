import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { IS_SOURCE } from "../places.ts";

/**
 * Start the module at `url` in a thread with `workerData`. A program in it may use as much memory as in the main
 * thread.
 */
export function startThread(url: URL, workerData: unknown): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: Math.ceil(getHeapStatistics().heap_size_limit / 2 ** 20) };
  return IS_SOURCE
    ? new Worker(sourceBoot(url), { eval: true, workerData, resourceLimits, stdin: true })
    : new Worker(url, { workerData, resourceLimits, stdin: true });
}

/** In a checkout, a thread has to load tsx first, which on Node 20 reaches only the main thread by itself. */
const sourceBoot = (url: URL): string => {
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); });`;
};
