import type { Program } from "../workloads/workload.ts";
import type { Trace } from "./run-all.ts";
import { runEmpty } from "./w0-empty-run.ts";
import { runSleepStorm } from "./w1-sleep-storm.ts";
import { runYieldPing } from "./w2-yield-ping.ts";
import { runQueuePingPong } from "./w3-queue.ts";
import { runEcho } from "./w5-echo.ts";
import { runCancelledTimers } from "./w6-cancelled-timers.ts";
import { runMillionTasks } from "./w7-million-tasks.ts";
import { runOpenConnections } from "./w8-open-connections.ts";
import { runGossip } from "./w9-gossip.ts";
import { runSegments } from "./w10-segments.ts";
import { runExploration } from "./w11-exploration.ts";

const traces = ["digest", "full", "file"] as const;

/**
 * simloop's programs for a subject: a flavour, with `-digest`, `-full` or `-file` for the trace; `-tenth` means nothing
 * here.
 */
export function simloopPrograms(subject: string): Readonly<Record<string, Program>> {
  const trace: Trace = traces.find((one) => subject.endsWith(`-${one}`)) ?? "off";
  const flavour = subject.replace(/-(digest|full|file|tenth)$/, "");
  return {
    W0: (scale) => runEmpty(scale, flavour, trace === "file" ? "full" : trace),
    W1: (scale) => runSleepStorm(scale, flavour, trace),
    W2: (scale) => runYieldPing(scale, flavour, trace),
    W3: (scale) => runQueuePingPong(scale, flavour, trace),
    W5: (scale) => runEcho(scale, flavour, trace),
    W6: (scale) => runCancelledTimers(scale, trace),
    W7: (scale) => runMillionTasks(scale, flavour, trace),
    W8: (scale) => runOpenConnections(scale, trace),
    W9: (scale) => runGossip(scale, trace),
    W10: runSegments,
    W11: (scale) => runExploration(scale, flavour),
  };
}
