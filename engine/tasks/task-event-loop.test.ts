import test from "ava";
import { withoutPlaces } from "../golden/recorded-logs.ts";
import {
  allTasks,
  coroutine,
  createTask,
  currentTask,
  EventLoop,
  getRunningLoop,
  type Program,
  print,
  simulate,
  sleep,
  type Task,
} from "../index.ts";

test("runUntilComplete: the pass in which main ends is followed by one more, and what comes after stays queued", async (t) => {
  const loop = new EventLoop();
  const log: string[] = [];
  const inPasses = (passes: number): void => {
    log.push(`${passes} to go`);
    if (passes > 0) {
      loop.callSoon(inPasses, passes - 1);
    }
  };
  async function* main() {
    inPasses(4);
    return "result";
  }
  const result = await loop.runUntilComplete(main());
  log.push(result);
  await loop.runForever();
  t.deepEqual(log, ["4 to go", "3 to go", "result", "2 to go", "1 to go", "0 to go"]);
});

test("runUntilComplete: it takes futures and tasks that are there already, done or not", async (t) => {
  const loop = new EventLoop();
  const task = loop.createTask(sleep(2, "task"));
  const future = loop.createFuture<string>();
  loop.callLater(1, () => future.setResult("future"));
  t.deepEqual(
    [
      await loop.runUntilComplete(future),
      loop.time(),
      await loop.runUntilComplete(task),
      loop.time(),
      await loop.runUntilComplete(task),
    ],
    ["future", 1, "task", 2, "task"],
  );
});

test("runUntilComplete: it throws what main failed with, or its cancellation", async (t) => {
  const loop = new EventLoop();
  async function* failing() {
    yield* sleep(1);
    throw new RangeError("no");
  }
  const cancelled = loop.createTask(sleep(9));
  loop.callLater(2, () => cancelled.cancel("enough"));
  await t.throwsAsync(loop.runUntilComplete(failing()), { instanceOf: RangeError, message: "no" });
  await t.throwsAsync(loop.runUntilComplete(cancelled), { name: "CancelledError", message: "enough" });
});

test("runUntilComplete: a loop that is stopped before main is done says so", async (t) => {
  const loop = new EventLoop();
  loop.callLater(1, () => loop.stop());
  await t.throwsAsync(loop.runUntilComplete(sleep(2)), {
    name: "RuntimeError",
    message:
      "Event loop stopped before Future completed: <Task pending name='Task-1' coro=<sleep()> wait_for=sleep(2)>",
  });
});

test("runUntilComplete: a future of another loop is refused", async (t) => {
  const loop = new EventLoop();
  await t.throwsAsync(loop.runUntilComplete(new EventLoop().createFuture()), {
    instanceOf: RangeError,
    message:
      "runUntilComplete: <Future pending> belongs to a different loop than <EventLoop running=false closed=false time=0>",
  });
});

test("allTasks, currentTask: the tasks that are not done, in order of creation, and the one that runs", async (t) => {
  const { output } = await simulate(async function* () {
    const names = (): string => `${currentTask()?.getName()} of ${allTasks().map((task) => task.getName())}`;
    function* child(delay: number) {
      print(names());
      yield* sleep(delay);
      print(names());
    }
    createTask(child(1), { name: "a" });
    const b = createTask(child(3));
    createTask(child(2)).setName("renamed");
    getRunningLoop().callSoon(() => print(currentTask(), allTasks().length));
    yield* b;
    print(names());
  });
  t.deepEqual(output.split("\n"), [
    "a of Task-1,a,Task-2,renamed",
    "Task-2 of Task-1,a,Task-2,renamed",
    "renamed of Task-1,a,Task-2,renamed",
    "null 4",
    "a of Task-1,a,Task-2,renamed",
    "renamed of Task-1,Task-2,renamed",
    "Task-2 of Task-1,Task-2",
    "Task-1 of Task-1",
    "",
  ]);
});

