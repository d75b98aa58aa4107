import { readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { EventLoop } from "../index.ts";

/** The logs of CPython 3.13, by test title; engine/golden/loop/loop.py writes them. */
const recorded: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  readFileSync(new URL("../golden/loop/loop.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line)),
);

/** The log is as given, which is as CPython's. */
function isPythons(t: ExecutionContext, log: readonly string[], expected: readonly string[]): void {
  t.deepEqual(log, expected);
  t.deepEqual(recorded[t.title], expected);
}

/** A loop, and a log whose lines begin with the time. */
function world() {
  const loop = new EventLoop();
  const log: string[] = [];
  const say = (text: string): void => {
    log.push(`${loop.time()} ${text}`);
  };
  return { loop, log, say, later: (text: string) => () => say(text) };
}

test("EventLoop: a pass runs what is ready at its start; what that schedules waits for the next pass", async (t) => {
  const { loop, log, say, later } = world();
  const third = (): void => {
    say("third");
    loop.callSoon(later("fifth"));
  };
  loop.callSoon(() => {
    say("first");
    loop.callSoon(third);
  });
  loop.callSoon(() => {
    say("second");
    loop.callSoon(later("fourth"));
  });
  await loop.runForever();
  isPythons(t, log, ["0 first", "0 second", "0 third", "0 fourth", "0 fifth"]);
});

test("EventLoop: timers that are due run behind everything that is ready already", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("start");
    loop.callLater(-1, later("timer, a second late"));
    loop.callLater(0, later("timer"));
    loop.callSoon(later("soon"));
  });
  await loop.runForever();
  isPythons(t, log, ["0 start", "0 soon", "0 timer, a second late", "0 timer"]);
});

test("EventLoop: timers less than a nanosecond apart fire in one pass, at the earlier time", async (t) => {
  const { loop, log, say, later } = world();
  for (const when of [0.1 + 0.2, 0.3, 1, 1 + 0.9e-9, 2, 2 + 1.1e-9]) {
    loop.callAt(when, () => {
      say(`due at ${when}`);
      loop.callSoon(later("next pass"));
    });
  }
  await loop.runForever();
  isPythons(t, log, [
    "0.3 due at 0.3",
    "0.3 due at 0.30000000000000004",
    "0.3 next pass",
    "0.3 next pass",
    "1 due at 1",
    "1 due at 1.0000000009",
    "1 next pass",
    "1 next pass",
    "2 due at 2",
    "2 next pass",
    "2.0000000011 due at 2.0000000011",
    "2.0000000011 next pass",
  ]);
});

test("EventLoop: at huge times a timer still fires, and the unit in the last place takes the nanosecond's part", async (t) => {
  const { loop, log, say, later } = world();
  for (const base of [2 ** 23, 2 ** 24, 2 ** 40, 2 ** 53]) {
    for (const units of [2, 1, 0]) {
      loop.callAt(base + units * base * Number.EPSILON, () => {
        say(`${units} units`);
        loop.callSoon(later("next pass"));
      });
    }
  }
  await loop.runForever();
  isPythons(t, log, [
    "8388608 0 units",
    "8388608 next pass",
    "8388608.000000002 1 units",
    "8388608.000000002 next pass",
    "8388608.000000004 2 units",
    "8388608.000000004 next pass",
    "16777216 0 units",
    "16777216 next pass",
    "16777216.000000004 1 units",
    "16777216.000000004 next pass",
    "16777216.000000007 2 units",
    "16777216.000000007 next pass",
    "1099511627776 0 units",
    "1099511627776 next pass",
    "1099511627776.0002 1 units",
    "1099511627776.0002 next pass",
    "1099511627776.0005 2 units",
    "1099511627776.0005 next pass",
    "9007199254740992 0 units",
    "9007199254740992 next pass",
    "9007199254740994 1 units",
    "9007199254740994 next pass",
    "9007199254740996 2 units",
    "9007199254740996 next pass",
  ]);
});

test("EventLoop: a handle cancelled in its own pass does not run", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("cancel");
    soon.cancel();
    timer.cancel();
  });
  const soon = loop.callSoon(later("withdrawn"));
  const timer = loop.callLater(0, later("withdrawn timer"));
  loop.callSoon(later("kept"));
  await loop.runForever();
  isPythons(t, log, ["0 cancel", "0 kept"]);
});

test("EventLoop: a cancelled timer holds nothing up, not even the clock", async (t) => {
  const { loop, log, say, later } = world();
  loop.callLater(5, later("withdrawn")).cancel();
  loop.callLater(7, later("kept"));
  const late = loop.callLater(9, later("withdrawn late"));
  loop.callLater(8, () => late.cancel());
  await loop.runForever();
  say("end");
  isPythons(t, log, ["7 kept", "8 end"]);
});

