import test from "ava";
import {
  asCompleted,
  CancelledError,
  type Coroutine,
  createTask,
  EventLoop,
  type Future,
  gather,
  getRunningLoop,
  type ReturnWhen,
  RuntimeError,
  shield,
  sleep,
  Task,
  TimeoutError,
  type WaitOptions,
  wait,
} from "simloop";
import {
  after,
  Boom,
  failAfter,
  logOf,
  outcome,
  outcomeOf,
  resultOf,
  say,
  self,
  turns,
  warningsOf,
} from "./programs.ts";

/*
 * What CPython's test_tasks.py asserts of wait, as_completed, shield and gather, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

const newFuture = (): Future<unknown> => getRunningLoop().createFuture<unknown>();
const names = (tasks: Iterable<Future<unknown>>): string =>
  [...tasks].map((task) => (task as Task<unknown>).getName()).join("");

/**
 * Which of the tasks a, b … that end after the given delays, or fail after a negative one, `wait` gives as done and as
 * pending.
 */
const waited = (delays: readonly number[], options: WaitOptions): Promise<string[]> =>
  logOf(async function* () {
    const tasks = delays.map((delay, i) => {
      const coroutine: Coroutine<unknown> = delay < 0 ? failAfter(-delay) : after(delay, i);
      return createTask(coroutine, { name: "abcdef"[i]! });
    });
    // The tasks set their timers before `wait` sets its own.
    yield* sleep(0);
    const { done, pending } = yield* wait(tasks, options);
    say(`${names(done)}|${names(pending)}`);
    for (const task of done) {
      outcome(() => task.exception());
    }
  });

for (const { title, delays, options, expected } of [
  { title: "waits for all by default", delays: [1, 1.5], options: {}, expected: "1.5 ab|" },
  {
    title: "returns with the first that is done",
    delays: [10, 1],
    options: { returnWhen: "FIRST_COMPLETED" },
    expected: "1 b|a",
  },
  {
    title: "returns all that are done by then, not only the first",
    delays: [1, 1, 2],
    options: { returnWhen: "FIRST_COMPLETED" },
    expected: "1 ab|c",
  },
  {
    title: "returns with the first that fails",
    delays: [10, -1, 0.5],
    options: { returnWhen: "FIRST_EXCEPTION" },
    expected: "1 bc|a",
  },
  {
    title: "waits for all when none fails",
    delays: [2, 1],
    options: { returnWhen: "FIRST_EXCEPTION" },
    expected: "2 ab|",
  },
  { title: "takes no notice of an error otherwise", delays: [1, -1.5], options: {}, expected: "1.5 ab|" },
  {
    title: "returns what is done when the time is up",
    delays: [1, 1.5],
    options: { timeout: 1.25 },
    expected: "1.25 a|b",
  },
  { title: "is over when the time is up and all are done", delays: [1, 1], options: { timeout: 5 }, expected: "1 ab|" },
] as const) {
  test(`wait: it ${title}`, async (t) => {
    t.deepEqual(await waited(delays, options), [expected]);
  });
}

test("wait: a future that is done at the very end of the time counts as done", async (t) => {
  t.deepEqual(await waited([1, 1.5], { timeout: 1 }), ["1 a|b"]);
});

test("wait: of those that are done already it takes two passes and no time", async (t) => {
  const log = await logOf(async function* () {
    const tasks = [createTask(after(1, "a")), createTask(after(2, "b"))];
    yield* wait(tasks);
    const { done } = yield* wait(tasks);
    say(done.size);
  });
  t.deepEqual(log, ["2 2"]);
});

test("wait: a future given twice counts once; any iterable will do", async (t) => {
  const log = await logOf(async function* () {
    const [a, b] = [createTask(after(1, "a"), { name: "a" }), createTask(after(2, "b"), { name: "b" })];
    say(names((yield* wait([a, a, b])).done));
    say(names((yield* wait(new Set([b, a]))).done));
    function* some() {
      yield a;
      yield b;
    }
    say(names((yield* wait([...some()])).done));
  });
  t.deepEqual(log, ["2 ab", "2 ba", "2 ab"]);
});

test("wait: nothing, one future, coroutines or an unknown condition are refused", async (t) => {
  const refused = await resultOf(async function* () {
    const future = newFuture();
    return [
      outcome(() => wait([])),
      outcome(() => wait(future as never)),
      outcome(() => wait(after(0, 1) as never)),
      outcome(() => wait([after(0, 1) as never])),
      outcome(() => wait([future], { returnWhen: -1 as unknown as ReturnWhen })),
    ];
  });
  t.deepEqual(refused, ["RangeError", "TypeError", "TypeError", "TypeError", "RangeError"]);
});

