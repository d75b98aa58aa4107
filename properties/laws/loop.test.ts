import { fc, testProp } from "@fast-check/ava";
import { DeadlockError, EventLoop } from "../../engine/index.ts";
import { type Body, delays, mainOf, programs } from "./programs.ts";
import { type Seen, Watcher } from "./watcher.ts";

/** Everything that a run of `program` did until nothing was left to do. */
async function watch(program: readonly Body[]): Promise<readonly Seen[]> {
  const watcher = new Watcher();
  watcher.loop.createTask(mainOf(program)());
  try {
    await watcher.loop.runForever();
  } catch (error) {
    if (!(error instanceof DeadlockError)) {
      throw error;
    }
  }
  return watcher.seen;
}

testProp("Law: virtual time never goes back, and each move of the clock is forward", [programs], async (t, program) => {
  const seen = await watch(program);
  let now = 0;
  t.pass();
  for (const each of seen) {
    t.true(each.kind === "clock" ? each.time > now : each.time === now, JSON.stringify(each));
    now = each.time;
  }
});

testProp("Law: what is ready runs in the order in which it became ready", [programs], async (t, program) => {
  const seen = await watch(program);
  const timers = new Set(seen.flatMap((each) => (each.kind === "timer" ? [each.who] : [])));
  const withdrawn = new Set(seen.flatMap((each) => (each.kind === "withdrawn" ? [each.who] : [])));
  const queue = seen.flatMap((each) => (each.kind === "ready" ? [each.who] : []));
  const runs = seen.flatMap((each) => (each.kind === "run" && !timers.has(each.who) ? [each.who] : []));
  t.deepEqual(
    runs,
    queue.filter((who) => !withdrawn.has(who)),
  );
});

testProp(
  "Law: a timer fires once, never before its time, nor later than the first pass at or after it",
  [programs],
  async (t, program) => {
    const seen = await watch(program);
    const withdrawn = new Set(seen.flatMap((each) => (each.kind === "withdrawn" ? [each.who] : [])));
    const resolution = 1e-9;
    t.pass();
    for (const timer of seen) {
      if (timer.kind !== "timer") {
        continue;
      }
      const fired = seen.filter((each) => each.kind === "run" && each.who === timer.who);
      const [first] = fired;
      if (first === undefined) {
        t.true(withdrawn.has(timer.who), `${timer.who} never fired`);
        continue;
      }
      t.is(fired.length, 1);
      t.true(first.time + resolution > timer.when, `${timer.who} fired at ${first.time} before ${timer.when}`);
      t.true(first.time <= Math.max(timer.when, timer.time), `${timer.who} fired at ${first.time} after ${timer.when}`);
    }
  },
);

testProp(
  "Law: timers that fire at one instant do so by deadline, equal ones in the order in which they were set",
  [programs],
  async (t, program) => {
    const seen = await watch(program);
    const timers = new Map(seen.flatMap((each, i) => (each.kind === "timer" ? [[each.who, { ...each, i }]] : [])));
    const groups = new Map<number, { readonly when: number; readonly i: number }[]>();
    for (const each of seen) {
      const timer = each.kind === "run" ? timers.get(each.who) : undefined;
      // One that was set at this very instant may have come too late for the pass of the others.
      if (timer !== undefined && timer.time < each.time) {
        groups.set(each.time, [...(groups.get(each.time) ?? []), timer]);
      }
    }
    t.pass();
    for (const fired of groups.values()) {
      t.deepEqual(
        fired,
        [...fired].sort((a, b) => a.when - b.when || a.i - b.i),
      );
    }
  },
);

testProp(
  "Law: a timer that is due when it is set runs behind what is ready in the next pass, and before what that schedules",
  [fc.array(fc.tuple(delays, fc.constantFrom(0, -1, -0.5e-9), fc.boolean()), { minLength: 1, maxLength: 8 })],
  async (t, settings) => {
    const loop = new EventLoop();
    const logs: string[][] = [];
    for (const [at, delay, timerFirst] of settings) {
      const log: string[] = [];
      logs.push(log);
      const ready = (): void => {
        log.push("ready");
        loop.callSoon(() => log.push("scheduled by it"));
      };
      const timer = (): void => {
        log.push("timer");
      };
      loop.callAt(at, () => {
        if (timerFirst) {
          loop.callLater(delay, timer);
          loop.callSoon(ready);
        } else {
          loop.callSoon(ready);
          loop.callLater(delay, timer);
        }
      });
    }
    await loop.runForever();
    t.deepEqual(
      logs,
      settings.map(() => ["ready", "timer", "scheduled by it"]),
    );
  },
);
