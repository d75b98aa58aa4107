import { sleep } from "../../../engine/index.ts";
import { millionTasks } from "../workloads/w7-million-tasks.ts";
import { type Async, type Plain, runAll, type Trace, type Workers } from "./run-all.ts";

/** W7 in the given flavour. */
export async function runMillionTasks(scale: number, flavour: string, trace: Trace): Promise<string> {
  let wakeUps = 0;
  const workers: Workers = {
    *gen(i): Plain {
      yield sleep(millionTasks.delay(i));
      wakeUps++;
    },
    *genStar(i): Plain {
      yield* sleep(millionTasks.delay(i));
      wakeUps++;
    },
    async *agen(i): Async {
      yield sleep(millionTasks.delay(i));
      wakeUps++;
    },
    async *agenStar(i): Async {
      yield* sleep(millionTasks.delay(i));
      wakeUps++;
    },
  };
  const end = await runAll(millionTasks.units(scale), workers, flavour, trace);
  return `${end}/${wakeUps}`;
}
