import test from "ava";
import { withoutPlaces } from "./golden/recorded-logs.ts";
import {
  Context,
  ContextVar,
  createTask,
  EventLoop,
  getRunningLoop,
  print,
  Runner,
  RuntimeError,
  run,
  sleep,
} from "./index.ts";

/** Options that keep what is printed and reported. */
function captured() {
  const log: string[] = [];
  return { log, output: (text: string) => log.push(text), errorOutput: (report: string) => log.push(`! ${report}`) };
}

test("run: it returns the result of the coroutine, and takes no real time", async (t) => {
  async function* main() {
    yield* sleep(86_400 * 365);
    return getRunningLoop().time();
  }
  t.is(await run(main()), 31_536_000);
});

test("run: it throws what the coroutine throws, after the tasks that are left have ended", async (t) => {
  const { log, ...options } = captured();
  async function* worker() {
    try {
      yield* sleep(10);
    } finally {
      yield* sleep(1);
      print("cleaned up at", getRunningLoop().time());
    }
  }
  async function* main() {
    createTask(worker());
    yield* sleep(1);
    throw new Error("no");
  }
  await t.throwsAsync(run(main(), options), { message: "no" });
  t.deepEqual(log, ["cleaned up at 2\n"]);
});

test("run: unretrieved errors are reported at its end", async (t) => {
  const { log, ...options } = captured();
  function* failing(): Generator<unknown, never> {
    yield* sleep(1);
    throw new Error("unseen");
  }
  function* main() {
    createTask(failing(), { name: "worker" });
    yield* sleep(2);
    print("end");
  }
  await run(main(), options);
  t.deepEqual(withoutPlaces(log), [
    "end\n",
    "! Task exception was never retrieved\nfuture: <Task finished name='worker' coro=<coroutine()> exception=Error: unseen>",
  ]);
});

test("Runner: its runs follow each other on one loop, in one context, on one clock", async (t) => {
  const variable = new ContextVar("variable", { default: "default" });
  function* first() {
    variable.set("set by the first");
    createTask(sleep(5), { name: "left" });
    yield* sleep(1);
    return getRunningLoop();
  }
  function* second() {
    yield* sleep(1);
    return [getRunningLoop().time(), variable.get(), getRunningLoop().allTasks().length];
  }
  const runner = new Runner();
  const loop = await runner.run(first());
  t.deepEqual([loop === runner.getLoop(), await runner.run(second())], [true, [2, "set by the first", 2]]);
  await runner.close();
});

test("Runner: a run may have a context of its own", async (t) => {
  const variable = new ContextVar("variable", { default: "default" });
  function* set() {
    variable.set("set");
  }
  function* get() {
    return variable.get();
  }
  const runner = new Runner();
  const context = new Context();
  await runner.run(set(), { context });
  t.deepEqual([await runner.run(get()), await runner.run(get(), { context })], ["default", "set"]);
  await runner.close();
});

test("Runner: closing cancels what is left, closes the loop and refuses further runs; twice does nothing more", async (t) => {
  const { log, ...options } = captured();
  async function* worker() {
    try {
      yield* sleep(10);
    } finally {
      print("cleaned up");
    }
  }
  async function* main() {
    createTask(worker());
    yield* sleep(1);
  }
  const runner = new Runner(options);
  await runner.run(main());
  const loop = runner.getLoop();
  await runner.close();
  await runner.close();
  t.deepEqual([log, loop.isClosed()], [["cleaned up\n"], true]);
  t.throws(() => runner.getLoop(), { instanceOf: RuntimeError, message: "Runner is closed" });
  await t.throwsAsync(runner.run(main()), { instanceOf: RuntimeError, message: "Runner is closed" });
});

test("Runner: one that never ran is closed at once", async (t) => {
  let made = 0;
  const runner = new Runner({
    loopFactory: () => {
      made++;
      return new EventLoop();
    },
  });
  await runner.close();
  t.is(made, 0);
});

test("Runner: it can be disposed of, and takes a loop of one's own making", async (t) => {
  const loop = new EventLoop({ seed: "mine" });
  function* main() {
    yield* sleep(1);
    return getRunningLoop();
  }
  {
    await using runner = new Runner({ loopFactory: () => loop });
    t.is(await runner.run(main()), loop);
  }
  t.true(loop.isClosed());
});

test("Runner: after a run that failed in the middle of a step, closing runs nothing more", async (t) => {
  const { log, ...options } = captured();
  async function* worker() {
    try {
      yield* sleep(10);
    } finally {
      print("never");
    }
  }
  async function* main() {
    createTask(worker());
    for (;;) {
      yield* sleep(1);
    }
  }
  await t.throwsAsync(run(main(), { ...options, maxSteps: 5 }), { name: "LimitError" });
  t.deepEqual(log, []);
});

test("run: an unknown option is refused, with the known ones", async (t) => {
  const misspelt = { sed: 1 } as object;
  const message = /^run: unknown option 'sed'; did you mean 'seed'\?$/;
  await t.throwsAsync(run(sleep(1), misspelt), { instanceOf: TypeError, message });
  t.throws(() => new Runner(misspelt), { instanceOf: TypeError, message });
});
