import test from "ava";
import { CancelledError, ContextVar, EventLoop, Future, getRunningLoop, isfuture, RuntimeError, sleep } from "simloop";
import { Boom, logOf, outcome, resultOf, say, turns, warningsOf } from "./programs.ts";

/*
 * What CPython's test_futures.py and test_futures2.py assert of futures, in programs of our own.
 * docs/conformance.md says which of their methods each test stands for.
 */

const newFuture = (): Future<unknown> => new EventLoop().createFuture<unknown>();

/** Each way to ask a future, and each way to complete it, with how it ended. */
const stateOf = (future: Future<unknown>): Readonly<Record<string, string>> => ({
  done: outcome(() => future.done()),
  cancelled: outcome(() => future.cancelled()),
  result: outcome(() => future.result()),
  exception: outcome(() => future.exception()),
});

const completions = (future: Future<unknown>): readonly string[] => [
  outcome(() => future.setResult(null)),
  outcome(() => future.setException(new Boom())),
  outcome(() => future.cancel()),
];

for (const { title, complete, state } of [
  {
    title: "with a result",
    complete: (future: Future<unknown>) => future.setResult(42),
    state: { done: "true", cancelled: "false", result: "42", exception: "null" },
  },
  {
    title: "with an error",
    complete: (future: Future<unknown>) => future.setException(new Boom("no")),
    state: { done: "true", cancelled: "false", result: "Boom", exception: "Boom: no" },
  },
  {
    title: "cancelled",
    complete: (future: Future<unknown>) => future.cancel(),
    state: { done: "true", cancelled: "true", result: "CancelledError", exception: "CancelledError" },
  },
]) {
  test(`Future: ${title}, it is done, and cannot be completed again`, (t) => {
    const future = newFuture();
    t.deepEqual(stateOf(future), {
      done: "false",
      cancelled: "false",
      result: "InvalidStateError",
      exception: "InvalidStateError",
    });
    complete(future);
    t.deepEqual(stateOf(future), state);
    t.deepEqual(completions(future), ["InvalidStateError", "InvalidStateError", "false"]);
    t.deepEqual(stateOf(future), state);
  });
}

test("Future: it belongs to the loop that made it, or else to the running one, and there must be one", async (t) => {
  const loop = new EventLoop();
  t.is(loop.createFuture().getLoop(), loop);
  t.is(new Future(loop).getLoop(), loop);
  t.true(isfuture(loop.createFuture()));
  const log = await logOf(async function* () {
    const future = new Future<string>();
    getRunningLoop().callLater(1, () => future.setResult("there"));
    say(future.getLoop() === getRunningLoop());
    say(yield* future);
  });
  t.deepEqual(log, ["0 true", "1 there"]);
  t.throws(() => new Future(), { name: "RuntimeError", message: /^no running event loop/ });
});

test("Future: the message of its cancellation is there for all waiters", async (t) => {
  const future = newFuture();
  future.cancel("my message");
  for (let i = 0; i < 3; i++) {
    t.is(t.throws(() => future.result(), { instanceOf: CancelledError }).reason, "my message");
  }
});

test("Future: awaited again when it is done, it suspends no task", async (t) => {
  const log = await logOf(async function* () {
    const future = getRunningLoop().createFuture<number>();
    getRunningLoop().callSoon(() => future.setResult(42));
    say(yield* future);
    const steps = getRunningLoop().steps;
    say(yield* future);
    say(getRunningLoop().steps - steps);
  });
  t.deepEqual(log, ["0 42", "0 42", "0 0"]);
});

test("Future: its string shows its state", (t) => {
  const [pending, cancelled, finished, failed] = [newFuture(), newFuture(), newFuture(), newFuture()];
  cancelled.cancel();
  finished.setResult(4);
  failed.setException(new RuntimeError("no"));
  t.deepEqual([pending, cancelled, finished, failed].map(String), [
    "<Future pending>",
    "<Future cancelled>",
    "<Future finished result=4>",
    "<Future finished exception=RuntimeError: no>",
  ]);
});

