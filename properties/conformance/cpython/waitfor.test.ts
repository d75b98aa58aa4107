import test from "ava";
import {
  CancelledError,
  type Coroutine,
  createTask,
  type Future,
  getRunningLoop,
  shield,
  sleep,
  TimeoutError,
  waitFor,
} from "simloop";
import { after, Boom, logOf, outcomeOf, resultOf, say, self } from "./programs.ts";

/*
 * What CPython's test_waitfor.py asserts of wait_for, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

const newFuture = (): Future<unknown> => getRunningLoop().createFuture<unknown>();

/** Sleep until `delay` seconds are over, whoever cancels. */
function* stubborn(delay: number): Coroutine<string> {
  const end = getRunningLoop().time() + delay;
  while (getRunningLoop().time() < end) {
    try {
      yield* sleep(end - getRunningLoop().time());
    } catch {
      say("not yet");
    }
  }
  say("exits");
  return "done";
}

/** Sleep for a long time; when cancelled, take `cleanup` seconds to end, with `error` if there is one. */
function* sleeper(cleanup = 0, error?: Error): Coroutine<string> {
  say("starts");
  try {
    yield* sleep(1000);
  } catch (cancellation) {
    yield* sleep(cleanup);
    throw error ?? cancellation;
  } finally {
    say("ends");
  }
  return "slept";
}

const nameOf = (outcome: string): string => outcome.split(":")[0]!;

test("waitFor: it waits for the end of a coroutine that does not heed the cancellation of the waiter", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(waitFor(stubborn(1), 2));
    yield* sleep(0.5);
    task.cancel();
    say(yield* outcomeOf(task));
  });
  t.deepEqual(log, ["0.5 not yet", "1 exits", "1 done"]);
});

test("waitFor: it waits for the end of a coroutine that does not heed the timeout, and returns its result", async (t) => {
  const log = await logOf(async function* () {
    say(yield* outcomeOf(waitFor(stubborn(1), 0.5)));
  });
  t.deepEqual(log, ["0.5 not yet", "1 exits", "1 done"]);
});

for (const timeout of [0, -1]) {
  test(`waitFor: with a timeout of ${timeout} it returns the result of what is done`, async (t) => {
    const log = await logOf(async function* () {
      const future = newFuture();
      future.setResult("done");
      say(yield* waitFor(future, timeout));
    });
    t.deepEqual(log, ["0 done"]);
  });

  test(`waitFor: with a timeout of ${timeout} a coroutine never starts`, async (t) => {
    const log = await logOf(async function* () {
      say(nameOf(yield* outcomeOf(waitFor(sleeper(), timeout))));
    });
    t.deepEqual(log, ["0 TimeoutError"]);
  });

  test(`waitFor: with a timeout of ${timeout} a task is cancelled, and its end waited for`, async (t) => {
    const log = await logOf(async function* () {
      const task = createTask(sleeper(1));
      yield* sleep(1);
      try {
        yield* waitFor(task, timeout);
      } catch (error) {
        say(`${(error as Error).name} because of ${(error as Error).cause}`);
      }
      say([task.done(), task.cancelled()]);
    });
    t.deepEqual(log, ["0 starts", "2 ends", "2 TimeoutError because of CancelledError", "2 true,true"]);
  });
}

test("waitFor: when the time is up a task is cancelled, and its end waited for", async (t) => {
  for (const cleanup of [0, 1]) {
    const log = await logOf(async function* () {
      const task = createTask(sleeper(cleanup));
      try {
        yield* waitFor(task, 1);
      } catch (error) {
        say(`${(error as Error).name} because of ${(error as Error).cause}`);
      }
      say([task.done(), task.cancelled()]);
    });
    const end = 1 + cleanup;
    t.deepEqual(log, ["0 starts", `${end} ends`, `${end} TimeoutError because of CancelledError`, `${end} true,true`]);
  }
});

test("waitFor: without a timeout it waits for as long as it takes", async (t) => {
  const log = await logOf(async function* () {
    say(yield* waitFor(after(1000, "done"), null));
  });
  t.deepEqual(log, ["1000 done"]);
});

test("waitFor: a result that is set while it begins to wait is given", async (t) => {
  const log = await logOf(async function* () {
    const future = newFuture();
    const waiting = waitFor(future, 1);
    getRunningLoop().callSoon(() => future.setResult("ok"));
    say(yield* waiting);
  });
  t.deepEqual(log, ["0 ok"]);
});

test("waitFor: a coroutine that catches the cancellation of the timeout returns its result", async (t) => {
  const log = await logOf(async function* () {
    async function* catching() {
      try {
        yield* sleep(10);
      } catch (error) {
        say(error);
      }
      return 42;
    }
    say(yield* waitFor(catching(), 1));
    say(self().cancelling());
  });
  t.deepEqual(log, ["1 CancelledError", "1 42", "1 0"]);
});

test("waitFor: an error that comes of the cancellation is passed on", async (t) => {
  for (const timeout of [1, 0]) {
    const error = await resultOf(async function* () {
      const task = createTask(sleeper(0, new Boom()));
      yield* sleep(0);
      return yield* outcomeOf(waitFor(task, timeout));
    });
    t.is(error, "Boom");
  }
});

for (const timeout of [null, 60]) {
  test(`waitFor: with a timeout of ${timeout}, cancelling the waiter cancels the task`, async (t) => {
    const log = await logOf(async function* () {
      const task = createTask(sleeper());
      const waiting = createTask(waitFor(task, timeout));
      getRunningLoop().callSoon(() => waiting.cancel());
      say(yield* outcomeOf(waiting));
      say(task.cancelled());
    });
    t.deepEqual(log, ["0 starts", "0 ends", "0 CancelledError", "0 true"]);
  });
}

test("waitFor: cancelled a pass after the task ended, the waiter is cancelled, and the task has its result", async (t) => {
  const log = await logOf(async function* () {
    async function* immediate() {
      return "done";
    }
    const inner = createTask(immediate());
    async function* waiting() {
      yield* waitFor(inner, 100);
      yield* sleep(1);
      say("never");
    }
    const task = createTask(waiting());
    yield* sleep(0);
    task.cancel();
    say(yield* outcomeOf(task));
    say(yield* outcomeOf(inner));
  });
  t.deepEqual(log, ["0 CancelledError", "0 done"]);
});

for (const [timeout, shielded, outcome] of [
  [0, true, "TimeoutError"],
  [0.5, true, "TimeoutError"],
  [null, false, "done"],
] as const) {
  test(`waitFor: with a timeout of ${timeout}, a shield keeps the task running`, async (t) => {
    const log = await logOf(async function* () {
      const task = createTask(after(1, "done"));
      const shielding = shield(task);
      say(nameOf(yield* outcomeOf(waitFor(shielding, timeout))));
      say([task.cancelled(), shielding.cancelled()]);
      say(yield* task);
    });
    const time = timeout ?? 1;
    t.deepEqual(log, [`${time} ${outcome}`, `${time} false,${shielded}`, "1 done"]);
  });
}

test("waitFor: its TimeoutError is the one that a timeout throws", async (t) => {
  const error = await t.throwsAsync(
    resultOf(function* () {
      yield* waitFor(sleep(10), 1);
    }),
  );
  t.true(error instanceof TimeoutError);
  t.true(error.cause instanceof CancelledError);
});
