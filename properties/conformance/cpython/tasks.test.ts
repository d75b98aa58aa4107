import test from "ava";
import {
  allTasks,
  CancelledError,
  ContextVar,
  copyContext,
  createTask,
  currentTask,
  EventLoop,
  ensureFuture,
  gather,
  getRunningLoop,
  iscoroutine,
  isfuture,
  RuntimeError,
  sleep,
  Task,
  taskGroup,
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
 * What CPython's test_tasks.py asserts of tasks themselves, of cancellation, of ensure_future and of contexts, in
 * programs of our own. docs/conformance.md says which of its methods each test stands for.
 */

test("Task: awaiting a future of another loop is refused", async (t) => {
  const foreign = new EventLoop().createFuture<number>();
  const log = await logOf(async function* () {
    const before = getRunningLoop().steps;
    say(await_(yield* outcomeOf(foreign)));
    say(`resumed ${getRunningLoop().steps - before} step later`);
  });
  t.deepEqual(log, ["0 RuntimeError: Task got a Future attached to a different loop", "0 resumed 1 step later"]);

  /** The message without the two objects it names. */
  function await_(text: string): string {
    return text.replace(/<Task .*> got (a )?<?Future.*> attached/, "Task got a Future attached").replace(/;.*/, "");
  }
});

test("Task: it belongs to the loop that made it, and returns its coroutine's result", async (t) => {
  const loop = new EventLoop();
  const task = loop.createTask(after(0, "ok"));
  t.is(task.getLoop(), loop);
  t.is(await loop.runUntilComplete(task), "ok");
  t.true(task.done());
  t.is(task.result(), "ok");
});

test("Task: coroutines call each other without a pass between", async (t) => {
  const log = await logOf(async function* () {
    async function* one() {
      return 42;
    }
    function* other() {
      return 1000;
    }
    const before = getRunningLoop().steps;
    say((yield* one()) + (yield* other()));
    t.is(getRunningLoop().steps, before);
  });
  t.deepEqual(log, ["0 1042"]);
});

test("Task: unnamed ones are numbered in order of creation; a name that is passed or set becomes a string", async (t) => {
  const names = await resultOf(async function* () {
    const first = createTask(after(0, 1));
    const named = createTask(after(0, 2), { name: "named" });
    const second = createTask(after(0, 3));
    const renamed = createTask(after(0, 4));
    renamed.setName(987654321 as unknown as string);
    const number = createTask(after(0, 5), { name: 123 as unknown as string });
    return [first, named, second, renamed, number].map((task) => task.getName());
  });
  t.deepEqual(names, ["Task-2", "named", "Task-3", "987654321", "123"]);
});

test("Task: its string shows its state, what it waits for, and its result", async (t) => {
  const loop = new EventLoop();
  const future = loop.createFuture<string>();
  async function* waiting() {
    return yield* future;
  }
  const task = loop.createTask(waiting(), { name: "T" });
  const texts = [String(task)];
  await loop.runOnce();
  texts.push(String(task));
  task.cancel();
  texts.push(String(task));
  await loop.runUntilComplete(task).catch(() => {});
  texts.push(String(task));
  const other = loop.createTask(after(0, "abc"), { name: "U" });
  await loop.runUntilComplete(other);
  texts.push(String(other));
  t.deepEqual(texts, [
    "<Task pending name='T' coro=<coroutine()>>",
    "<Task pending name='T' coro=<coroutine()> wait_for=<Future pending>>",
    "<Task cancelling name='T' coro=<coroutine()> wait_for=<Future cancelled>>",
    "<Task cancelled name='T' coro=<coroutine()>>",
    "<Task finished name='U' coro=<coroutine()> result='abc'>",
  ]);
});

test("Task: strings of tasks that wait for each other's results end", async (t) => {
  const text = await resultOf(async function* () {
    async function* everybody() {
      return allTasks();
    }
    return String(createTask(everybody()));
  });
  t.regex(text, /^<Task pending/);
});

test("Task: cancelling counts the requests, and uncancel, which stops at zero, takes them back", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(after(10, "slept"));
    say([task.cancelling(), task.uncancel()]);
    say([task.cancel(), task.cancel(), task.cancelling()]);
    say([task.uncancel(), task.uncancel(), task.uncancel()]);
    say(yield* outcomeOf(task));
  });
  t.deepEqual(log, ["0 0,0", "0 true,true,2", "0 1,0,0", "10 slept"]);
});

