import test from "ava";
import { withoutPlaces } from "../golden/recorded-logs.ts";
import { createTask, EventLoop, type Future, InvalidStateError, RuntimeError, simulate, sleep } from "../index.ts";

/** A future in each of its states. */
function futures() {
  const loop = new EventLoop({ errorOutput: () => {} });
  const pending = loop.createFuture<string>();
  const finished = loop.createFuture<string>();
  const failed = loop.createFuture<string>();
  const cancelled = loop.createFuture<string>();
  finished.setResult("result");
  failed.setException(new RangeError("no"));
  cancelled.cancel("message");
  return { loop, pending, finished, failed, cancelled };
}

/** What a call returns, or the error that it throws, as a string. */
function outcome(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return String(error);
  }
}

test("Future: each state has its string; done() and cancelled() follow it", (t) => {
  const { pending, finished, failed, cancelled } = futures();
  t.deepEqual(
    [pending, finished, failed, cancelled].map((future) => `${future} ${future.done()} ${future.cancelled()}`),
    [
      "<Future pending> false false",
      "<Future finished result='result'> true false",
      "<Future finished exception=RangeError: no> true false",
      "<Future cancelled> true true",
    ],
  );
});

test("Future: result and exception return the outcome, and throw if there is none", (t) => {
  const { pending, finished, failed, cancelled } = futures();
  const all = [pending, finished, failed, cancelled];
  t.deepEqual(
    [all.map((future) => outcome(() => future.result())), all.map((future) => outcome(() => future.exception()))],
    [
      [
        "InvalidStateError: Result is not set: <Future pending> is not done; await it, or ask done() first",
        "result",
        "RangeError: no",
        "CancelledError: message",
      ],
      [
        "InvalidStateError: Exception is not set: <Future pending> is not done; await it, or ask done() first",
        "null",
        "RangeError: no",
        "CancelledError: message",
      ],
    ],
  );
});

test("Future: it is done once and for all", (t) => {
  const { finished, failed, cancelled } = futures();
  for (const future of [finished, failed, cancelled]) {
    const text = String(future);
    t.throws(() => future.setResult("other"), {
      instanceOf: InvalidStateError,
      message: `setResult: ${text} is done already`,
    });
    t.throws(() => future.setException(new Error("other")), {
      instanceOf: InvalidStateError,
      message: `setException: ${text} is done already`,
    });
    t.false(future.cancel("other"));
    t.is(String(future), text);
  }
});

test("Future: it belongs to a loop, and a task is one whose result cannot be set from outside", async (t) => {
  const { loop, pending } = futures();
  const task = loop.createTask(sleep(1, "slept"), { name: "sleeper" }) as Future<string>;
  const refusals = [
    t.throws(() => task.setResult("other"), { instanceOf: RuntimeError })?.message,
    t.throws(() => task.setException(new Error("other")), { instanceOf: RuntimeError })?.message,
  ];
  t.deepEqual(
    [pending.getLoop() === loop, refusals, await loop.runUntilComplete(task)],
    [
      true,
      [
        "Task does not support setResult: <Task pending name='sleeper' coro=<sleep()>> gets its result from its coroutine",
        "Task does not support setException: <Task pending name='sleeper' coro=<sleep()>> gets its error from its coroutine",
      ],
      "slept",
    ],
  );
});

test("Future: a done callback must be a plain function", (t) => {
  const { pending } = futures();
  const wrong = (value: unknown): never => value as never;
  t.deepEqual(
    [() => pending.addDoneCallback(wrong(null)), () => pending.addDoneCallback(async function* notify() {})].map(
      outcome,
    ),
    [
      "TypeError: addDoneCallback: expected a function to call, got null",
      "TypeError: addDoneCallback: expected a plain function, got the AsyncGeneratorFunction notify, which a mere call does not run; use createTask",
    ],
  );
});

test("Future: an unretrieved error is reported at the end of the run; cancel, result and awaiting retrieve it", async (t) => {
  const { warnings } = await simulate(async function* () {
    const names = ["unseen", "asked", "read", "cancelled", "awaited"] as const;
    const fail = function* (name: string): Generator<unknown, never> {
      yield* sleep(0);
      throw new Error(name);
    };
    const tasks = names.map((name) => createTask(fail(name), { name }));
    yield* sleep(1);
    const [, asked, read, cancelled, awaited] = tasks;
    asked?.exception();
    outcome(() => read?.result());
    cancelled?.cancel();
    try {
      yield* awaited as Future<unknown>;
    } catch {}
    const future = (asked as Future<unknown>).getLoop();
    new EventLoop().close();
    const alone = (future as EventLoop).createFuture<string>();
    alone.setException("a string");
  });
  t.deepEqual(withoutPlaces(warnings), [
    "Task exception was never retrieved\nfuture: <Task finished name='unseen' coro=<coroutine()> exception=Error: unseen>",
    "Future exception was never retrieved\nfuture: <Future finished exception=a string>",
  ]);
});
