import test from "ava";
import { EventLoop, type Future, getRunningLoop, type Handle, RuntimeError, sleep, Task, TimerHandle } from "simloop";
import { after, Boom, failAfter, logOf, say, turns } from "./programs.ts";

/*
 * What CPython's test_base_events.py and test_events.py assert of call_soon, call_later, call_at, of running, stopping
 * and closing, of handles, exception handlers and task factories, in programs of our own. docs/conformance.md says
 * which of their methods each test stands for.
 */

const nothing = (): void => {};

test("EventLoop: callSoon returns a handle, callLater and callAt a timer that knows its time", (t) => {
  const loop = new EventLoop();
  t.false(loop.callSoon(nothing) instanceof TimerHandle);
  const [later, at] = [loop.callLater(10, nothing), loop.callAt(10, nothing)];
  t.true(later instanceof TimerHandle && at instanceof TimerHandle);
  t.deepEqual([later.when(), at.when()], [10, 10]);
});

test("EventLoop: what is not a function is refused", (t) => {
  const loop = new EventLoop();
  async function* coroutine() {}
  for (const callback of [1, "blah", null, undefined, {}, after, coroutine, after(0, 1)]) {
    t.throws(() => loop.callSoon(callback as never), { instanceOf: TypeError });
    t.throws(() => loop.callLater(1, callback as never), { instanceOf: TypeError });
    t.throws(() => loop.callAt(1, callback as never), { instanceOf: TypeError });
  }
});

test("EventLoop: a delay or an instant that is missing or no number is refused", (t) => {
  const loop = new EventLoop();
  for (const when of [null, undefined, "1"]) {
    t.throws(() => loop.callLater(when as never, nothing), { instanceOf: TypeError });
    t.throws(() => loop.callAt(when as never, nothing), { instanceOf: TypeError });
  }
});

test("EventLoop: of negative delays the longer past comes first", async (t) => {
  const log = await logOf(async function* () {
    const loop = getRunningLoop();
    loop.callLater(-1, say, "a");
    loop.callLater(-2, say, "b");
    yield* sleep(1);
  });
  t.deepEqual(log, ["0 b", "0 a"]);
});

test("EventLoop: a callback at an instant moves the clock there, and may stop the loop", async (t) => {
  const loop = new EventLoop();
  loop.callAt(loop.time() + 0.1, () => loop.stop());
  loop.callAt(5, nothing);
  await loop.runForever();
  t.is(loop.time(), 0.1);
});

test("EventLoop: callbacks get their arguments, and what they schedule comes in the next pass", async (t) => {
  const loop = new EventLoop();
  const log: unknown[] = [];
  loop.callAt(-1, () => {
    log.push("due");
    loop.callSoon((...args: readonly string[]) => log.push(args), "hello", "world");
  });
  await loop.runOnce();
  t.deepEqual(log, ["due"]);
  await loop.runOnce();
  t.deepEqual(log, ["due", ["hello", "world"]]);
});

test("EventLoop: a cancelled timer at the head holds up no pass, nor moves the clock", async (t) => {
  const loop = new EventLoop();
  loop.callLater(5, nothing).cancel();
  loop.callLater(10, nothing);
  await loop.runOnce();
  t.is(loop.time(), 10);
});

for (const timerTies of ["fifo", "heapq"] as const) {
  test(`EventLoop: cancelled timers, with ${timerTies}, are dropped at the head, and all of them once they are more than half of more than a hundred`, async (t) => {
    const loop = new EventLoop({ timerTies });
    const { _timers: timers } = loop as unknown as { _timers: { size: number } };
    const add = (count: number, delay: number, cancel: boolean): void => {
      for (let i = 0; i < count; i++) {
        const timer = loop.callLater(delay, nothing);
        if (cancel) {
          timer.cancel();
        }
      }
    };
    loop.callSoon(nothing);
    add(1, 3000, false);
    add(2, 3600, true);
    add(2, 100, true);
    await loop.runOnce();
    t.is(timers.size, 3);
    add(49, 3600, false);
    add(51, 3600, true);
    t.is(timers.size, 103);
    loop.callSoon(nothing);
    await loop.runOnce();
    t.is(timers.size, 50);
  });
}

