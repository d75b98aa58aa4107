import test from "ava";
import { againstPython, say } from "../golden/recorded-logs.ts";
import {
  type CoroutineLike,
  createTask,
  currentTask,
  ExceptionGroup,
  eagerTaskFactory,
  getRunningLoop,
  simulate,
  sleep,
  type Task,
  type TaskGroup,
  type Timeout,
  taskGroup,
  timeout,
  timeoutAt,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/tasks/scopes.py recorded those. */
const isPythons = againstPython(new URL("../golden/tasks/scopes.jsonl", import.meta.url));

class Boom extends Error {
  override name = "Boom";
}

/** Sleep, and say how that ended. */
async function* work(name: string, delay: number) {
  try {
    yield* sleep(delay);
  } catch (error) {
    say(`${name} got ${error}`);
    throw error;
  }
  say(`${name} ends`);
  return name;
}

function* fail(delay: number, text = "no"): Generator<unknown, never> {
  yield* sleep(delay);
  say(`${text} fails`);
  throw new Boom(text);
}

const describe = (error: unknown): string =>
  error instanceof ExceptionGroup ? `ExceptionGroup of ${error.errors.map(describe).join(", ")}` : String(error);

/** Wait, and log the outcome, whatever it is. */
async function* attempt(awaitable: CoroutineLike<unknown>): AsyncGenerator<unknown, void> {
  try {
    say(`got ${yield awaitable}`);
  } catch (error) {
    say(`got ${describe(error)}`);
  }
}

const later = (text: string) => () => say(text);
const self = (): Task<unknown> => currentTask()!;
/** The error's class alone: Python's has no message. */
const kindOf = (error: unknown): string => (error as Error).name;

test("timeout: a body that ends in time is left alone", (t) => {
  async function* main() {
    const scope = yield* timeout(2, async function* (scope) {
      yield* sleep(1);
      say(`${scope.when()}, ${scope.expired()}`);
      return scope;
    });
    say(scope.expired());
    yield* sleep(5);
    say(self().cancelling());
  }
  return isPythons(t, main, ["1 2, false", "1 false", "6 0"]);
});

test("timeout: at the deadline the body is cancelled, and the block ends with a TimeoutError", (t) => {
  async function* main() {
    let entered: Timeout | undefined;
    try {
      yield* timeout(1, async function* (scope) {
        entered = scope;
        try {
          yield* sleep(9);
        } catch (error) {
          say(`body got ${error}`);
          throw error;
        }
      });
    } catch (error) {
      say(`${kindOf(error)}, ${kindOf((error as Error).cause)}, ${entered?.expired()}, ${self().cancelling()}`);
    }
  }
  return isPythons(t, main, ["1 body got CancelledError", "1 TimeoutError, CancelledError, true, 0"]);
});

test("timeout: a body that swallows the cancellation ends well, a pass after the deadline", (t) => {
  async function* main() {
    const scope = yield* timeout(1, async function* (scope) {
      getRunningLoop().callAt(1, () => {
        say("deadline");
        getRunningLoop().callSoon(later("pass after"));
      });
      try {
        yield* sleep(9);
      } catch {
        say("swallowed");
      }
      return scope;
    });
    say(`${scope.expired()}, ${self().cancelling()}`);
    yield* sleep(1);
    say("main ends");
  }
  return isPythons(t, main, ["1 deadline", "1 swallowed", "1 true, 0", "1 pass after", "2 main ends"]);
});

test("timeout: another error of the body wins over the deadline", (t) => {
  async function* main() {
    try {
      yield* timeout(1, async function* () {
        try {
          yield* sleep(9);
        } catch (error) {
          throw new Boom("no", { cause: error });
        }
      });
    } catch (error) {
      say(`${error}, ${self().cancelling()}`);
    }
  }
  return isPythons(t, main, ["1 Boom: no, 0"]);
});

test("timeout: a cancellation from outside is passed on, also when the deadline comes in the same pass", (t) => {
  async function* child(cancelFirst: boolean) {
    const task = self();
    const cancelInASecond = (): void => {
      getRunningLoop().callLater(1, () => task.cancel("outside"));
    };
    if (cancelFirst) {
      cancelInASecond();
    }
    try {
      yield* timeout(1, async function* () {
        if (!cancelFirst) {
          cancelInASecond();
        }
        yield* sleep(9);
      });
    } catch (error) {
      say(`${error}, ${task.cancelling()}`);
    }
  }
  async function* main() {
    yield* createTask(child(true));
    yield* createTask(child(false));
  }
  return isPythons(t, main, ["1 CancelledError: outside, 1", "2 CancelledError, 1"]);
});

test("timeout: of two that are nested, the one that expires throws", (t) => {
  async function* main() {
    const delays = [
      [1, 2],
      [2, 1],
      [1, 1],
    ] as const;
    for (const [outerDelay, innerDelay] of delays) {
      const scopes: Timeout[] = [];
      try {
        yield* timeout(outerDelay, async function* (outer) {
          scopes.push(outer);
          try {
            yield* timeout(innerDelay, async function* (inner) {
              scopes.push(inner);
              yield* sleep(9);
            });
          } catch (error) {
            if (kindOf(error) === "TimeoutError") {
              say("inner");
              yield* sleep(0);
            }
            throw error;
          }
        });
      } catch {
        say(`outer, ${scopes[0]?.expired()}, ${scopes[1]?.expired()}, ${self().cancelling()}`);
      }
    }
  }
  return isPythons(t, main, [
    "1 outer, true, false, 0",
    "2 inner",
    "2 outer, false, true, 0",
    "3 outer, true, true, 0",
  ]);
});

test("timeout: a deadline can be moved, taken away, and put into the past", (t) => {
  async function* main() {
    yield* timeout(1, async function* (scope) {
      scope.reschedule(3);
      yield* sleep(2);
      scope.reschedule(null);
      yield* sleep(2);
      say(`${scope.when() === null}, ${scope.expired()}`);
    });
    try {
      yield* timeout(null, async function* (scope) {
        scope.reschedule(0);
        say("the past");
        yield* sleep(9);
      });
    } catch (error) {
      say(kindOf(error));
    }
  }
  return isPythons(t, main, ["4 true, false", "4 the past", "4 TimeoutError"]);
});

test("timeout: none, or less, is due in the next pass; a body that does not wait never hears of it", (t) => {
  async function* main() {
    for (const delay of [0, -1]) {
      try {
        yield* timeout(delay, async function* () {
          say("body");
          getRunningLoop().callSoon(() => {
            say("pass 1");
            getRunningLoop().callSoon(later("pass 2"));
          });
          yield* sleep(9);
        });
      } catch (error) {
        say(kindOf(error));
      }
      const scope = yield* timeout(delay, function* (scope) {
        say("does not wait");
        return scope;
      });
      say(scope.expired());
      yield* sleep(0);
    }
  }
  const once = ["0 body", "0 pass 1", "0 TimeoutError", "0 does not wait", "0 false", "0 pass 2"];
  return isPythons(t, main, [...once, ...once]);
});

test("timeout: the body may be a coroutine function of either kind or a coroutine; its result is the block's", async (t) => {
  const { value, time } = await simulate(async function* () {
    yield* sleep(1);
    return [
      yield* timeout(5, function* () {
        return yield* sleep(1, "plain");
      }),
      yield* timeout(5, work("coroutine", 1)),
      yield* timeout(5, sleep(1, "slept")),
      yield* timeoutAt(9, (scope) => sleep(1, scope.when())),
    ];
  });
  t.deepEqual([value, time], [["plain", "coroutine", "slept", 9], 5]);
});

test("taskGroup: it ends when all its tasks have", (t) => {
  async function* main() {
    const a = yield* taskGroup(async function* (group) {
      const a = group.createTask(work("a", 2));
      group.createTask(work("b", 1));
      say("body ends");
      return a;
    });
    say(`group ends, ${a.result()}`);
    yield* taskGroup(async function* () {});
    say("empty group ends");
  }
  return isPythons(t, main, ["0 body ends", "1 b ends", "2 a ends", "2 group ends, a", "2 empty group ends"]);
});

test("taskGroup: the first that fails cancels the others and the body, and all errors come together", (t) => {
  async function* stubborn() {
    try {
      yield* sleep(9);
    } catch (error) {
      throw new Boom("while cancelled", { cause: error });
    }
  }
  async function* main() {
    yield* attempt(
      taskGroup(async function* (group) {
        group.createTask(work("a", 9));
        group.createTask(fail(1, "b"));
        group.createTask(stubborn());
        group.createTask(work("c", 9));
        yield* work("body", 9);
      }),
    );
    say(self().cancelling());
  }
  return isPythons(t, main, [
    "1 b fails",
    "1 a got CancelledError",
    "1 c got CancelledError",
    "1 body got CancelledError",
    "1 got ExceptionGroup of Boom: b, Boom: while cancelled",
    "1 0",
  ]);
});

test("taskGroup: when one fails after the body has ended, the others are cancelled as well", (t) => {
  async function* main() {
    yield* attempt(
      taskGroup(function* (group) {
        group.createTask(work("a", 9));
        group.createTask(fail(1, "b"));
        say("body ends");
      }),
    );
  }
  return isPythons(t, main, ["0 body ends", "1 b fails", "1 a got CancelledError", "1 got ExceptionGroup of Boom: b"]);
});

test("taskGroup: an error of the body cancels the tasks, and comes last", (t) => {
  async function* late() {
    try {
      yield* sleep(9);
    } catch (error) {
      yield* sleep(1);
      throw new Boom("late", { cause: error });
    }
  }
  async function* main() {
    yield* attempt(
      taskGroup(async function* (group) {
        group.createTask(late());
        group.createTask(work("a", 9));
        yield* sleep(1);
        throw new Boom("body");
      }),
    );
  }
  return isPythons(t, main, ["1 a got CancelledError", "2 got ExceptionGroup of Boom: late, Boom: body"]);
});

test("taskGroup: cancelled from outside, it cancels its tasks, waits for them, and passes the cancellation on", (t) => {
  async function* late() {
    try {
      yield* sleep(9);
    } finally {
      yield* sleep(1);
      say("late ends");
    }
  }
  const withBody = taskGroup.bind(null, async function* (group: TaskGroup) {
    group.createTask(late());
    group.createTask(work("a", 9));
    yield* work("body", 9);
  });
  const withoutBody = taskGroup.bind(null, function* (group: TaskGroup) {
    group.createTask(work("a", 9));
  });
  async function* main() {
    for (const begin of [withBody, withoutBody]) {
      const task = createTask(begin());
      yield* sleep(1);
      task.cancel("outside");
      yield* attempt(task);
      say(task.cancelling());
    }
  }
  return isPythons(t, main, [
    "1 body got CancelledError: outside",
    "1 a got CancelledError",
    "2 late ends",
    "2 got CancelledError: outside",
    "2 1",
    "3 a got CancelledError",
    "3 got CancelledError: outside",
    "3 1",
  ]);
});

test("taskGroup: a task that is cancelled, or cancels itself, does not count as an error", (t) => {
  async function* main() {
    yield* taskGroup(async function* (group) {
      const task = group.createTask(work("a", 9));
      group.createTask(work("b", 2));
      yield* sleep(1);
      task.cancel("only a");
    });
    say("group ends");
  }
  return isPythons(t, main, ["1 a got CancelledError: only a", "2 b ends", "2 group ends"]);
});

test("taskGroup: an error together with a cancellation from outside throws the error, and the next wait the cancellation", (t) => {
  async function* failing(parent: Task<unknown>) {
    yield* sleep(1);
    parent.cancel("outside");
    throw new Boom("no");
  }
  async function* parent() {
    try {
      yield* taskGroup(async function* (group) {
        group.createTask(failing(self()));
        yield* work("body", 9);
      });
    } catch (error) {
      say(`${describe(error)}, ${self().cancelling()}`);
    }
    yield* work("next", 1);
  }
  async function* main() {
    yield* attempt(createTask(parent()));
  }
  return isPythons(t, main, [
    "1 body got CancelledError: outside",
    "1 ExceptionGroup of Boom: no, 1",
    "1 next got CancelledError",
    "1 got CancelledError",
  ]);
});

test("taskGroup: tasks of the group may create more, until it has ended", (t) => {
  async function* more(group: TaskGroup, depth: number): AsyncGenerator<unknown, void> {
    yield* work(`depth ${depth}`, 1);
    if (depth < 3) {
      group.createTask(more(group, depth + 1));
    }
  }
  async function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(more(group, 1));
    });
    say("group ends");
  }
  return isPythons(t, main, ["1 depth 1 ends", "2 depth 2 ends", "3 depth 3 ends", "3 group ends"]);
});

