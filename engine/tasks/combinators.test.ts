import test from "ava";
import { againstPython, say } from "../golden/recorded-logs.ts";
import {
  allTasks,
  type CoroutineLike,
  createTask,
  currentTask,
  ExceptionGroup,
  ensureFuture,
  Future,
  gather,
  getRunningLoop,
  print,
  type ReturnWhen,
  shield,
  simulate,
  sleep,
  type Task,
  taskGroup,
  wait,
  waitFor,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/tasks/combinators.py recorded those. */
const isPythons = againstPython(new URL("../golden/tasks/combinators.jsonl", import.meta.url));

class Boom extends Error {
  override name = "Boom";
}

/** Say that it begins, sleep, and say how that ended. */
async function* work(name: string, delay: number) {
  say(`${name} begins`);
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
  throw new Boom(text);
}

/** Wait, and log the outcome, whatever it is. */
async function* attempt(awaitable: CoroutineLike<unknown>): AsyncGenerator<unknown, void> {
  try {
    say(`got ${yield awaitable}`);
  } catch (error) {
    say(`got ${error}`);
  }
}

const later = (text: string) => () => say(text);

/** Call `callback` so many passes from now. */
function inPasses(passes: number, callback: () => void): void {
  getRunningLoop().callSoon(passes === 1 ? callback : () => inPasses(passes - 1, callback));
}

const names = (tasks: Iterable<Task<unknown>>): string => [...tasks].map((task) => task.getName()).join(",");

test("gather: all begin in the order given, and their results come in that order, whoever is first", (t) => {
  async function* main() {
    yield* attempt(gather(work("a", 3), work("b", 1), work("c", 2)));
  }
  return isPythons(t, main, [
    "0 a begins",
    "0 b begins",
    "0 c begins",
    "1 b ends",
    "2 c ends",
    "3 a ends",
    "3 got a,b,c",
  ]);
});

test("gather: it resumes two passes after the last has ended", (t) => {
  async function* last() {
    yield* sleep(1);
    inPasses(1, later("pass 1"));
    inPasses(2, later("pass 2, before"));
    return "last";
  }
  async function* main() {
    yield* attempt(gather(last()));
  }
  return isPythons(t, main, ["1 pass 1", "1 pass 2, before", "1 got last"]);
});

test("gather: the first error comes at once; the others go on, and their errors are dropped", (t) => {
  async function* main() {
    yield* attempt(gather(work("a", 3), fail(1, "first"), fail(2, "second")));
    yield* sleep(5);
  }
  return isPythons(t, main, ["0 a begins", "1 got Boom: first", "3 a ends"]);
});

test("gather: with returnExceptions, errors and cancellations are among the results", (t) => {
  async function* main() {
    const cancelled = createTask(sleep(9));
    const silently = createTask(sleep(9));
    getRunningLoop().callLater(1, () => cancelled.cancel("message"));
    getRunningLoop().callLater(1, () => silently.cancel());
    yield* attempt(gather(work("a", 3), fail(1), cancelled, silently, { returnExceptions: true }));
  }
  return isPythons(t, main, ["0 a begins", "3 a ends", "3 got a,Boom: no,CancelledError,CancelledError"]);
});

test("gather: a child that is cancelled is the first error, as a CancelledError", (t) => {
  async function* main() {
    const child = createTask(sleep(9));
    const outer = gather(child, work("a", 3));
    getRunningLoop().callLater(1, () => child.cancel("message"));
    yield* attempt(outer);
    say(outer.cancelled());
    yield* sleep(5);
  }
  return isPythons(t, main, ["0 a begins", "1 got CancelledError: message", "1 false", "3 a ends"]);
});

test("gather: cancelling it cancels all, and it ends when all have, with a CancelledError even with returnExceptions", (t) => {
  async function* slow() {
    try {
      yield* sleep(9);
    } finally {
      yield* sleep(1);
      say("slow ends");
    }
  }
  async function* main() {
    for (const returnExceptions of [false, true]) {
      const outer = gather([slow(), work("a", 9)], { returnExceptions });
      yield* sleep(1);
      say(`${outer.cancel("message")}, ${outer.done()}`);
      yield* attempt(outer);
      say(`${outer.cancelled()}, ${outer.cancel()}`);
      yield* sleep(1);
    }
  }
  return isPythons(t, main, [
    "0 a begins",
    "1 true, false",
    "1 a got CancelledError: message",
    "1 got CancelledError: message",
    "1 false, false",
    "2 slow ends",
    "2 a begins",
    "3 true, false",
    "3 a got CancelledError: message",
    "4 slow ends",
    "4 got CancelledError: message",
    "4 false, false",
  ]);
});

test("gather: a task that is cancelled while it waits for one cancels all of it, and hears three passes later", (t) => {
  async function* waiter() {
    yield* gather(work("a", 9), work("b", 9));
  }
  async function* main() {
    const task = createTask(waiter());
    yield* sleep(1);
    say(task.cancel("message"));
    inPasses(3, later("pass 3"));
    yield* attempt(task);
  }
  return isPythons(t, main, [
    "0 a begins",
    "0 b begins",
    "1 true",
    "1 a got CancelledError: message",
    "1 b got CancelledError: message",
    "1 pass 3",
    "1 got CancelledError: message",
  ]);
});

test("gather: of none, and of what is done, it is done at once", (t) => {
  async function* main() {
    const done = getRunningLoop().createFuture<string>();
    done.setResult("done");
    getRunningLoop().callSoon(later("callback"));
    yield* attempt(gather());
    yield* attempt(gather(done, done));
    say(gather(done).done());
  }
  return isPythons(t, main, ["0 got ", "0 got done,done", "0 true", "0 callback"]);
});

test("gather: what is given twice runs once, and its result comes twice", (t) => {
  async function* main() {
    const task = createTask(work("a", 1));
    const coroutine = work("b", 2);
    yield* attempt(gather(task, coroutine, task, coroutine));
  }
  return isPythons(t, main, ["0 a begins", "0 b begins", "1 a ends", "2 b ends", "2 got a,b,a,b"]);
});

test("gather: it takes an array as well as arguments, and plain generators, tasks and sleeps as well as async generators", async (t) => {
  const { value } = await simulate(async function* () {
    function* plain() {
      return yield* sleep(1, "plain");
    }
    const one = yield* gather([plain(), createTask(plain()), sleep(2, "slept")]);
    const two = yield* gather(plain(), { returnExceptions: true });
    return [one, two, yield* gather([])];
  });
  t.deepEqual(value, [["plain", "plain", "slept"], ["plain"], []]);
});

test("wait: for all, the first, or the first that fails; it cancels nothing", (t) => {
  async function* main() {
    for (const returnWhen of ["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"] satisfies ReturnWhen[]) {
      const tasks: Task<unknown>[] = [
        createTask(sleep(1), { name: "a" }),
        createTask(fail(2), { name: "b" }),
        createTask(sleep(3), { name: "c" }),
      ];
      const { done, pending } = yield* wait(tasks, { returnWhen });
      say(`${returnWhen}: ${names(done)} done, ${names(pending)} pending`);
      yield* wait(tasks);
      tasks[1]?.exception();
    }
  }
  return isPythons(t, main, [
    "1 FIRST_COMPLETED: a done, b,c pending",
    "5 FIRST_EXCEPTION: a,b done, c pending",
    "9 ALL_COMPLETED: a,b,c done,  pending",
  ]);
});

test("wait: when the time is up it returns what is done by then, and what is not goes on", (t) => {
  async function* main() {
    const delays = { a: 1, b: 2, c: 3 };
    const tasks = Object.entries(delays).map(([name, delay]) => createTask(work(name, delay), { name }));
    for (const timeout of [2.5, 10]) {
      const { done, pending } = yield* wait(tasks, { timeout });
      say(`${names(done)} done, ${names(pending)} pending`);
    }
  }
  return isPythons(t, main, [
    "0 a begins",
    "0 b begins",
    "0 c begins",
    "1 a ends",
    "2 b ends",
    "2.5 a,b done, c pending",
    "3 c ends",
    "3 a,b,c done,  pending",
  ]);
});

test("wait: FIRST_EXCEPTION takes no notice of a cancelled task", (t) => {
  async function* main() {
    const cancelled = createTask(sleep(9), { name: "a" });
    const failing = createTask(fail(2), { name: "b" });
    getRunningLoop().callLater(1, () => cancelled.cancel());
    const tasks: Task<unknown>[] = [cancelled, failing, createTask(sleep(9), { name: "c" })];
    const { done, pending } = yield* wait(tasks, { returnWhen: "FIRST_EXCEPTION" });
    say(`${names(done)} done, ${names(pending)} pending`);
    failing.exception();
  }
  return isPythons(t, main, ["2 a,b done, c pending"]);
});

test("wait: cancelling it leaves its tasks alone", (t) => {
  async function* main() {
    const task = createTask(work("a", 2));
    const waiter = createTask(wait([task]));
    yield* sleep(1);
    waiter.cancel("message");
    yield* attempt(waiter);
    yield* attempt(task);
  }
  return isPythons(t, main, ["0 a begins", "1 got CancelledError: message", "2 a ends", "2 got a"]);
});

test("wait: of tasks that are all done, it still takes two passes", (t) => {
  async function* main() {
    const task = createTask(sleep(0));
    yield* task;
    inPasses(1, later("pass 1"));
    inPasses(2, later("pass 2"));
    yield* wait([task]);
    say("waited");
  }
  return isPythons(t, main, ["0 pass 1", "0 pass 2", "0 waited"]);
});

test("wait: what it gives is in the order in which it was asked, and each once", async (t) => {
  const { output } = await simulate(async function* () {
    const delays = { a: 3, b: 1, c: 2 };
    const tasks = Object.entries(delays).map(([name, delay]) => createTask(sleep(delay), { name }));
    const { done, pending } = yield* wait([...tasks, ...tasks], { timeout: 2.5 });
    print(names(done), names(pending));
  });
  t.is(output, "b,c a\n");
});

test("waitFor: what ends in time returns its result or its error, in the caller's own task", (t) => {
  async function* who() {
    return currentTask()?.getName();
  }
  async function* main() {
    yield* attempt(waitFor(who(), 1));
    yield* attempt(waitFor(work("a", 1), 2));
    yield* attempt(waitFor(fail(1), 2));
    yield* attempt(waitFor(sleep(5, "no limit"), null));
  }
  return isPythons(t, main, ["0 got Task-1", "0 a begins", "1 a ends", "1 got a", "2 got Boom: no", "7 got no limit"]);
});

/** The error's class alone: Python's has no message. */
const kindOf = (error: unknown): string => (error as Error).name;

test("waitFor: what does not is cancelled, and waited for, before the TimeoutError comes", (t) => {
  async function* slow() {
    try {
      yield* sleep(9);
    } finally {
      yield* sleep(2);
      say("cleaned up");
    }
  }
  async function* main() {
    try {
      yield* waitFor(slow(), 1);
    } catch (error) {
      say(kindOf(error));
    }
  }
  return isPythons(t, main, ["3 cleaned up", "3 TimeoutError"]);
});

test("waitFor: a task that swallows the cancellation returns its result all the same", (t) => {
  async function* stubborn() {
    try {
      yield* sleep(9);
    } catch {
      yield* sleep(1);
    }
    return "all the same";
  }
  async function* main() {
    yield* attempt(waitFor(createTask(stubborn()), 1));
    yield* attempt(waitFor(stubborn(), 1));
  }
  return isPythons(t, main, ["2 got all the same", "4 got all the same"]);
});

test("waitFor: with no time at all only what is done counts; a coroutine does not begin", (t) => {
  async function* main() {
    const done = getRunningLoop().createFuture<string>();
    done.setResult("done");
    yield* attempt(waitFor(done, 0));
    const tooLate: CoroutineLike<unknown>[] = [getRunningLoop().createFuture(), work("a", 0), createTask(work("b", 9))];
    for (const awaitable of tooLate) {
      try {
        yield* waitFor(awaitable, 0);
      } catch (error) {
        say(kindOf(error));
      }
    }
    const running = createTask(work("c", 9));
    yield* sleep(0);
    try {
      yield* waitFor(running, -1);
    } catch (error) {
      say(kindOf(error));
    }
  }
  return isPythons(t, main, [
    "0 got done",
    "0 b begins",
    "0 TimeoutError",
    "0 TimeoutError",
    "0 b got CancelledError",
    "0 TimeoutError",
    "0 c begins",
    "0 c got CancelledError",
    "0 TimeoutError",
  ]);
});

test("waitFor: a cancellation from outside stays one, though the deadline passes before it is through", (t) => {
  async function* slow() {
    try {
      yield* sleep(9);
    } finally {
      yield* sleep(2);
    }
  }
  async function* waiter() {
    yield* waitFor(slow(), 2);
  }
  async function* main() {
    const task = createTask(waiter());
    yield* sleep(1);
    task.cancel("outside");
    yield* attempt(task);
  }
  return isPythons(t, main, ["2 got CancelledError"]);
});

test("shield: the waiter is cancelled, what is waited for goes on", (t) => {
  async function* main() {
    const inner = createTask(work("inner", 2));
    async function* waiter() {
      yield* shield(inner);
    }
    const task = createTask(waiter());
    yield* sleep(1);
    task.cancel("message");
    yield* attempt(task);
    yield* attempt(inner);
  }
  return isPythons(t, main, ["0 inner begins", "1 got CancelledError: message", "2 inner ends", "2 got inner"]);
});

test("shield: it follows what is inside, two passes behind, its error and its cancellation as well", (t) => {
  async function* last() {
    yield* sleep(1);
    inPasses(1, later("pass 1"));
    inPasses(2, later("pass 2, before"));
    return "last";
  }
  async function* main() {
    yield* attempt(shield(last()));
    yield* attempt(shield(fail(1)));
    const inner = createTask(sleep(9));
    getRunningLoop().callLater(1, () => inner.cancel("message"));
    yield* attempt(shield(inner));
  }
  return isPythons(t, main, ["1 pass 1", "1 pass 2, before", "1 got last", "2 got Boom: no", "3 got CancelledError"]);
});

test("shield: what is done already is given back itself", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<string>();
    future.setResult("done");
    say(shield(future) === future);
  }
  return isPythons(t, main, ["0 true"]);
});