test("createTask: tasks without a name are numbered by the loop, in order of creation", async (t) => {
  const { value } = await simulate(function* () {
    const names = [createTask(sleep(1)), createTask(sleep(1), { name: "named" }), createTask(sleep(1))].map((task) =>
      task.getName(),
    );
    yield* sleep(2);
    return names;
  });
  t.deepEqual(value, ["Task-2", "named", "Task-3"]);
});

test("Task: its string shows its state, its name, its coroutine and what it waits for", async (t) => {
  const worker = coroutine(async function* worker() {
    yield* sleep(2);
    return "result";
  });
  const { output } = await simulate(async function* () {
    const task = createTask(worker(), { name: "w" });
    const waiter = createTask(
      (async function* () {
        yield* task;
      })(),
      { name: "waiter" },
    );
    print(task);
    yield* sleep(1);
    print(task);
    print(waiter);
    yield* waiter;
    print(task);
    const cancelled = createTask(sleep(1), { name: "c" });
    cancelled.cancel();
    yield* sleep(1);
    print(cancelled);
  });
  t.deepEqual(output.split("\n"), [
    "<Task pending name='w' coro=<worker()>>",
    "<Task pending name='w' coro=<worker()> wait_for=sleep(2)>",
    "<Task pending name='waiter' coro=<coroutine()> wait_for=<Task pending name='w' coro=<worker()> wait_for=sleep(2)>>",
    "<Task finished name='w' coro=<worker()> result='result'>",
    "<Task cancelled name='c' coro=<sleep()>>",
    "",
  ]);
});

test("Task: it knows the line that created it", async (t) => {
  const { value } = await simulate(function* () {
    const line = Number(/task-event-loop\.test\.ts:(\d+)/.exec(new Error("here").stack ?? "")?.[1]);
    const task: Task<unknown> = createTask(sleep(1));
    yield* sleep(2);
    return [task.createdAt()?.replace(/.*\//, "").replace(/:\d+$/, ""), `task-event-loop.test.ts:${line + 1}`];
  });
  t.is(value?.[0], value?.[1]);
});

test("Reports: at the end of a run come, in order of creation, coroutines never awaited and errors never seen", async (t) => {
  const never = coroutine(function* never() {});
  function* fail(text: string): Generator<unknown, never> {
    yield* sleep(0);
    throw new Error(text);
  }
  const { warnings } = await simulate(async function* () {
    createTask(fail("first"), { name: "first" });
    never();
    const future = getRunningLoop().createFuture<never>();
    never().close();
    createTask(fail("second"), { name: "second" });
    yield* sleep(1);
    future.setException(new Error("set late"));
    never();
  });
  t.deepEqual(withoutPlaces(warnings), [
    "Task exception was never retrieved\nfuture: <Task finished name='first' coro=<coroutine()> exception=Error: first>",
    "sys:1: RuntimeWarning: coroutine 'never' was never awaited",
    "Future exception was never retrieved\nfuture: <Future finished exception=Error: set late>",
    "Task exception was never retrieved\nfuture: <Task finished name='second' coro=<coroutine()> exception=Error: second>",
    "sys:1: RuntimeWarning: coroutine 'never' was never awaited",
  ]);
});

test("Reports: a task that is still pending when a deadlock ends the run was destroyed", async (t) => {
  const program: Program<void> = async function* () {
    createTask(
      (function* () {
        try {
          yield* getRunningLoop().createFuture();
        } catch {
          yield* getRunningLoop().createFuture();
        }
      })(),
      { name: "stuck" },
    );
    yield* getRunningLoop().createFuture();
  };
  const { warnings, error } = await simulate(program);
  t.is((error as Error).name, "DeadlockError");
  t.is(
    withoutPlaces(warnings).at(-1),
    "Task was destroyed but it is pending!\ntask: <Task cancelling name='stuck' coro=<coroutine()> wait_for=<Future pending>>",
  );
});