for (const { title, use, reported } of [
  { title: "that is dropped pending", use: () => {}, reported: false },
  { title: "with a result that is never retrieved", use: (f: Future<unknown>) => f.setResult(42), reported: false },
  {
    title: "with a result that is retrieved",
    use: (f: Future<unknown>) => {
      f.setResult(42);
      f.result();
    },
    reported: false,
  },
  {
    title: "with an error that is never retrieved",
    use: (f: Future<unknown>) => f.setException(new Boom()),
    reported: true,
  },
  {
    title: "with an error that is asked for",
    use: (f: Future<unknown>) => {
      f.setException(new Boom());
      f.exception();
    },
    reported: false,
  },
  {
    title: "with an error that is thrown into a waiting task",
    use: (f: Future<unknown>) => {
      f.setException(new Boom());
      outcome(() => f.result());
    },
    reported: false,
  },
  {
    title: "with an error, cancelled too late",
    use: (f: Future<unknown>) => {
      f.setException(new Boom());
      f.cancel();
    },
    reported: false,
  },
]) {
  test(`Future: one ${title} is ${reported ? "" : "not "}reported`, async (t) => {
    const warnings = await warningsOf(async function* () {
      use(getRunningLoop().createFuture<unknown>());
      yield* sleep(1);
    });
    const report = "Future exception was never retrieved\nfuture: <Future finished exception=Boom>";
    t.deepEqual(
      warnings.map((warning) => warning.replace(/\n {2}at .*$/, "")),
      reported ? [report] : [],
    );
  });
}

/** The callbacks that a future called, by name, after `prepare` added and removed some. */
async function calledAfter(
  prepare: (future: Future<unknown>, callbacks: Record<"a" | "b" | "c", (future: Future<unknown>) => void>) => unknown,
  complete: (future: Future<unknown>) => void = (future) => future.setResult("foo"),
): Promise<string> {
  const loop = new EventLoop();
  const called: string[] = [];
  const callback = (name: string) => (): void => {
    called.push(name);
  };
  const future = loop.createFuture<unknown>();
  prepare(future, { a: callback("a"), b: callback("b"), c: callback("c") });
  complete(future);
  called.push("|");
  await loop.runOnce();
  future._markSeen();
  return called.join("");
}

test("Future: callbacks run a pass after it is done, in order, whatever it came to", async (t) => {
  for (const complete of [
    (future: Future<unknown>) => future.setResult(1),
    (future: Future<unknown>) => future.setException(new Boom()),
    (future: Future<unknown>) => future.cancel(),
  ]) {
    const called = await calledAfter((future, { a, b }) => {
      future.addDoneCallback(b);
      future.addDoneCallback(a);
    }, complete);
    t.is(called, "|ba");
  }
});

test("Future: a callback that was removed is not called, the others are", async (t) => {
  const all = { a: 0, b: 1, c: 2 };
  for (const [removed, left] of [
    [["a", "a"], "bc"],
    [["a", "b", "a"], "c"],
    [["c", "c"], "ab"],
    [["a", "b", "c"], ""],
  ] as const) {
    const called = await calledAfter((future, callbacks) => {
      for (const name of Object.keys(all) as (keyof typeof all)[]) {
        future.addDoneCallback(callbacks[name]);
      }
      for (const name of removed) {
        future.removeDoneCallback(callbacks[name]);
      }
    });
    t.is(called, `|${left}`);
  }
});

test("Future: removeDoneCallback removes all additions of a callback, and counts them", async (t) => {
  const called = await calledAfter((future, { a, b, c }) => {
    future.addDoneCallback(a);
    future.addDoneCallback(b);
    t.is(future.removeDoneCallback(b), 1);
    t.is(future.removeDoneCallback(c), 0);
    future.addDoneCallback(b);
    for (let i = 0; i < 5; i++) {
      future.addDoneCallback(a);
    }
    t.is(future.removeDoneCallback(a), 6);
  });
  t.is(called, "|b");
});

test("Future: a callback that removes others changes nothing about the calls that are on their way", async (t) => {
  const called = await calledAfter((future, { a, b }) => {
    future.addDoneCallback((done) => done.removeDoneCallback(a));
    future.addDoneCallback(a);
    future.addDoneCallback(b);
    future.addDoneCallback(a);
  });
  t.is(called, "|aba");
});

test("Future: the exception handler runs in the context of the callback that failed", async (t) => {
  const log = await resultOf(async function* () {
    const name = new ContextVar("name", { default: "foo" });
    const seen: string[] = [];
    getRunningLoop().setExceptionHandler(() => seen.push(name.get()));
    const future = getRunningLoop().createFuture<void>();
    future.addDoneCallback(() => {
      name.set("bar");
      throw new Boom();
    });
    future.setResult();
    yield* turns(2);
    return seen;
  });
  t.deepEqual(log, ["bar"]);
});

test("Future: an error that is thrown to one awaiter after another is the same one", async (t) => {
  const error = new Boom();
  const caught = await resultOf(async function* () {
    const future = getRunningLoop().createFuture<void>();
    future.setException(error);
    const all: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      try {
        yield* future;
      } catch (each) {
        all.push(each);
      }
    }
    return all;
  });
  t.deepEqual(
    caught.map((each) => each === error),
    [true, true, true, true, true],
  );
});