test("wait: cancelled, it leaves what it waited for running", async (t) => {
  const log = await logOf(async function* () {
    const inner = createTask(after(2, "inner"));
    async function* outer() {
      yield* wait([inner]);
    }
    const task = createTask(outer());
    yield* sleep(1);
    task.cancel();
    say(yield* outcomeOf(task));
    say(yield* inner);
  });
  t.deepEqual(log, ["1 CancelledError", "2 inner"]);
});

/** The two ways to go through what completes: they yield the results in the same order. */
const WAYS: Readonly<Record<string, (all: ReturnType<typeof asCompleted<string>>) => Coroutine<void>>> = {
  for: function* (all) {
    for (const next of all) {
      say(yield* next);
    }
  },
  "for await": async function* (all) {
    for await (const future of all) {
      say(future.result());
    }
  },
};

for (const [way, goThrough] of Object.entries(WAYS)) {
  test(`asCompleted: with ${way} it returns results as they come`, async (t) => {
    const log = await logOf(async function* () {
      yield* goThrough(asCompleted([after(1, "b"), after(1.5, "c"), after(0.5, "a"), after(1, "b2")]));
      say("end");
    });
    t.deepEqual(log, ["0.5 a", "1 b", "1 b2", "1.5 c", "1.5 end"]);
  });

  test(`asCompleted: with ${way} it throws when the time is up, and not when nothing is left`, async (t) => {
    const log = await logOf(async function* () {
      yield* goThrough(asCompleted([after(1, "a")], { timeout: 2 }));
      yield* sleep(5);
      try {
        yield* goThrough(asCompleted([after(1, "a"), after(1.5, "b")], { timeout: 1.25 }));
      } catch (error) {
        say((error as Error).name);
      }
    });
    t.deepEqual(log, ["1 a", "7 a", "7.25 TimeoutError"]);
  });

  test(`asCompleted: with ${way} what is given twice comes once`, async (t) => {
    const log = await logOf(async function* () {
      const twice = after(0, "ham");
      yield* goThrough(asCompleted([twice, twice, after(1, "spam")]));
    });
    t.deepEqual(log, ["0 ham", "1 spam"]);
  });
}

test("asCompleted: each awaitable after the time is up throws, one for each future that is not done", async (t) => {
  const log = await logOf(async function* () {
    for (const next of asCompleted([after(1, "a"), after(2, "b"), after(3, "c")], { timeout: 1.5 })) {
      say((yield* outcomeOf(next)).split(":")[0]);
    }
  });
  t.deepEqual(log, ["1 a", "1.5 TimeoutError", "1.5 TimeoutError"]);
});

test("asCompleted: one that was left off can be gone on with", async (t) => {
  for (const way of ["for", "for await"] as const) {
    const log = await logOf(async function* () {
      const all = asCompleted([after(1, "a"), after(2, "b"), after(3, "c"), after(4, "d")]);
      let count = 0;
      if (way === "for") {
        for (const next of all) {
          say(yield* next);
          if (++count === 2) {
            break;
          }
        }
      } else {
        for await (const future of all) {
          say(future.result());
          if (++count === 2) {
            break;
          }
        }
      }
      say("pause");
      yield* WAYS[way]!(all);
    });
    t.deepEqual(log, ["1 a", "2 b", "2 pause", "3 c", "4 d"], way);
  }
});

test("asCompleted: with for await futures and tasks come back themselves, coroutines as tasks", async (t) => {
  const same = await resultOf(async function* () {
    const task = createTask(after(1, "task"));
    const future = newFuture();
    getRunningLoop().callLater(2, () => future.setResult("future"));
    const seen: unknown[] = [];
    for await (const each of asCompleted<unknown>([after(3, "coroutine"), task, future])) {
      seen.push(each);
    }
    return [seen[0] === task, seen[1] === future, seen[2] instanceof Task];
  });
  t.deepEqual(same, [true, true, true]);
});

test("asCompleted: whichever awaitable is awaited first gets the first result, and several can be awaited at once", async (t) => {
  const log = await logOf(async function* () {
    const reversed = [...asCompleted([after(1, "a"), after(2, "b")])].reverse();
    for (const next of reversed) {
      say(yield* next);
    }
    const { done } = yield* wait([...asCompleted([after(1, "c"), after(1, "d")])].map((next) => createTask(next)));
    say([...done].map((future) => future.result()));
  });
  t.deepEqual(log, ["1 a", "2 b", "3 c,d"]);
});

test("asCompleted: a single future or coroutine is refused", async (t) => {
  const refused = await resultOf(async function* () {
    return [newFuture(), after(0, 1), 5].map((value) => outcome(() => asCompleted(value as never)));
  });
  t.deepEqual(refused, ["TypeError", "TypeError", "TypeError"]);
});

