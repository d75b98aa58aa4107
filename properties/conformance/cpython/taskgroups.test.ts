import test from "ava";
import {
  allTasks,
  coroutine,
  createTask,
  Event,
  EventLoop,
  ExceptionGroup,
  RuntimeError,
  sleep,
  type Task,
  type TaskGroup,
  taskGroup,
} from "simloop";
import { after, Boom, failAfter, logOf, outcomeOf, type Plain, resultOf, say, self, warningsOf } from "./programs.ts";

/*
 * What CPython's test_taskgroups.py asserts of TaskGroup, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

class Other extends Error {
  override name = "Other";
}

/** An error as text, groups with their members. */
const textOf = (error: unknown): string =>
  error instanceof ExceptionGroup ? `group(${error.errors.map(textOf).join(" ")})` : String(error);

/** Wait for `block` and log how it ended. */
function* endOf(block: ReturnType<typeof taskGroup<unknown>> | Task<unknown>): Plain<string> {
  try {
    return String(yield block);
  } catch (error) {
    return textOf(error);
  }
}

/** Sleep; log if it was cut short; with `error`, fail then. */
function* child(name: string, delay: number, error?: Error): Plain<string> {
  try {
    yield* sleep(delay);
  } catch (cancellation) {
    say(`${name} cancelled`);
    throw error ?? cancellation;
  }
  say(`${name} ends`);
  return name;
}

/** What a task with such a block says, if it is cancelled after `cancelAt` seconds. */
const cancelledAt = (cancelAt: number, body: (group: TaskGroup) => Plain<unknown>): Promise<string[]> =>
  logOf(async function* () {
    const task = createTask(taskGroup(body), { name: "parent" });
    yield* sleep(cancelAt);
    task.cancel();
    say(yield* endOf(task));
  });

test("TaskGroup: it ends when its tasks have ended, early and late ones", async (t) => {
  const log = await logOf(async function* () {
    const tasks: Task<string>[] = [];
    yield* taskGroup(async function* (group) {
      tasks.push(group.createTask(after(1, "a")));
      yield* sleep(1.5);
      tasks.push(group.createTask(after(2, "b"), { name: "yolo" }));
      say("body ends");
    });
    say(tasks.map((task) => task.result()));
    say(tasks[1]?.getName());
  });
  t.deepEqual(log, ["1.5 body ends", "3.5 a,b", "3.5 yolo"]);
});

test("TaskGroup: a cancelled task of the group does not count as an error", async (t) => {
  const log = await logOf(async function* () {
    const ended = yield* endOf(
      taskGroup(function* (group) {
        const first = group.createTask(child("first", 10));
        yield* sleep(1);
        first.cancel();
        group.createTask(child("second", 1));
        return "well";
      }),
    );
    say(ended);
  });
  t.deepEqual(log, ["1 first cancelled", "2 second ends", "2 well"]);
});

test("TaskGroup: a task that fails cancels the others and the body", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(
      taskGroup(function* (group) {
        for (let i = 0; i < 3; i++) {
          group.createTask(failAfter(1));
        }
        group.createTask(child("sibling", 5));
        yield* child("body", 10);
      }),
    );
    say(yield* endOf(task));
    say([task.cancelled(), task.cancelling()]);
  });
  t.deepEqual(log, ["1 sibling cancelled", "1 body cancelled", "1 group(Boom Boom Boom)", "1 false,0"]);
});

test("TaskGroup: a task that fails while the body is over cancels the others", async (t) => {
  const log = await logOf(async function* () {
    const sibling = (group: TaskGroup) => group.createTask(child("sibling", 5));
    const ended = taskGroup(function* (group) {
      group.createTask(failAfter(1));
      sibling(group);
    });
    say(yield* endOf(ended));
  });
  t.deepEqual(log, ["1 sibling cancelled", "1 group(Boom)"]);
});

test("TaskGroup: cancelled from outside, it cancels its tasks and the body, and ends with the cancellation", async (t) => {
  for (const inBody of [true, false]) {
    const log = await cancelledAt(1, function* (group) {
      group.createTask(child("a", 5));
      group.createTask(child("b", 5));
      if (inBody) {
        yield* child("body", 10);
      }
    });
    // Waiting for its tasks, the group itself first gets the cancellation, and then cancels them.
    const expected = ["1 a cancelled", "1 b cancelled", "1 CancelledError"];
    t.deepEqual(log, inBody ? ["1 body cancelled", ...expected] : expected);
  }
});

