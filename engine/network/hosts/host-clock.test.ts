import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import { HostClock } from "./host-clock.ts";

test("Host: a fault of its clock is over when it ends; what the clock is like by itself remains", async (t) => {
  const lines: string[] = [];
  await simulate(
    function* () {
      const { network } = getRunningLoop();
      const [a, b] = [network.get("a"), network.get("b")];
      const log = (what: string): number => lines.push(`${what}: ${a.time()} ${b.time()}`);
      network.faults.schedule({
        faults: [
          { at: 2, until: 4, fault: "clock", host: "a", skew: -1 },
          { at: 6, fault: "clock", host: "a", drift: 1 },
          { at: 6, fault: "clock", host: "b", skew: 3 },
        ],
        end: 8,
      });
      for (const what of ["own", "faulty", "own", "faulty", "healed"]) {
        yield* sleep(1);
        log(what);
        yield* sleep(1);
      }
      b.setClock({ skew: 0 });
      log("set");
    },
    { trace: "off", network: { hosts: { a: { clock: { skew: 100 } }, b: { clock: { drift: 0.5 } } } } },
  );
  t.deepEqual(lines, [
    "own: 101 1.5",
    "faulty: 2 4.5",
    "own: 105 7.5",
    "faulty: 108 10.5",
    "healed: 109 13.5",
    "set: 110 10",
  ]);
});

test("Clock: one that is set while a fault lasts goes on from what it shows, and the fault is over", (t) => {
  const clock = new HostClock();
  clock.impair("test", { skew: 5 }, 0);
  clock.set("test", { drift: 0.5 }, 10);
  const shown = [clock.at(10), clock.at(20)];
  clock.heal();
  t.deepEqual([...shown, clock.at(20)], [15, 30, 30]);
});