test("taskGroup: groups nest, and an inner group's error is one error of the outer", (t) => {
  async function* main() {
    yield* attempt(
      taskGroup(async function* (outer) {
        outer.createTask(work("outer task", 9));
        yield* taskGroup(function* (inner) {
          inner.createTask(fail(1));
          inner.createTask(work("inner task", 9));
        });
      }),
    );
  }
  return isPythons(t, main, [
    "1 no fails",
    "1 inner task got CancelledError",
    "1 outer task got CancelledError",
    "1 got ExceptionGroup of ExceptionGroup of Boom: no",
  ]);
});

/** What JavaScript code, which no compiler checks, may pass. */
const wrong = (value: unknown): never => value as never;

/** The error that a call throws, as a string. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

test("timeout, taskGroup: a body that is none, and a time that is none, are refused at the call", async (t) => {
  async function* body() {}
  const { value } = await simulate(async function* () {
    return [
      () => timeout(Number.NaN, body),
      () => timeout(Number.NEGATIVE_INFINITY, body),
      () => timeout(wrong("1"), body),
      () => timeoutAt(Number.NaN, body),
      () => timeout(1, wrong(undefined)),
      () => timeout(1, wrong(42)),
      () => taskGroup(wrong({})),
    ].map(refusal);
  });
  t.deepEqual(value, [
    "RangeError: timeout: expected a finite or positively infinite delay in seconds, got NaN",
    "RangeError: timeout: expected a finite or positively infinite delay in seconds, got -Infinity",
    'TypeError: timeout: expected a number of seconds as delay, got "1"',
    "RangeError: timeoutAt: expected a finite or positively infinite instant in seconds, got NaN",
    "TypeError: timeout: expected a coroutine function, such as async function* () { … }, got undefined",
    "TypeError: timeout: expected a coroutine function, such as async function* () { … }, got 42",
    "TypeError: taskGroup: expected a coroutine function, such as async function* () { … }, got {}",
  ]);
});

test("timeout, taskGroup: what is over, or shutting down, says so", async (t) => {
  const refusals: string[] = [];
  await simulate(async function* () {
    const scope = yield* timeout(1, function* (scope) {
      return scope;
    });
    refusals.push(refusal(() => scope.reschedule(5)));
    yield* timeout(1, async function* (inside) {
      refusals.push(refusal(() => inside.reschedule(Number.NaN)));
      yield* sleep(0);
    });
    const group = yield* taskGroup(function* (group) {
      return group;
    });
    refusals.push(refusal(() => group.createTask(sleep(1))));
    try {
      yield* taskGroup(async function* (group) {
        group.createTask(fail(1));
        try {
          yield* sleep(9);
        } catch {
          refusals.push(refusal(() => group.createTask(sleep(1))));
        }
      });
    } catch {}
  });
  t.deepEqual(refusals, [
    "RuntimeError: Cannot change state of finished Timeout: its block is over",
    "RangeError: reschedule: expected a finite or positively infinite instant in seconds, got NaN",
    "RuntimeError: <TaskGroup tasks=0 errors=0 exiting> is finished: create tasks inside its block",
    "RuntimeError: <TaskGroup tasks=0 errors=1 cancelling> is shutting down, because a task failed or the block was left with an error",
  ]);
});

test("taskGroup: the failure of a task that ends in its eager start ends the group, as in CPython 3.13.2 and later", async (t) => {
  const log: string[] = [];
  const { time } = await simulate(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    try {
      yield* taskGroup(function* (group) {
        group.createTask(
          (function* (): Generator<unknown, void> {
            throw new Boom("at once");
          })(),
        );
        log.push("the block goes on");
        yield* sleep(Number.POSITIVE_INFINITY);
      });
    } catch (error) {
      log.push(describe(error));
    }
  });
  t.deepEqual([...log, time], ["the block goes on", "ExceptionGroup of Boom: at once", 0]);
});