test("TaskGroup: one without tasks passes a cancellation of its body on, and an error in its place as a group", async (t) => {
  t.deepEqual(await cancelledAt(1, () => child("body", 10)), ["1 body cancelled", "1 CancelledError"]);
  t.deepEqual(await cancelledAt(1, () => child("body", 10, new Boom())), ["1 body cancelled", "1 group(Boom)"]);
});

test("TaskGroup: errors of tasks that clean up after a cancellation from outside take its place", async (t) => {
  const log = await cancelledAt(1, function* (group) {
    group.createTask(child("a", 5, new Boom()));
    group.createTask(child("b", 5, new Boom()));
    yield* sleep(10);
  });
  t.deepEqual(log, ["1 a cancelled", "1 b cancelled", "1 group(Boom Boom)"]);
});

test("TaskGroup: an error of the body cancels the tasks, and comes in a group after theirs", async (t) => {
  for (const delay of [0, 1]) {
    const log = await logOf(async function* () {
      const ended = taskGroup(function* (group) {
        group.createTask(child("a", 5));
        group.createTask(child("b", 5, new Other()));
        // Tasks that are cancelled before their first step say nothing.
        yield* sleep(delay);
        throw new Boom();
      });
      say(yield* endOf(ended));
    });
    t.deepEqual(log, [`${delay} a cancelled`, `${delay} b cancelled`, `${delay} group(Other Boom)`]);
  }
});

test("TaskGroup: an error of the body at once cancels tasks that never began", async (t) => {
  const log = await logOf(async function* () {
    const ended = taskGroup((group): Plain<void> => {
      group.createTask(child("a", 5, new Other()));
      throw new Boom();
    });
    say(yield* endOf(ended));
    say(allTasks().length);
  });
  t.deepEqual(log, ["0 group(Boom)", "0 1"]);
});

test("TaskGroup: nested, a cancellation from outside makes a group in a group of errors in cleaning up", async (t) => {
  for (const busy of [false, true]) {
    const log = await cancelledAt(1, function* (outer) {
      if (busy) {
        outer.createTask(child("outer", 10));
      }
      yield* taskGroup(function* (inner) {
        inner.createTask(child("inner", 10, new Boom()));
        yield* sleep(10);
      });
    });
    t.deepEqual(log, ["1 inner cancelled", ...(busy ? ["1 outer cancelled"] : []), "1 group(group(Boom))"]);
  }
});

test("TaskGroup: nested, an error in the outer cancels the inner, one in the inner comes out as its group", async (t) => {
  const nested = (outerDelay: number, innerDelay: number): Promise<string[]> =>
    logOf(async function* () {
      const ended = taskGroup(function* (outer) {
        outer.createTask(failAfter(outerDelay));
        yield* taskGroup(function* (inner) {
          inner.createTask(failAfter(innerDelay, new Other()));
        });
      });
      say(yield* endOf(ended));
    });
  t.deepEqual(await nested(1, 10), ["1 group(Boom)"]);
  t.deepEqual(await nested(10, 1), ["1 group(group(Other))"]);
});

test("TaskGroup: an error of a task that comes while the body cleans up after a cancellation is what it ends with", async (t) => {
  const slowly = function* (group: TaskGroup): Plain<void> {
    group.createTask(failAfter(3));
    try {
      yield* sleep(10);
    } catch (cancellation) {
      yield* outcomeOf(sleep(5));
      throw cancellation;
    }
  };
  t.deepEqual(await cancelledAt(1, slowly), ["3 group(Boom)"]);
  const throughTask = await cancelledAt(1, function* () {
    yield* createTask(taskGroup(slowly));
  });
  t.deepEqual(throughTask, ["3 group(group(Boom))"]);
});

test("TaskGroup: the error of a task and that of the cancelled body come together, the body's last", async (t) => {
  const log = await logOf(async function* () {
    const ended = taskGroup(function* (group) {
      group.createTask(failAfter(1));
      yield* child("body", 10, new Other());
    });
    say([yield* endOf(ended), self().cancelling()]);
  });
  t.deepEqual(log, ["1 body cancelled", "1 group(Boom Other),0"]);
});

test("TaskGroup: tasks that end go, and those they create in the group come", async (t) => {
  const log = await logOf(async function* () {
    const group = yield* taskGroup(function* (entered) {
      entered.createTask(
        (function* () {
          yield* sleep(1);
          entered.createTask(child("first", 1));
          entered.createTask(child("second", 2));
        })(),
      );
      return entered;
    });
    say(String(group));
  });
  t.deepEqual(log, ["2 first ends", "3 second ends", "3 <TaskGroup tasks=0 errors=0 exiting>"]);
});