test.serial("shield, gather, asCompleted: outside of a loop they cannot make tasks", (t) => {
  const calls: readonly ((coroutine: Coroutine<number>) => unknown)[] = [shield, gather, (each) => asCompleted([each])];
  for (const call of calls) {
    t.throws(() => call(after(0, 1)), { instanceOf: RuntimeError, message: /no running event loop/ });
  }
});

test("shield: it returns the result, the error or the cancellation of what it shields", async (t) => {
  const log = await logOf(async function* () {
    const inner = [newFuture(), newFuture(), newFuture()];
    const outer = inner.map((each) => shield(each));
    inner[0]?.setResult(42);
    inner[1]?.setException(new Boom());
    inner[2]?.cancel();
    for (const each of outer) {
      say(yield* outcomeOf(each));
    }
    say(outer.map((each) => each.cancelled()));
  });
  t.deepEqual(log, ["0 42", "0 Boom", "0 CancelledError", "0 false,false,true"]);
});

test("shield: what is done already it returns itself; a coroutine becomes a task of the running loop", async (t) => {
  const log = await logOf(async function* () {
    const future = newFuture();
    future.setResult(42);
    say(shield(future) === future);
    const outer = shield(after(1, "ran"));
    say(outer.getLoop() === getRunningLoop());
    say(yield* outer);
  });
  t.deepEqual(log, ["0 true", "0 true", "1 ran"]);
});

test("shield: cancelling the waiter leaves what is shielded running", async (t) => {
  const log = await logOf(async function* () {
    async function* inner() {
      yield* sleep(2);
      say("inner ends");
    }
    async function* outer() {
      yield* shield(inner());
      say("never");
    }
    const task = createTask(outer());
    yield* sleep(1);
    task.cancel();
    say(yield* outcomeOf(task));
    yield* sleep(2);
  });
  t.deepEqual(log, ["1 CancelledError", "2 inner ends"]);
});

test("shield: an error of the shielded that comes when no task waits any more is not reported", async (t) => {
  const warnings = await warningsOf(async function* () {
    const outer = shield(failAfter(1));
    outer.cancel();
    yield* sleep(2);
  });
  t.deepEqual(warnings.length, 1);
  t.regex(warnings[0]!, /Task exception was never retrieved/);
});

test("shield: of a gather it shields the children, and inside a gather it shields each", async (t) => {
  const log = await logOf(async function* () {
    const children = [newFuture(), newFuture()];
    const parent = gather(children);
    const outer = shield(parent);
    outer.cancel();
    yield* turns(2);
    say([outer.cancelled(), parent.done()]);
    const shields = children.map((child) => shield(child));
    const other = gather(shields);
    other.cancel();
    yield* turns(2);
    say([outcome(() => other.exception()), other.cancelled(), ...shields.map((each) => each.cancelled())]);
    children.forEach((child, i) => {
      child.setResult(i);
    });
    yield* turns(2);
    say(parent.result());
  });
  t.deepEqual(log, ["0 true,false", "0 CancelledError,false,true,true", "0 0,1"]);
});

/** `gather` of the futures, or of coroutines that wait for them. */
for (const wrap of ["futures", "coroutines"] as const) {
  const wrapped = (futures: readonly Future<unknown>[]) =>
    wrap === "futures"
      ? [...futures]
      : futures.map((future) =>
          (function* () {
            return yield* future;
          })(),
        );
  const five = () =>
    Array.from({ length: 5 }, newFuture) as [
      Future<unknown>,
      Future<unknown>,
      Future<unknown>,
      Future<unknown>,
      Future<unknown>,
    ];

  test(`gather: of ${wrap}, the results stand in the order of the arguments, however they come`, async (t) => {
    for (const options of [{}, { returnExceptions: true }]) {
      const log = await logOf(async function* () {
        const futures = five().slice(0, 3);
        const [a, b, c] = futures as [Future<unknown>, Future<unknown>, Future<unknown>];
        const all = gather(wrapped(futures), options);
        all.addDoneCallback(() => say("callback"));
        b.setResult(1);
        a.setResult(2);
        yield* turns(4);
        say(all.done());
        c.setResult(3);
        yield* turns(4);
        say(all.result());
      });
      t.deepEqual(log, ["0 false", "0 callback", "0 2,1,3"]);
    }
  });

  test(`gather: of ${wrap}, the first error is passed on at once, and what comes later changes nothing`, async (t) => {
    const log = await logOf(async function* () {
      const [a, b, c, d, e] = five();
      const all = gather(wrapped([a, b, c, d, e]));
      a.setResult(1);
      b.setException(new Boom());
      yield* turns(4);
      say(outcome(() => all.exception()));
      c.setResult(3);
      d.cancel();
      e.setException(new Error("later"));
      yield* turns(4);
      say([outcome(() => all.exception()), e.exception()]);
    });
    t.deepEqual(log, ["0 Boom", "0 Boom,Error: later"]);
  });

  test(`gather: of ${wrap} with returnExceptions, errors and cancellations stand among the results`, async (t) => {
    const log = await logOf(async function* () {
      const [a, b, c, d, e] = five();
      const all = gather(wrapped([a, b, c, d, e]), { returnExceptions: true });
      a.setResult(1);
      b.setException(new Boom());
      c.cancel();
      yield* turns(4);
      say(all.done());
      d.setResult(4);
      e.setException(new Error("late"));
      say((yield* all).map(String));
    });
    t.deepEqual(log, ["0 false", "0 1,Boom,CancelledError,4,Error: late"]);
  });
}