test("Task: one that takes its cancellation back can be cancelled again; done, it stays cancelled", async (t) => {
  const log = await logOf(async function* () {
    async function* stubborn() {
      try {
        yield* sleep(10);
      } catch {
        self().uncancel();
        yield* sleep(10);
      }
    }
    const task = createTask(stubborn());
    yield* sleep(1);
    task.cancel();
    say(task.cancelling());
    yield* sleep(1);
    say([task.cancelling(), task.cancelled()]);
    task.cancel();
    say([yield* outcomeOf(task), task.cancelling()]);
    task.uncancel();
    say([task.cancelled(), task.done()]);
  });
  t.deepEqual(log, ["1 1", "2 0,false", "2 CancelledError,1", "2 true,true"]);
});

test("Task: a hand-made timeout by cancel and uncancel leaves the task unharmed", async (t) => {
  const log = await logOf(async function* () {
    async function* limited(work: number, limit: number) {
      let timedOut = false;
      const task = self();
      const timer = getRunningLoop().callLater(limit, () => {
        timedOut = true;
        task.cancel();
      });
      try {
        yield* sleep(work);
        say("done in time");
      } catch (error) {
        if (!(timedOut && task.uncancel() === 0 && error instanceof CancelledError)) {
          throw error;
        }
        say("timed out");
      } finally {
        timer.cancel();
      }
      yield* sleep(5);
      say(`goes on, cancelling ${task.cancelling()}`);
    }
    yield* createTask(limited(10, 1));
    yield* createTask(limited(1, 10));
  });
  t.deepEqual(log, ["1 timed out", "6 goes on, cancelling 0", "7 done in time", "12 goes on, cancelling 0"]);
});

test("Task: uncancel takes back the cancellation of a task that is already waking up", async (t) => {
  const log = await logOf(async function* () {
    const future = getRunningLoop().createFuture<string>();
    const task = createTask(outcomeOf(future));
    yield* sleep(0);
    future.setResult("kept");
    task.cancel();
    task.uncancel();
    say(yield* task);
  });
  t.deepEqual(log, ["0 kept"]);
});

for (const [title, args, expected] of [
  ["without a message", [], undefined],
  ["with undefined", [undefined], undefined],
  ["with a message", ["my message"], "my message"],
  ["with an empty message", [""], ""],
] as const) {
  test(`Task: cancelled ${title}, result() and exception() throw a CancelledError that has just that`, async (t) => {
    for (const read of ["result", "exception"] as const) {
      for (const started of [true, false]) {
        const reason = await resultOf(async function* () {
          const task = createTask(after(10, null));
          if (started) {
            yield* sleep(0);
          }
          task.cancel(...args);
          yield* turns(3);
          return t.throws(() => task[read](), { instanceOf: CancelledError }).reason;
        });
        t.is(reason, expected, `${read}, ${started ? "started" : "not started"}`);
      }
    }
  });
}

test("Task: the message of a cancellation comes up through gather", async (t) => {
  for (const message of [undefined, "my message"]) {
    const log = await logOf(async function* () {
      async function* patient() {
        for (;;) {
          yield* gather(sleep(0.25), { returnExceptions: true });
        }
      }
      const task = createTask(patient());
      yield* sleep(1);
      task.cancel(message);
      say(yield* outcomeOf(task));
    });
    t.deepEqual(log, [`1 ${new CancelledError(message)}`]);
  }
});

test("Task: cancelled between two turns, it ends at the next", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(turns(5));
    yield* sleep(0);
    task.cancel();
    say(yield* outcomeOf(task));
    say([task.cancelled(), task.cancel()]);
  });
  t.deepEqual(log, ["0 CancelledError", "0 true,false"]);
});