test("EventLoop: an exception in a callback goes to the handler, and the pass goes on", async (t) => {
  const { loop, log, say, later } = world();
  loop.setExceptionHandler((_, { exception }) => say(`handler: ${(exception as Error).message}`));
  loop.callSoon(() => {
    say("fail");
    throw new Error("no");
  });
  loop.callSoon(later("next"));
  await loop.runForever();
  isPythons(t, log, ["0 fail", "0 handler: no", "0 next"]);
});

test("EventLoop: stop ends the run after the present pass; what is left runs in the next run", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("stop");
    loop.stop();
    loop.callSoon(later("next pass"));
  });
  loop.callSoon(later("same pass"));
  loop.callLater(0, later("timer"));
  await loop.runForever();
  say("between");
  await loop.runForever();
  isPythons(t, log, ["0 stop", "0 same pass", "0 timer", "0 between", "0 next pass"]);
});

test("EventLoop: stop before a run lets it make one pass", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("first");
    loop.callSoon(later("second"));
  });
  loop.callLater(1, later("timer"));
  loop.stop();
  await loop.runForever();
  say("stopped");
  loop.stop();
  await loop.runForever();
  say("stopped");
  await loop.runForever();
  isPythons(t, log, ["0 first", "0 stopped", "0 second", "0 stopped", "1 timer"]);
});

test("EventLoop: the clock stands still while anything is ready", async (t) => {
  const { loop, log, say, later } = world();
  const spin = (turns: number): void => {
    say(`${turns} turns to go`);
    if (turns > 0) {
      loop.callSoon(spin, turns - 1);
    }
  };
  loop.callLater(0.001, later("timer"));
  spin(3);
  await loop.runForever();
  isPythons(t, log, ["0 3 turns to go", "0 2 turns to go", "0 1 turns to go", "0 0 turns to go", "0.001 timer"]);
});

test("EventLoop: callbacks get their arguments, as many as were given", async (t) => {
  const { loop } = world();
  const got: unknown[][] = [];
  const note = (...args: unknown[]): void => {
    got.push(args);
  };
  loop.callSoon(note);
  loop.callSoon(note, 1, "two", undefined);
  loop.callLater(1, note, null);
  loop.callAt(2, note, [3], note);
  await loop.runForever();
  t.deepEqual(got, [[], [1, "two", undefined], [null], [[3], note]]);
});

test("EventLoop: an instant that is past is due in the next pass, the earlier first", async (t) => {
  const { loop, log, later } = world();
  loop.callLater(10, () => {
    loop.callAt(3, later("set for 3"));
    loop.callAt(2, later("set for 2"));
    loop.callAt(-7, later("set for -7"));
  });
  await loop.runForever();
  t.deepEqual(log, ["10 set for -7", "10 set for 2", "10 set for 3"]);
});

test("EventLoop: what is an infinite time away never comes, and keeps no run from ending", async (t) => {
  const { loop, log, later } = world();
  const never = loop.callLater(Number.POSITIVE_INFINITY, later("never"));
  loop.callAt(Number.POSITIVE_INFINITY, later("never"));
  loop.callLater(1, later("a second"));
  await loop.runForever();
  never.cancel();
  await loop.runForever();
  t.deepEqual(log, ["1 a second"]);
});

test("EventLoop: a run ends when nothing is left that could happen, and the next goes on from there", async (t) => {
  const { loop, log, say, later } = world();
  await loop.runForever();
  loop.callLater(1, later("one"));
  await loop.runForever();
  say("between");
  loop.callLater(1, later("two"));
  await loop.runForever();
  t.deepEqual(log, ["1 one", "1 between", "2 two"]);
});

test("EventLoop: steps count the callbacks that ran, not those that were cancelled", async (t) => {
  const { loop, later } = world();
  loop.callSoon(later("one"));
  loop.callSoon(later("withdrawn")).cancel();
  loop.callLater(1, later("two"));
  loop.callLater(1, later("withdrawn")).cancel();
  await loop.runForever();
  t.is(loop.steps, 2);
});

test("EventLoop: it is running inside a run only, and says so", async (t) => {
  const { loop } = world();
  const states: unknown[] = [loop.isRunning(), String(loop)];
  loop.callLater(2.5, () => states.push(loop.isRunning(), String(loop)));
  await loop.runForever();
  loop.close();
  states.push(loop.isRunning(), String(loop));
  t.deepEqual(states, [
    false,
    "<EventLoop running=false closed=false time=0>",
    true,
    "<EventLoop running=true closed=false time=2.5>",
    false,
    "<EventLoop running=false closed=true time=2.5>",
  ]);
});