test("EventLoop: runUntilComplete returns the result of a coroutine or a future, and refuses anything else", async (t) => {
  const loop = new EventLoop();
  t.is(await loop.runUntilComplete(after(1, "done")), "done");
  const future = loop.createFuture<string>();
  loop.callLater(1, () => future.setResult("set"));
  t.is(await loop.runUntilComplete(future), "set");
  await t.throwsAsync(loop.runUntilComplete("blah" as never), { instanceOf: TypeError });
  await t.throwsAsync(loop.runUntilComplete(failAfter(1)), { instanceOf: Boom });
});

test("EventLoop: runUntilComplete refuses a future of another loop", async (t) => {
  const future = new EventLoop().createFuture<string>();
  future.setResult("foreign");
  await t.throwsAsync(new EventLoop().runUntilComplete(future), { instanceOf: RangeError, message: /different loop/ });
});

test("EventLoop: stopped before main is done, runUntilComplete fails, and main can be run on", async (t) => {
  const loop = new EventLoop();
  let count = 0;
  function* counting() {
    for (; count < 10; count++) {
      if (count === 2) {
        loop.stop();
      }
      yield* sleep(1);
    }
    return "counted";
  }
  const task = loop.createTask(counting());
  await t.throwsAsync(loop.runUntilComplete(task), {
    instanceOf: RuntimeError,
    message: /Event loop stopped before Future completed/,
  });
  t.deepEqual([task.done(), count, loop.time()], [false, 2, 2]);
  t.is(await loop.runUntilComplete(task), "counted");
  const stopped = loop.createTask(sleep(10));
  loop.callSoon(() => loop.stop());
  await t.throwsAsync(loop.runUntilComplete(stopped), { instanceOf: RuntimeError });
  t.false(stopped.cancelled());
});

test("EventLoop: a main that failed leaves no stop behind for the next run", async (t) => {
  const loop = new EventLoop();
  await t.throwsAsync(loop.runUntilComplete(failAfter(0)), { instanceOf: Boom });
  let called = false;
  loop.callSoon(() => {
    loop.callSoon(() => {
      called = true;
      loop.stop();
    });
  });
  await loop.runForever();
  t.true(called);
});

test("EventLoop: it cannot be run while it runs, by itself or by another, and goes on unharmed", async (t) => {
  const loop = new EventLoop();
  const refusals: unknown[] = [];
  function* nesting() {
    for (const attempt of [
      () => loop.runUntilComplete(after(0, 1)),
      () => new EventLoop().runUntilComplete(after(0, 1)),
      () => loop.runForever(),
    ]) {
      attempt().catch((error: unknown) => refusals.push(error));
    }
    yield* sleep(1);
    return "done";
  }
  t.is(await loop.runUntilComplete(nesting()), "done");
  t.deepEqual(
    refusals.map((error) => error instanceof RuntimeError),
    [true, true, true],
  );
});

test("EventLoop: stopped before it runs, it makes one pass, and stopping in each pass makes one a run", async (t) => {
  const loop = new EventLoop();
  const log: string[] = [];
  loop.callSoon(() => {
    log.push("first");
    loop.callSoon(() => log.push("second"));
  });
  loop.stop();
  await loop.runForever();
  t.deepEqual(log, ["first"]);
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  t.deepEqual(log, ["first", "second"]);
});

test("EventLoop: closed, again and again, it runs and schedules nothing; while it runs it cannot be closed", async (t) => {
  const loop = new EventLoop();
  const refused: unknown[] = [];
  loop.callSoon(() => {
    refused.push(t.throws(() => loop.close(), { instanceOf: RuntimeError }));
  });
  await loop.runOnce();
  t.is(refused.length, 1);
  t.false(loop.isClosed());
  const future = loop.createFuture();
  for (let i = 0; i < 3; i++) {
    loop.close();
    t.true(loop.isClosed());
  }
  await t.throwsAsync(loop.runForever(), { instanceOf: RuntimeError });
  await t.throwsAsync(loop.runUntilComplete(future), { instanceOf: RuntimeError });
  for (const schedule of [
    () => loop.callSoon(nothing),
    () => loop.callLater(1, nothing),
    () => loop.callAt(loop.time() + 1, nothing),
    () => loop.createTask(after(0, 1)),
  ]) {
    t.throws(schedule, { instanceOf: RuntimeError, message: /closed/ });
  }
});