test("Task: it is cancelled by a cancelled future that it awaits, and once only if it is cancelled besides", async (t) => {
  for (const both of [false, true]) {
    const log = await logOf(async function* () {
      const future = getRunningLoop().createFuture<void>();
      async function* waiting() {
        yield* future;
      }
      const task = createTask(waiting());
      yield* sleep(0);
      future.cancel();
      if (both) {
        task.cancel();
      }
      say(yield* outcomeOf(task));
      say([future.cancelled(), task.cancelled()]);
    });
    t.deepEqual(log, ["0 CancelledError", "0 true,true"]);
  }
});

test("Task: cancelling reaches the future that is awaited now, and none that is awaited later", async (t) => {
  const log = await logOf(async function* () {
    const newFuture = () => getRunningLoop().createFuture<number>();
    const [first, second, third] = [newFuture(), newFuture(), newFuture()];
    async function* ignoring() {
      yield* first;
      try {
        yield* second;
      } catch {
        say("caught");
      }
      return yield* third;
    }
    const task = createTask(ignoring());
    yield* sleep(0);
    first.setResult(1);
    yield* turns(1);
    task.cancel();
    yield* turns(1);
    third.setResult(42);
    say(yield* task);
    say([first, second, third].map((future) => future.cancelled()));
  });
  t.deepEqual(log, ["0 caught", "0 42", "0 false,true,false"]);
});

test("Task: one that cancels itself and awaits a task cancels that, and what that awaits", async (t) => {
  const log = await logOf(async function* () {
    const future = getRunningLoop().createFuture<void>();
    let nested: Task<void> | undefined;
    async function* waiting() {
      yield* future;
    }
    async function* outer() {
      nested = createTask(waiting());
      yield* sleep(0);
      self().cancel();
      yield* nested;
    }
    const task = createTask(outer());
    say(yield* outcomeOf(task));
    say([task.cancelled(), nested?.cancelled(), future.cancelled()]);
  });
  t.deepEqual(log, ["0 CancelledError", "0 true,true,true"]);
});

test("Task: an error that takes the place of a cancellation is what it ends with", async (t) => {
  const log = await logOf(async function* () {
    async function* failing() {
      try {
        yield* sleep(10);
      } catch (error) {
        throw new Boom("cancelled", { cause: error });
      }
    }
    const task = createTask(failing());
    yield* sleep(0);
    task.cancel("msg");
    say(yield* outcomeOf(task));
    say([task.cancelled(), String((task.exception() as Error).cause)]);
  });
  t.deepEqual(log, ["0 Boom: cancelled", "0 false,CancelledError: msg"]);
});

test("Task: a coroutine's result may be a future, which is not awaited", async (t) => {
  const loop = new EventLoop();
  const future = loop.createFuture<string>();
  async function* giving() {
    return { future };
  }
  t.is((await loop.runUntilComplete(giving())).future, future);
  t.false(future.done());
});

test("Task: setResult and setException are refused, and it goes on", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(after(0, "ko"));
    say(outcome(() => task.setResult("ok")));
    say(outcome(() => task.setException(new Boom())));
    say(yield* task);
  });
  t.deepEqual(log, ["0 RuntimeError", "0 RuntimeError", "0 ko"]);
});

test("Task: what is not a coroutine is refused, again and again", async (t) => {
  const loop = new EventLoop();
  for (const value of [123, "ok", null, undefined, {}, () => {}, after, loop.createFuture(), Promise.resolve()]) {
    for (let i = 0; i < 2; i++) {
      t.throws(() => loop.createTask(value as never), { instanceOf: TypeError, message: /a coroutine was expected/ });
    }
  }
  t.deepEqual(loop.allTasks(), []);
});

test("Task: none is left behind where the loop is closed", async (t) => {
  const loop = new EventLoop();
  loop.close();
  t.throws(() => loop.createTask(after(0, 1)), { instanceOf: RuntimeError, message: /closed/ });
  t.deepEqual(loop.allTasks(), []);
});

test("Task: an error is not reported if it was retrieved, or a cancellation came too late; otherwise it is", async (t) => {
  const warnings = await warningsOf(async function* () {
    const [cancelled, seen] = [createTask(failAfter(0)), createTask(failAfter(0))];
    createTask(failAfter(0, new Boom("unseen")));
    yield* turns(3);
    cancelled.cancel();
    seen.exception();
  });
  t.is(warnings.length, 1);
  t.regex(warnings[0]!, /^Task exception was never retrieved\nfuture: <Task finished .*Boom: unseen/);
});