test("ensureFuture: a future stays what it is, a coroutine becomes a task", async (t) => {
  const { value } = await simulate(async function* () {
    const future: Future<string> = getRunningLoop().createFuture();
    const task = ensureFuture(sleep(1, "slept"));
    return [ensureFuture(future) === future, allTasks().length, yield* task];
  });
  t.deepEqual(value, [true, 2, "slept"]);
});

/** The error that a call throws, as a string. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

/** What JavaScript code, which no compiler checks, may pass. */
const wrong = (value: unknown): never => value as never;

test("gather, wait, waitFor, shield: what cannot be awaited is refused at the call", async (t) => {
  const { value } = await simulate(async function* () {
    const future = getRunningLoop().createFuture();
    return [
      () => gather(wrong(1)),
      () => gather(sleep(1), wrong(fail)),
      () => gather(future, wrong(Promise.resolve())),
      () => gather(wrong([[future]])),
      () => wait(wrong(future)),
      () => wait(wrong(1)),
      () => wait(wrong(undefined)),
      () => wait([]),
      () => wait([future, wrong(fail(1))]),
      () => wait([wrong(42)]),
      () => wait([future], { returnWhen: wrong("SOME") }),
      () => wait([future], { timeout: Number.NaN }),
      () => waitFor(wrong(undefined), 1),
      () => waitFor(wrong(Promise.resolve()), 1),
      () => waitFor(future, Number.NaN),
      () => waitFor(future, wrong("1")),
      () => shield(wrong("text")),
      () => ensureFuture(wrong(work)),
    ].map(refusal);
  });
  t.deepEqual(value, [
    "TypeError: gather: a future or a coroutine was expected, got 1",
    "TypeError: gather: a future or a coroutine was expected, got the function fail; call it",
    "TypeError: gather: a future or a coroutine was expected, got a promise, which belongs to the real world; write the function as async function*",
    "TypeError: gather: a future or a coroutine was expected, got an array; gather(…) waits for all that is in it",
    "TypeError: wait: expected an array of futures, got <Future pending>",
    "TypeError: wait: expected an array of futures, got 1",
    "TypeError: wait: expected an array of futures, got undefined",
    "RangeError: wait: the set of futures is empty; give at least one",
    "TypeError: wait: expected futures and tasks, got [object Generator], a coroutine; make a task of it with createTask",
    "TypeError: wait: expected futures and tasks, got 42",
    'RangeError: wait: expected returnWhen to be one of FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED, got "SOME"',
    "RangeError: wait: expected a finite or positively infinite delay in seconds, got NaN",
    "TypeError: waitFor: a future or a coroutine was expected, got undefined",
    "TypeError: waitFor: a future or a coroutine was expected, got a promise, which belongs to the real world; write the function as async function*",
    "RangeError: waitFor: expected a finite or positively infinite delay in seconds, got NaN",
    'TypeError: waitFor: expected a number of seconds as delay, got "1"',
    'TypeError: shield: a future or a coroutine was expected, got "text"',
    "TypeError: ensureFuture: a future or a coroutine was expected, got the function work; call it",
  ]);
});

