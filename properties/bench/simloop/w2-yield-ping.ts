import { sleep } from "../../../engine/index.ts";
import { yieldPing } from "../workloads/w2-yield-ping.ts";
import { type Async, type Plain, runAll, type Trace, type Workers } from "./run-all.ts";

/** W2 in the given flavour. */
export async function runYieldPing(scale: number, flavour: string, trace: Trace): Promise<string> {
  const yields = yieldPing.yields(scale);
  let switches = 0;
  const workers: Workers = {
    *gen(): Plain {
      for (let k = 0; k < yields; k++) {
        yield sleep(0);
        switches++;
      }
    },
    *genStar(): Plain {
      for (let k = 0; k < yields; k++) {
        yield* sleep(0);
        switches++;
      }
    },
    async *agen(): Async {
      for (let k = 0; k < yields; k++) {
        yield sleep(0);
        switches++;
      }
    },
    async *agenStar(): Async {
      for (let k = 0; k < yields; k++) {
        yield* sleep(0);
        switches++;
      }
    },
  };
  const end = await runAll(yieldPing.tasks, workers, flavour, trace);
  return `${end}/${switches}`;
}