test("Task: one that can never go on is reported when the run ends, if nothing cancels it before", async (t) => {
  const loop = new EventLoop();
  const reports: string[] = [];
  const quiet = new EventLoop({ errorOutput: (report) => reports.push(report) });
  async function* stuck() {
    yield* quiet.createFuture<void>();
  }
  quiet.createTask(stuck());
  await quiet.runOnce();
  quiet.close();
  quiet._reportNeglected();
  t.regex(reports.join(), /^Task was destroyed but it is pending!\ntask: <Task pending/);
  loop.close();
});

test.serial("currentTask: each task sees itself at every step, callbacks and the world outside see none", async (t) => {
  t.throws(currentTask, { instanceOf: RuntimeError, message: /no running event loop/ });
  const log = await logOf(async function* () {
    const [first, second] = [getRunningLoop().createFuture<void>(), getRunningLoop().createFuture<void>()];
    const see = (): void => say(currentTask()?.getName());
    function* one() {
      see();
      yield* first;
      see();
      second.setResult();
    }
    async function* other() {
      see();
      first.setResult();
      getRunningLoop().callSoon(see);
      yield* second;
      see();
    }
    yield* gather(createTask(one(), { name: "one" }), createTask(other(), { name: "other" }));
    see();
  });
  t.deepEqual(log, ["0 one", "0 other", "0 one", "0 undefined", "0 other", "0 Task-1"]);
  t.throws(currentTask, { instanceOf: RuntimeError });
});

test("allTasks: those that are not done, in order of creation", async (t) => {
  const log = await logOf(async function* () {
    const tasks = ["a", "b", "c"].map((name, i) => createTask(after(i, name), { name }));
    say(allTasks().map((task) => task.getName()));
    tasks[1]?.cancel();
    yield* sleep(1);
    say(allTasks().map((task) => task.getName()));
  });
  t.deepEqual(log, ["0 Task-1,a,b,c", "1 Task-1,c"]);
});

test.serial("ensureFuture: a future or task is itself; a coroutine becomes a task of the running loop", async (t) => {
  const loop = new EventLoop();
  const future = loop.createFuture<string>();
  t.is(ensureFuture(future, loop), future);
  const task = loop.createTask(after(0, 1));
  t.is(ensureFuture(task, loop), task);
  t.throws(() => ensureFuture(after(0, 1)), { instanceOf: RuntimeError, message: /no running event loop/ });
  t.throws(() => ensureFuture("ok" as never, loop), { instanceOf: TypeError });
  const made = await loop.runUntilComplete(
    (async function* () {
      return { task: ensureFuture(after(0, "ok")) };
    })(),
  );
  t.true(made.task instanceof Task);
  t.is(made.task.getLoop(), loop);
  t.is(await loop.runUntilComplete(made.task), "ok");
});

test("ensureFuture: an awaitable such as a sleep becomes a task", async (t) => {
  const log = await logOf(async function* () {
    const task = ensureFuture(sleep(2, "slept"));
    say(task instanceof Task);
    say(yield* task);
  });
  t.deepEqual(log, ["0 true", "2 slept"]);
});

test("ensureFuture: a future of another loop is refused", (t) => {
  const [loop, other] = [new EventLoop(), new EventLoop()];
  t.throws(() => ensureFuture(loop.createFuture(), other), { instanceOf: RangeError, message: /different loop/ });
});

test("iscoroutine, isfuture: they recognize what can be awaited, by kind", (t) => {
  const loop = new EventLoop();
  const [future, task] = [loop.createFuture(), loop.createTask(after(0, 1))];
  t.deepEqual(
    [after(0, 1), sleep(1), future, task, after, 1, null, Promise.resolve()].map((value) => [
      iscoroutine(value),
      isfuture(value),
    ]),
    [
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, false],
      [false, false],
      [false, false],
      [false, false],
    ],
  );
});

test("sleep: a sleep in two halves takes as long as one, and returns its result", async (t) => {
  const log = await logOf(async function* () {
    yield* sleep(0.5);
    say("half");
    say(yield* sleep(0.5, "yeah"));
  });
  t.deepEqual(log, ["0.5 half", "1 yeah"]);
});

