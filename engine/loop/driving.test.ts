import test from "ava";
import { DeadlockError, EventLoop, sleep } from "../index.ts";

/** A loop with a task of either kind that sleeps a second at a time, and a log whose lines begin with the time. */
function world() {
  const loop = new EventLoop();
  const log: string[] = [];
  const say = (text: string): void => {
    log.push(`${loop.time()} ${text}`);
  };
  async function* ticker() {
    for (let i = 1; ; i++) {
      yield* sleep(1);
      say(`tick ${i}`);
    }
  }
  return { loop, log, say, later: (text: string) => () => say(text), ticker };
}

test("runUntil: what is due exactly at the instant runs, with all that it makes ready, and the clock stays there", async (t) => {
  const { loop, log, say, later } = world();
  loop.callAt(2, () => {
    say("due");
    loop.callSoon(later("made ready"));
    loop.callLater(1e-6, later("too late"));
  });
  await loop.runUntil(2);
  say("end");
  t.deepEqual(log, ["2 due", "2 made ready", "2 end"]);
});

test("runUntil: the clock goes to the instant though nothing happens there", async (t) => {
  const { loop, log, say, ticker } = world();
  loop.createTask(ticker());
  await loop.runUntil(0.5);
  say("stopped");
  await loop.runUntil(2.25);
  say("stopped");
  await loop.runUntil(2.25);
  say("stopped");
  t.deepEqual(log, ["0.5 stopped", "1 tick 1", "2 tick 2", "2.25 stopped", "2.25 stopped"]);
});

test("runUntil: tasks that wait for ever are not a deadlock, since the caller may still wake them", async (t) => {
  const { loop, log, say } = world();
  const gate = loop.createFuture<string>();
  async function* waiter() {
    say(yield* gate);
  }
  loop.createTask(waiter());
  await loop.runUntil(3);
  gate.setResult("woken");
  await loop.advance(1);
  say("end");
  t.deepEqual(log, ["3 woken", "4 end"]);
});

test("runUntil: stop ends it early, where the clock is", async (t) => {
  const { loop, log, say, ticker } = world();
  loop.createTask(ticker());
  loop.callAt(1.5, () => loop.stop());
  await loop.runUntil(10);
  say("end");
  t.deepEqual(log, ["1 tick 1", "1.5 end"]);
});

test("advance: it moves the clock by so many seconds from where it is", async (t) => {
  const { loop, log, say, ticker } = world();
  loop.createTask(ticker());
  await loop.advance(1.5);
  say("stopped");
  await loop.advance(0);
  await loop.advance(1.5);
  say("stopped");
  t.deepEqual(log, ["1 tick 1", "1.5 stopped", "2 tick 2", "3 tick 3", "3 stopped"]);
});

test("runOnce: it runs one pass, after moving the clock if nothing is ready", async (t) => {
  const { loop, log, say, later } = world();
  const pass = async (): Promise<void> => {
    await loop.runOnce();
    log.push("-");
  };
  loop.callSoon(() => {
    say("a");
    loop.callSoon(later("c"));
  });
  loop.callSoon(later("b"));
  loop.callAt(5, later("d"));
  loop.callAt(5, later("e"));
  loop.callAt(6, later("f"));
  for (let i = 0; i < 5; i++) {
    await pass();
  }
  t.deepEqual(log, ["0 a", "0 b", "-", "0 c", "-", "5 d", "5 e", "-", "6 f", "-", "-"]);
});

test("step: it runs one callback or one step of a task", async (t) => {
  const { loop, log, say, later } = world();
  async function* main() {
    say("main begins");
    yield* sleep(1);
    say("main ends");
  }
  loop.createTask(main());
  loop.callSoon(later("callback"));
  for (let i = 0; i < 4; i++) {
    await loop.step();
    log.push(`- ${loop.steps} at ${loop.time()}`);
  }
  t.deepEqual(log, ["0 main begins", "- 1 at 0", "0 callback", "- 2 at 0", "- 3 at 1", "1 main ends", "- 4 at 1"]);
});

test("step: one that begins in the middle of a pass goes on with that pass, and so does a run", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("a");
    loop.callSoon(later("d"));
  });
  loop.callSoon(later("b"));
  loop.callSoon(later("c"));
  await loop.step();
  log.push("-");
  await loop.step();
  log.push("-");
  loop.callSoon(later("e"));
  await loop.runForever();
  t.deepEqual(log, ["0 a", "-", "0 b", "-", "0 c", "0 d", "0 e"]);
});

test("step: a step that ran the last event is not a deadlock; the next one is", async (t) => {
  const { loop } = world();
  function* main() {
    yield* loop.createFuture();
  }
  loop.createTask(main());
  await loop.step();
  await t.throwsAsync(loop.step(), { instanceOf: DeadlockError });
});

test("runOnce: in the middle of a pass it finishes that pass", async (t) => {
  const { loop, log, say, later } = world();
  loop.callSoon(() => {
    say("a");
    loop.callSoon(later("c"));
  });
  loop.callSoon(later("b"));
  await loop.step();
  log.push("-");
  await loop.runOnce();
  log.push("-");
  await loop.runOnce();
  t.deepEqual(log, ["0 a", "-", "0 b", "-", "0 c"]);
});

test("runUntil, advance: an instant that is past or no number is refused, and nothing runs", async (t) => {
  const { loop, log, ticker } = world();
  loop.createTask(ticker());
  await loop.runUntil(1);
  const refusals = [
    await t.throwsAsync(loop.runUntil(0.5), { instanceOf: RangeError }),
    await t.throwsAsync(loop.runUntil(Number.NaN), { instanceOf: RangeError }),
    await t.throwsAsync(loop.advance(-1), { instanceOf: RangeError }),
    await t.throwsAsync(loop.advance(Number.NaN), { instanceOf: RangeError }),
  ];
  t.deepEqual(
    [...refusals.map((error) => error?.message), loop.isRunning(), log],
    [
      "runUntil: expected a time from 1 s (now) on, got 0.5",
      "runUntil: expected a time from 1 s (now) on, got NaN",
      "advance: expected seconds that are not negative, got -1",
      "advance: expected seconds that are not negative, got NaN",
      false,
      ["1 tick 1"],
    ],
  );
});