test("Handle: cancelled() is true after cancel(), which may be called twice; during its own call it is too late", async (t) => {
  const loop = new EventLoop();
  const handle = loop.callSoon(nothing);
  t.false(handle.cancelled());
  handle.cancel();
  handle.cancel();
  t.true(handle.cancelled());
  const log: string[] = [];
  const self: Handle = loop.callSoon(() => {
    self.cancel();
    log.push("ran");
  });
  await loop.runOnce();
  t.deepEqual(log, ["ran"]);
  t.true(self.cancelled());
});

test("Exception handler: an error in a callback goes there with the handle, and the loop goes on", async (t) => {
  const loop = new EventLoop();
  const contexts: string[] = [];
  t.is(loop.getExceptionHandler(), null);
  const handler = (
    given: EventLoop,
    { message, exception, handle }: Parameters<EventLoop["callExceptionHandler"]>[0],
  ) => {
    contexts.push([given === loop, message.split(" at")[0], exception, handle === failing].join(" | "));
  };
  loop.setExceptionHandler(handler);
  t.is(loop.getExceptionHandler(), handler);
  function failWithBoom(): void {
    throw new Boom("no");
  }
  const failing: Handle = loop.callSoon(failWithBoom);
  await loop.runOnce();
  t.deepEqual(contexts, ["true | Exception in callback <Handle failWithBoom> | Boom: no | true"]);
  t.throws(() => loop.setExceptionHandler("spam" as never), { instanceOf: TypeError });
});

test("Exception handler: by default the report goes to standard error; one that fails is reported as well", async (t) => {
  const reports: string[] = [];
  const loop = new EventLoop({ errorOutput: (report) => reports.push(report.split("\n")[0]!) });
  const fail = (): never => {
    throw new Boom("no");
  };
  loop.callSoon(fail);
  await loop.runOnce();
  loop.setExceptionHandler(fail);
  loop.callSoon(fail);
  await loop.runOnce();
  loop.setExceptionHandler(null);
  loop.callSoon(fail);
  await loop.runOnce();
  t.deepEqual(reports, [
    "Exception in callback <Handle fail>",
    "Unhandled error in exception handler",
    "Exception in callback <Handle fail>",
  ]);
});

test("Exception handler: a default handler of a loop of one's own that fails ends in a report, not in the loop", async (t) => {
  const reports: string[] = [];
  class Broken extends EventLoop {
    override defaultExceptionHandler(): void {
      throw new Boom("spam");
    }
  }
  const loop = new Broken({ errorOutput: (report) => reports.push(report.split("\n")[0]!) });
  const fail = (): never => {
    throw new Boom("no");
  };
  const log: string[] = [];
  loop.callSoon(fail);
  loop.callSoon(() => log.push("goes on"));
  await loop.runOnce();
  t.deepEqual(log, ["goes on"]);
  t.deepEqual(reports, ["Exception in default exception handler"]);
});

test("Task factory: it makes the tasks, with their options, until it is taken back", async (t) => {
  class MyTask<T> extends Task<T> {}
  const loop = new EventLoop();
  t.is(loop.getTaskFactory(), null);
  t.throws(() => loop.setTaskFactory(1 as never), { instanceOf: TypeError });
  const factory = <T>(given: EventLoop, ...rest: [ConstructorParameters<typeof Task<T>>[1], object]) =>
    new MyTask<T>(given, ...rest);
  loop.setTaskFactory(factory as never);
  t.is(loop.getTaskFactory(), factory as never);
  const own = loop.createTask(after(0, 1), { name: "own" });
  t.true(own instanceof MyTask);
  t.is(own.getName(), "own");
  t.is(await loop.runUntilComplete(own), 1);
  loop.setTaskFactory(null);
  t.false(loop.createTask(after(0, 1), { name: "plain" }) instanceof MyTask);
});

test("EventLoop: a subclass may make tasks in its own way", async (t) => {
  const made: string[] = [];
  class Counting extends EventLoop {
    override createTask<T>(...args: Parameters<EventLoop["createTask"]>): Task<T> {
      const task = super.createTask(...args) as Task<T>;
      made.push(task.getName());
      return task;
    }
  }
  const loop = new Counting();
  async function* main() {
    yield* loop.createTask(turns(1), { name: "child" });
  }
  await loop.runUntilComplete(main());
  t.true(made.includes("child"));
});

test("EventLoop: each future and task of a loop belongs to it", async (t) => {
  const loop = new EventLoop();
  const owned: Future<unknown>[] = [loop.createFuture(), loop.createTask(after(0, 1))];
  t.deepEqual(
    owned.map((each) => each.getLoop() === loop),
    [true, true],
  );
});
