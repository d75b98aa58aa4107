import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";

const SLOW_DISK = { trace: "off", network: { hosts: { a: { disk: { syncTime: 1 } } } } } as const;

test("Disk: what a crash during fsync loses does not come back when somebody elsewhere waited for it", async (t) => {
  const lines: unknown[] = [];
  const { error } = await simulate(function* () {
    const host = getRunningLoop().network.get("a");
    host.disk.write("x", "lost");
    const sync = createTask(host.disk.fsync());
    yield* sleep(0.5);
    host.crash();
    host.restart();
    try {
      yield* sync;
    } catch (failure) {
      lines.push(String(failure));
    }
    host.crash();
    lines.push(host.disk.read("x"));
  }, SLOW_DISK);
  t.is(error, undefined);
  t.deepEqual(lines, ["RuntimeError: disk: the host crashed during fsync(); what was written is lost", null]);
});
