import { sleep } from "../../../engine/index.ts";
import { sleepStorm } from "../workloads/w1-sleep-storm.ts";
import { lcg, seedOf } from "../workloads/workload.ts";
import { type Async, type Plain, runAll, type Trace, type Workers } from "./run-all.ts";

/** W1 in the given flavour. */
export async function runSleepStorm(scale: number, flavour: string, trace: Trace): Promise<string> {
  const sleeps = sleepStorm.sleeps(scale);
  let wakeUps = 0;
  const workers: Workers = {
    *gen(i): Plain {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield sleep(1 + (x >>> 12));
        wakeUps++;
      }
    },
    *genStar(i): Plain {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield* sleep(1 + (x >>> 12));
        wakeUps++;
      }
    },
    async *agen(i): Async {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield sleep(1 + (x >>> 12));
        wakeUps++;
      }
    },
    async *agenStar(i): Async {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield* sleep(1 + (x >>> 12));
        wakeUps++;
      }
    },
  };
  const end = await runAll(sleepStorm.tasks, workers, flavour, trace);
  return `${end}/${wakeUps}`;
}
