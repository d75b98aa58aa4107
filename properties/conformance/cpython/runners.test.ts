import test from "ava";
import {
  ContextVar,
  copyContext,
  coroutine,
  createTask,
  EventLoop,
  getRunningLoop,
  Runner,
  type RunnerOptions,
  RuntimeError,
  run,
  sleep,
  type Task,
} from "simloop";
import { after, Boom, failAfter, outcome } from "./programs.ts";

/*
 * What CPython's test_runners.py and test_context.py assert, in programs of our own.
 * docs/conformance.md says which of their methods each test stands for.
 */

const quiet = (reports: string[]): RunnerOptions => ({ errorOutput: (report) => reports.push(report) });

test("run: it returns what main returns, and throws what main throws", async (t) => {
  t.is(await run(after(0, 42)), 42);
  await t.throwsAsync(run(failAfter(0, new Boom("spam"))), { instanceOf: Boom, message: "spam" });
});

for (const [title, value] of [
  ["a number", 1],
  ["a function", () => {}],
  ["a coroutine function that was not called", after],
  ["a future", new EventLoop().createFuture()],
] as const) {
  test(`run, Runner: ${title} is refused, since it is not a coroutine`, async (t) => {
    await t.throwsAsync(run(value as never), { instanceOf: TypeError, message: /a coroutine was expected/ });
    await using runner = new Runner();
    await t.throwsAsync(runner.run(value as never), { instanceOf: TypeError, message: /a coroutine was expected/ });
  });
}

test.serial(
  "run, Runner: inside a running loop they are refused, and the coroutine they were given never runs",
  async (t) => {
    const reports: string[] = [];
    const inner = coroutine(function* inner() {
      yield* sleep(0);
    });
    await using runner = new Runner(quiet(reports));
    const attempts: Promise<unknown>[] = [];
    function* main() {
      for (const call of [() => run(inner(), quiet(reports)), () => runner.run(inner())]) {
        attempts.push(call().catch((error: unknown) => error instanceof RuntimeError));
      }
      yield* sleep(1);
    }
    await runner.run(main());
    t.deepEqual(await Promise.all(attempts), [true, true]);
    await runner.close();
    t.deepEqual(reports, new Array(2).fill("sys:1: RuntimeWarning: coroutine 'inner' was never awaited"));
  },
);

test("run: tasks that are left when main ends are cancelled and have ended", async (t) => {
  let left: Task<unknown> | undefined;
  async function* main() {
    left = createTask(sleep(100));
    return 123;
  }
  t.is(await run(main()), 123);
  t.true(left?.cancelled());
});

test("run: a task that is left and fails in cleaning up is reported, and main's result or error counts", async (t) => {
  for (const fails of [false, true]) {
    const contexts: unknown[] = [];
    function* leftover() {
      try {
        yield* sleep(100);
      } catch (cause) {
        throw new Boom("cleaning up", { cause });
      }
    }
    async function* main() {
      getRunningLoop().setExceptionHandler((_loop, { message, exception, task }) => {
        contexts.push([message, String(exception), (task as Task<unknown>).getName()]);
      });
      createTask(leftover(), { name: "left" });
      yield* sleep(0);
      if (fails) {
        throw new Boom("main");
      }
      return 123;
    }
    const ended = await run(main()).catch(String);
    t.is(ended, fails ? "Boom: main" : 123);
    t.deepEqual(contexts, [["unhandled exception during run() shutdown", "Boom: cleaning up", "left"]]);
  }
});

test("run: the loop is made by loopFactory, if there is one", async (t) => {
  const made: EventLoop[] = [];
  const loopFactory = (): EventLoop => {
    made.push(new EventLoop());
    return made[0]!;
  };
  async function* main() {
    return getRunningLoop() === made[0];
  }
  t.true(await run(main(), { loopFactory }));
  t.is(made.length, 1);
  const runner = new Runner({ loopFactory });
  t.is(runner.getLoop(), runner.getLoop());
  t.is(made.length, 2);
  await runner.close();
});

test("Runner: it runs one coroutine after another on one loop, closes it in the end, and is closed for good", async (t) => {
  const runner = new Runner();
  const loop = runner.getLoop();
  t.is(await runner.run(after(1, "done")), "done");
  t.is(await runner.run(after(1, "done again")), "done again");
  t.is(loop.time(), 2);
  await runner.close();
  t.true(loop.isClosed());
  await runner.close();
  t.is(
    outcome(() => runner.getLoop()),
    "RuntimeError",
  );
  await t.throwsAsync(runner.run(after(1, 1)), { instanceOf: RuntimeError, message: /Runner is closed/ });
});

test("Runner: with await using it is closed at the end of the block, also one that never ran", async (t) => {
  let loop: EventLoop;
  {
    await using runner = new Runner();
    loop = runner.getLoop();
    t.false(loop.isClosed());
  }
  t.true(loop.isClosed());
  await new Runner().close();
});

test("Runner: what one run sets in the context, the next one sees", async (t) => {
  const variable = new ContextVar("cvar", { default: -1 });
  function* setting(value: number) {
    const old = variable.get();
    yield* sleep(0);
    variable.set(value);
    return old;
  }
  await using runner = new Runner();
  t.is(await runner.run(setting(1)), -1);
  t.is(await runner.run(setting(2)), 1);
  async function* context() {
    return { context: copyContext() };
  }
  const { context: own } = await runner.run(context());
  t.is(own.get(variable), 2);
  t.is(await runner.run(setting(3), { context: own }), 2);
  t.is(own.get(variable), 3);
  t.is(await runner.run(setting(4)), 2);
});

test("Runner: it does not convert results to strings", async (t) => {
  let asked = 0;
  const result = {
    toString() {
      asked++;
      return "asked";
    },
  };
  await using runner = new Runner();
  t.is(await runner.run(after(0, result)), result);
  t.is(asked, 0);
});

test("ContextVar: a setting that each task changes for itself holds across its waits", async (t) => {
  const precision = new ContextVar("precision", { default: 28 });
  function* third(digits: number, delay: number) {
    precision.set(digits);
    const first = (1 / 3).toFixed(precision.get());
    yield* sleep(delay);
    return [first, (1 / 9).toFixed(precision.get())];
  }
  async function* main() {
    const tasks = [createTask(third(3, 1)), createTask(third(6, 2))];
    return [yield* tasks[0]!, yield* tasks[1]!];
  }
  t.deepEqual(await run(main()), [
    ["0.333", "0.111"],
    ["0.333333", "0.111111"],
  ]);
});