test("gather: a child that is cancelled makes it fail, but not itself cancelled", async (t) => {
  const log = await logOf(async function* () {
    const [a, b] = [newFuture(), newFuture()];
    const all = gather(a, b);
    b.cancel();
    yield* turns(2);
    say([all.done(), all.cancelled(), all.exception() instanceof CancelledError]);
  });
  t.deepEqual(log, ["0 true,false,true"]);
});

test("gather: of nothing, it is done at once, with nothing", async (t) => {
  const log = await logOf(async function* () {
    const all = gather();
    say([all.done(), all.getLoop() === getRunningLoop(), (yield* all).length]);
  });
  t.deepEqual(log, ["0 true,true,0"]);
});

test("gather: a coroutine that is given several times runs once", async (t) => {
  const log = await logOf(async function* () {
    async function* coroutine(text: string) {
      say(`${text} runs`);
      return text;
    }
    const twice = coroutine("abc");
    say(yield* gather(twice, twice, coroutine("def"), twice));
  });
  t.deepEqual(log, ["0 abc runs", "0 def runs", "0 abc,abc,def,abc"]);
});

test("gather: cancelling the waiter cancels every child; done, it refuses", async (t) => {
  const log = await logOf(async function* () {
    const waiter = newFuture();
    const children = ["a", "b"].map((name) => createTask(outcomeOfWait(waiter), { name }));
    let all: Future<unknown> | undefined;
    async function* outer() {
      all = gather(children);
      yield* all;
    }
    const task = createTask(outer());
    yield* sleep(0);
    say(task.cancel());
    say(yield* outcomeOf(task));
    say([all?.cancel(), waiter.cancelled(), ...children.map((child) => child.cancelled())]);
  });
  t.deepEqual(log, ["0 true", "0 CancelledError", "0 false,true,true,true"]);

  function* outcomeOfWait(waiter: Future<unknown>): Coroutine<void> {
    yield* waiter;
  }
});

test("gather: one whose children are all done refuses to be cancelled, though it is not done yet", async (t) => {
  const log = await logOf(async function* () {
    const future = newFuture();
    function* child() {
      return yield* future;
    }
    const all = gather(child());
    yield* sleep(0);
    future.addDoneCallback(() => say(`cancel: ${all.cancel()}`));
    future.setResult(42);
    say(yield* all);
    say(all.cancelled());
  });
  t.deepEqual(log, ["0 cancel: false", "0 42", "0 false"]);
});

test("gather: an error after the first is not reported", async (t) => {
  const warnings = await warningsOf(async function* () {
    async function* outer() {
      yield* gather(failAfter(1, new Boom("first")), failAfter(2, new Boom("second")));
    }
    const task = createTask(outer());
    yield* sleep(3);
    say(outcome(() => task.exception()));
  });
  t.deepEqual(warnings, []);
});

test("gather: what cannot be awaited is refused, and nothing is reported for it", async (t) => {
  const warnings = await warningsOf(async function* () {
    say(outcome(() => gather(after(0, 1), 5 as never)));
    yield* turns(2);
  });
  t.deepEqual(warnings, []);
});

test("gather: futures of different loops are refused", async (t) => {
  const foreign = new EventLoop().createFuture<unknown>();
  const refused = await resultOf(async function* () {
    return outcome(() => gather(newFuture(), foreign));
  });
  t.is(refused, "RangeError");
});

test("Task: awaiting many things at once, each keeps its own outcome", async (t) => {
  const log = await logOf(async function* () {
    self().setName("main");
    const outcomes = yield* gather(
      [after(1, "a"), failAfter(2), failAfter(1, new TimeoutError("late")), sleep(3, "d")].map((each) =>
        outcomeOf(each),
      ),
    );
    say(outcomes);
  });
  t.deepEqual(log, ["3 a,Boom,TimeoutError: late,d"]);
});