test("TaskGroup: tasks that breed tasks are all cancelled when another fails, and can create none then", async (t) => {
  const log = await logOf(async function* () {
    let born = 0;
    const ended = taskGroup(function* (group) {
      function* hydra(): Plain<void> {
        born++;
        yield* sleep(1);
        group.createTask(hydra());
        group.createTask(hydra());
      }
      group.createTask(hydra());
      yield* sleep(4.5);
      throw new Boom();
    });
    say(yield* endOf(ended));
    say([born, allTasks().length]);
  });
  t.deepEqual(log, ["4.5 group(Boom)", "4.5 31,1"]);
});

test("TaskGroup: after a failure it takes no new task", async (t) => {
  const log = await logOf(async function* () {
    const ended = taskGroup(function* (group) {
      group.createTask(failAfter(1));
      try {
        yield* sleep(10);
      } catch {
        t.throws(() => group.createTask(sleep(1)), { instanceOf: RuntimeError, message: /is shutting down/ });
        say("refused");
      }
    });
    say(yield* endOf(ended));
  });
  t.deepEqual(log, ["1 refused", "1 group(Boom)"]);
});

test("TaskGroup: after its end it takes no new task, and the coroutine counts as dealt with", async (t) => {
  const idle = coroutine(function* idle() {
    yield* sleep(0);
  });
  const warnings = await warningsOf(async function* () {
    const group = yield* taskGroup(function* (entered) {
      yield* sleep(0);
      return entered;
    });
    t.throws(() => group.createTask(idle()), { instanceOf: RuntimeError, message: /is finished/ });
  });
  t.deepEqual(warnings, []);
});

test("TaskGroup: a block cannot be entered twice", async (t) => {
  const log = await logOf(async function* () {
    const block = taskGroup(() => sleep(0, "entered"));
    say(yield* block);
    say((yield* outcomeOf(block)).split(":")[0]);
  });
  t.deepEqual(log, ["0 entered", "0 RuntimeError"]);
});

test("TaskGroup: without a task around it, it cannot be used", async (t) => {
  const loop = new EventLoop();
  const seen: unknown[] = [];
  loop.callSoon(() => {
    seen.push(
      t.throws(
        () =>
          taskGroup(() => sleep(1))
            [Symbol.asyncIterator]()
            .next(),
        { instanceOf: RuntimeError },
      ),
    );
  });
  await loop.runOnce();
  t.is(seen.length, 1);
});

test("TaskGroup: left with an error, it leaves the count of cancellations as it was", async (t) => {
  const log = await logOf(async function* () {
    const ended = taskGroup(function* (group) {
      group.createTask(failAfter(0));
    });
    say([yield* endOf(ended), self().cancelling()]);
  });
  t.deepEqual(log, ["0 group(Boom),0"]);
});

test("TaskGroup: when inner and outer group fail at once, the outer's cancellation is still there after the inner", async (t) => {
  const log = await logOf(async function* () {
    const ended = taskGroup(function* (outer) {
      const inner = taskGroup(function* (group) {
        group.createTask(failAfter(0));
        outer.createTask(failAfter(0, new Other()));
      });
      say(yield* endOf(inner));
      say(self().cancelling());
    });
    say(yield* endOf(ended));
    say(self().cancelling());
  });
  t.deepEqual(log, ["0 group(Boom)", "0 1", "0 group(Other)", "0 0"]);
});

test("TaskGroup: cancelled from outside while a task fails, the errors come out and the next wait is cancelled", async (t) => {
  const log = await logOf(async function* () {
    const event = new Event();
    async function* inner() {
      const ended = taskGroup(function* (group) {
        group.createTask(
          (function* () {
            event.set();
            yield* sleep(0);
            throw new Boom();
          })(),
        );
        yield* sleep(1);
      });
      say(yield* endOf(ended));
      say(self().cancelling());
      yield* sleep(1);
      say("never");
    }
    const task = createTask(inner());
    yield* event.wait();
    task.cancel();
    say(yield* outcomeOf(task));
    say(task.cancelled());
  });
  t.deepEqual(log, ["0 group(Boom)", "0 1", "0 CancelledError", "0 true"]);
});

test("TaskGroup: a callback that is not a coroutine function is refused, and so is what is not a coroutine", async (t) => {
  const refused = await resultOf(async function* () {
    t.throws(() => taskGroup(5 as never), { instanceOf: TypeError });
    return yield* taskGroup(function* (group) {
      return t.throws(() => group.createTask(child as never), { instanceOf: TypeError }).name;
    });
  });
  t.is(refused, "TypeError");
});