test("sleep: NaN is refused", async (t) => {
  t.deepEqual(
    await resultOf(async function* () {
      return outcome(() => sleep(Number.NaN));
    }),
    "RangeError",
  );
});

test("sleep: a cancelled sleep cancels its timer, and the clock need not go there", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(sleep(5000));
    getRunningLoop().callLater(1, () => task.cancel());
    say(yield* outcomeOf(task));
    yield* sleep(1);
    say("end");
  });
  t.deepEqual(log, ["1 CancelledError", "2 end"]);
});

test("sleep: what is ready when a turn is given up runs before the sleeper", async (t) => {
  const log = await logOf(async function* () {
    getRunningLoop().callSoon(() => say("callback"));
    say("before");
    say(yield* sleep(0, 10));
  });
  t.deepEqual(log, ["0 before", "0 callback", "0 10"]);
});

test("ContextVar: a task's values are a copy of its creator's; neither sees what the other sets", async (t) => {
  const variable = new ContextVar("cvar", { default: "nope" });
  const log = await logOf(async function* () {
    function* sub() {
      yield* sleep(1);
      say(variable.get());
      variable.set("something else");
    }
    const task = createTask(sub());
    variable.set("yes");
    yield* task;
    say(variable.get());
  });
  t.deepEqual(log, ["1 nope", "1 yes"]);
});

test("ContextVar: done callbacks run in a copy of the context in which they were added", async (t) => {
  const variable = new ContextVar("cvar", { default: "nope" });
  const log = await logOf(async function* () {
    for (const j of [0, 1]) {
      const future = getRunningLoop().createFuture<void>();
      variable.set(`yes${j}`);
      future.addDoneCallback(() => {
        say(`callback sees ${variable.get()}`);
        variable.set("something else");
      });
      getRunningLoop().callSoon(() => future.setResult());
      yield* future;
      yield* sleep(1);
      say(variable.get());
    }
  });
  t.deepEqual(log, ["0 callback sees yes0", "1 yes0", "1 callback sees yes1", "2 yes1"]);
});

test("ContextVar: a hundred tasks side by side keep theirs apart", async (t) => {
  const variable = new ContextVar<number>("cvar");
  const mixedUp = await resultOf(async function* () {
    let wrong = 0;
    async function* sub(number: number) {
      for (let i = 0; i < 10; i++) {
        variable.set(number + i);
        yield* sleep(((number * 7) % 5) / 4);
        wrong += variable.get() === number + i ? 0 : 1;
      }
    }
    yield* gather(Array.from({ length: 100 }, (_, number) => sub(number)));
    return wrong + (variable.get(-1) === -1 ? 0 : 1);
  });
  t.is(mixedUp, 0);
});

test("ContextVar: a task that is given a context works in that very one", async (t) => {
  const variable = new ContextVar<number>("cvar");
  for (const make of ["createTask", "loop.createTask", "group.createTask"]) {
    const seen = await resultOf(async function* () {
      function* setting(value: number) {
        yield* sleep(0);
        variable.set(value);
      }
      const context = copyContext();
      const values = [context.get(variable)];
      for (const value of [1, 2]) {
        if (make === "group.createTask") {
          yield* taskGroup(function* (group) {
            t.is(group.createTask(setting(value), { context }).getContext(), context);
          });
        } else {
          const task = make === "createTask" ? createTask : getRunningLoop().createTask.bind(getRunningLoop());
          const made = task(setting(value), { context });
          t.is(made.getContext(), context);
          yield* made;
        }
        values.push(context.get(variable));
      }
      return values;
    });
    t.deepEqual(seen, [undefined, 1, 2], make);
  }
});

test("ContextVar: the exception handler runs in the context of the callback that failed", async (t) => {
  const name = new ContextVar("name", { default: "foo" });
  const log = await logOf(async function* () {
    getRunningLoop().setExceptionHandler((_loop, { exception }) => say(`${exception} in ${name.get()}`));
    getRunningLoop().callSoon(() => {
      name.set("bar");
      throw new Boom();
    });
    yield* turns(2);
    say(name.get());
  });
  t.deepEqual(log, ["0 Boom in bar", "0 foo"]);
});
