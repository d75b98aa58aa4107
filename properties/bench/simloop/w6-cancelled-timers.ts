import { getRunningLoop, sleep, type TimerHandle } from "../../../engine/index.ts";
import { cancelledTimers } from "../workloads/w6-cancelled-timers.ts";
import { lcg } from "../workloads/workload.ts";
import { simulated, type Trace } from "./run-all.ts";

/** W6 with callbacks of the loop: `callAt`, and `cancel` on the handles. */
export function runCancelledTimers(scale: number, trace: Trace): Promise<string> {
  const timers = cancelledTimers.units(scale);
  function* main(): Generator<unknown, string, unknown> {
    const loop = getRunningLoop();
    let fired = 0;
    let last = 0;
    const fire = () => {
      fired++;
      last = loop.time();
    };
    const handles: TimerHandle[] = [];
    let x = cancelledTimers.seed;
    for (let i = 0; i < timers; i++) {
      x = lcg(x);
      handles.push(loop.callAt(1 + (x >>> 2), fire));
    }
    for (let i = 1; i < timers; i += 2) handles[i]!.cancel();
    yield sleep(2 ** 30 + 1);
    return `${last}/${fired}`;
  }
  return simulated(main, trace);
}
