import { emptyRun } from "./w0-empty-run.ts";
import { sleepStorm } from "./w1-sleep-storm.ts";
import { yieldPing } from "./w2-yield-ping.ts";
import { queuePingPong } from "./w3-queue.ts";
import { echo } from "./w5-echo.ts";
import { cancelledTimers } from "./w6-cancelled-timers.ts";
import { millionTasks } from "./w7-million-tasks.ts";
import { openConnections } from "./w8-open-connections.ts";
import { gossip } from "./w9-gossip.ts";
import { segments } from "./w10-segments.ts";
import { exploration } from "./w11-exploration.ts";
import type { Workload } from "./workload.ts";

/** Every workload, in the order of the table. */
export const workloads: readonly Workload[] = [
  emptyRun,
  sleepStorm,
  yieldPing,
  queuePingPong,
  echo,
  cancelledTimers,
  millionTasks,
  openConnections,
  gossip,
  segments,
  exploration,
];