test("gather, wait, shield, taskGroup: whatever is thrown is an error, null as well", async (t) => {
  const throwsNull = function* (): Generator<unknown, void, unknown> {
    const future = new Future<void>();
    getRunningLoop().callLater(1, () => future.setException(null));
    yield* future;
  };
  const caught = function* (coroutine: () => Generator<unknown, unknown, unknown>) {
    try {
      yield coroutine();
      return "no error";
    } catch (error) {
      return error instanceof ExceptionGroup ? error.errors : error;
    }
  };
  const { value, warnings } = await simulate(function* () {
    const outcomes: unknown[] = [];
    outcomes.push(
      yield* caught(function* () {
        yield* gather(throwsNull());
      }),
    );
    outcomes.push(
      yield* caught(function* () {
        yield* shield(throwsNull());
      }),
    );
    outcomes.push(
      yield* caught(function* () {
        yield* taskGroup(function* (group) {
          group.createTask(throwsNull());
          yield* sleep(5);
        });
      }),
    );
    const { done } = yield* wait([createTask(throwsNull()), createTask(sleep(5))], { returnWhen: "FIRST_EXCEPTION" });
    return [...outcomes, done.size, getRunningLoop().time()];
  });
  t.deepEqual([value, warnings], [[null, null, [null], 1, 4], []]);
});
