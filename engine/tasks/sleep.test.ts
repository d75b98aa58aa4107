import test from "ava";
import { createTask, EventLoop, gather, getRunningLoop, print, RuntimeError, run, simulate, sleep } from "../index.ts";

const flavours = {
  "a plain generator": function* (nap: ReturnType<typeof sleep<string>>) {
    return yield* nap;
  },
  "an async generator": async function* (nap: ReturnType<typeof sleep<string>>) {
    return yield* nap;
  },
};

for (const [first, firstWaits] of Object.entries(flavours)) {
  for (const [second, secondWaits] of Object.entries(flavours)) {
    test(`sleep: awaited in ${first} and, while that waits, in ${second}, only the second is refused`, async (t) => {
      const { value } = await simulate(async function* () {
        const nap = sleep(1, "slept");
        return yield* gather(firstWaits(nap), secondWaits(nap), { returnExceptions: true });
      });
      t.is(value?.[0], "slept");
      t.regex(String(value?.[1]), /^RuntimeError: cannot reuse already awaited coroutine: sleep\(1\)/);
    });

    test(`sleep: awaited in ${first}, and afterwards in ${second}, it is refused`, async (t) => {
      const { error } = await simulate(async function* () {
        const nap = sleep(1, "slept");
        yield* firstWaits(nap);
        yield* secondWaits(nap);
      });
      t.true(error instanceof RuntimeError, String(error));
    });
  }
}

test("sleep: a plain generator that is closed while it sleeps returns what it is closed with", (t) => {
  function* sleeper(seconds: number): Generator<unknown, string, unknown> {
    yield* sleep(seconds);
    return "slept";
  }
  for (const seconds of [0, 1]) {
    const coroutine = sleeper(seconds);
    coroutine.next();
    t.deepEqual(coroutine.return("closed"), { done: true, value: "closed" });
  }
});

test("sleep: an error thrown into a plain generator that sleeps comes out of the sleep", (t) => {
  function* sleeper(seconds: number): Generator<unknown, string, unknown> {
    try {
      yield* sleep(seconds);
    } catch (error) {
      return String(error);
    }
    return "slept";
  }
  for (const seconds of [0, 1]) {
    const coroutine = sleeper(seconds);
    coroutine.next();
    t.deepEqual(coroutine.throw(new Error("no")), { done: true, value: "Error: no" });
  }
});

test("sleep: turns of several plain generators do not mix", async (t) => {
  const { output } = await simulate(function* () {
    function* worker(name: string, turns: number) {
      for (let turn = 1; turn <= turns; turn++) {
        const nothing: undefined = yield* sleep(0);
        print(name, turn, nothing);
      }
    }
    yield* gather(worker("a", 3), worker("b", 1), worker("c", 2));
  });
  t.is(output, "a 1 undefined\nb 1 undefined\nc 1 undefined\na 2 undefined\nc 2 undefined\na 3 undefined\n");
});

test("sleep: a task that the only timer wakes runs in a step of its own, and stop() before it holds it back", async (t) => {
  const loop = new EventLoop();
  const log: unknown[] = [];
  loop.createTask(
    (function* () {
      yield* sleep(1);
      log.push(["slept", loop.time(), loop.steps]);
    })(),
  );
  loop.callAt(1, () => loop.stop());
  await loop.runForever();
  log.push(["stopped", loop.time(), loop.steps]);
  await loop.runForever();
  t.deepEqual(log, [
    ["stopped", 1, 3],
    ["slept", 1, 4],
  ]);
});

test("sleep: driven step by step, the timer and the task that it wakes are two events; pass by pass, two passes", async (t) => {
  for (const drive of ["step", "runOnce"] as const) {
    const loop = new EventLoop();
    let awake = false;
    loop.createTask(
      (function* () {
        yield* sleep(1);
        awake = true;
      })(),
    );
    await loop[drive]();
    await loop[drive]();
    t.deepEqual([drive, loop.time(), awake], [drive, 1, false]);
    await loop[drive]();
    t.true(awake);
  }
});

test("sleep: a timer that the same instant makes due runs before what the woken task schedules", async (t) => {
  const log: string[] = [];
  await run(
    (function* () {
      const loop = getRunningLoop();
      loop.callAt(1, () => {
        loop.callAt(1, () => log.push("timer"));
      });
      createTask(
        (function* () {
          yield* sleep(1);
          log.push("task");
          loop.callSoon(() => log.push("callback"));
        })(),
      );
      yield* sleep(2);
    })(),
  );
  t.deepEqual(log, ["task", "timer", "callback"]);
});
