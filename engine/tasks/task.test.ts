import test from "ava";
import { againstPython, logOf, say } from "../golden/recorded-logs.ts";
import {
  type Awaitable,
  CancelledError,
  createTask,
  currentTask,
  type Future,
  getRunningLoop,
  print,
  type RuntimeError,
  simulate,
  sleep,
  type Task,
  wait,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/tasks/tasks.py recorded those. */
const isPythons = againstPython(new URL("../golden/tasks/tasks.jsonl", import.meta.url));

class Boom extends Error {
  override name = "Boom";
}

/** Wait, and log the outcome. */
async function* report(name: string, awaitable: Awaitable<unknown>) {
  try {
    say(`${name} got ${yield* awaitable}`);
  } catch (error) {
    say(`${name} got ${error}`);
    throw error;
  }
}

const later = (text: string) => () => say(text);
const self = (): Task<unknown> => currentTask()!;

test("Task: first steps come a pass after the creation, in its order, while the creator goes on", (t) => {
  async function* child(name: string) {
    say(`${name} begins`);
    yield* sleep(0);
    say(`${name} ends`);
  }
  async function* main() {
    say("main");
    const a = createTask(child("a"));
    createTask(child("b"));
    getRunningLoop().callSoon(later("callback"));
    say("main goes on");
    yield* a;
    say("main ends");
  }
  return isPythons(t, main, [
    "0 main",
    "0 main goes on",
    "0 a begins",
    "0 b begins",
    "0 callback",
    "0 a ends",
    "0 b ends",
    "0 main ends",
  ]);
});

test("Task: awaiting one that is done does not suspend", (t) => {
  function* child() {
    return "result";
  }
  async function* main() {
    const task = createTask(child());
    yield* sleep(1);
    getRunningLoop().callSoon(later("callback"));
    say(yield* task);
    say(yield* task);
    yield* sleep(0);
    say("main ends");
  }
  return isPythons(t, main, ["1 result", "1 result", "1 callback", "1 main ends"]);
});

test("Task: its waiters resume in the order of awaiting, callbacks among them, in the pass after its end", (t) => {
  function* child() {
    yield* sleep(1);
    getRunningLoop().callSoon(later("callback of the same pass"));
    return "result";
  }
  async function* main() {
    const task = createTask(child());
    const a = createTask(report("a", task));
    yield* sleep(0);
    task.addDoneCallback((done) => say(`callback got ${done.result()}`));
    const b = createTask(report("b", task));
    yield* sleep(0);
    task.addDoneCallback(later("another callback"));
    yield* a;
    yield* b;
  }
  return isPythons(t, main, [
    "1 callback of the same pass",
    "1 a got result",
    "1 callback got result",
    "1 b got result",
    "1 another callback",
  ]);
});

test("Task: an error goes to each waiter, each time anew", (t) => {
  async function* child() {
    yield* sleep(1);
    throw new Boom("no");
  }
  function* main() {
    const task = createTask(child());
    for (const name of ["first", "second"]) {
      try {
        yield* task;
      } catch (error) {
        say(`${name} ${error}`);
      }
    }
    say(`${task.exception()}, ${task.done()}, ${task.cancelled()}`);
  }
  return isPythons(t, main, ["1 first Boom: no", "1 second Boom: no", "1 Boom: no, true, false"]);
});

test("Task: cancel throws a CancelledError with its message where the coroutine waits", (t) => {
  async function* child() {
    try {
      yield* sleep(10);
    } catch (error) {
      say(`child got ${error}`);
      throw error;
    } finally {
      yield* sleep(1);
      say("child cleaned up");
    }
  }
  async function* main() {
    const task = createTask(child());
    yield* sleep(1);
    say(`${task.cancel("enough")}, ${task.cancelling()}, ${task.done()}`);
    yield* report("main", task);
  }
  return isPythons(t, main, [
    "1 true, 1, false",
    "1 child got CancelledError: enough",
    "2 child cleaned up",
    "2 main got CancelledError: enough",
    "main failed: CancelledError: enough",
  ]);
});

test("Task: one that is cancelled before its first step never runs a line", (t) => {
  async function* child() {
    say("child begins");
  }
  async function* main() {
    const task = createTask(child());
    task.cancel("early");
    yield* report("main", task);
  }
  return isPythons(t, main, ["0 main got CancelledError: early", "main failed: CancelledError: early"]);
});

test("Task: a coroutine may catch the cancellation and go on, and the task ends well", (t) => {
  function* child() {
    for (let i = 0; i < 2; i++) {
      try {
        yield* sleep(10);
      } catch (error) {
        say(`child got ${error}`);
      }
    }
    return "done";
  }
  async function* main() {
    const task = createTask(child());
    yield* sleep(1);
    task.cancel("one");
    yield* sleep(1);
    task.cancel("two");
    yield* report("main", task);
    say(`${task.cancelled()}, ${task.cancelling()}`);
  }
  return isPythons(t, main, [
    "1 child got CancelledError: one",
    "2 child got CancelledError: two",
    "2 main got done",
    "2 false, 2",
  ]);
});

test("Task: two cancels in one pass give one error, with the first message, and count as two", (t) => {
  async function* child() {
    try {
      yield* sleep(10);
    } catch (error) {
      say(`child got ${error}`);
    }
    yield* sleep(1);
    say("child ends");
  }
  async function* main() {
    const task = createTask(child());
    yield* sleep(1);
    say(`${task.cancel("one")}, ${task.cancel("two")}`);
    yield* task;
    say(task.cancelling());
  }
  return isPythons(t, main, ["1 true, true", "1 child got CancelledError: one", "2 child ends", "2 2"]);
});

test("Task: cancelled when its wake-up is on the way, it hears of that, and the result is lost", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<string>();
    const task = createTask(report("child", future));
    yield* sleep(1);
    future.setResult("result");
    say(task.cancel("late"));
    yield* report("main", task);
  }
  return isPythons(t, main, [
    "1 true",
    "1 child got CancelledError: late",
    "1 main got CancelledError: late",
    "main failed: CancelledError: late",
  ]);
});

test("Task: one that cancels itself hears of it at its next wait, a pass later", (t) => {
  async function* child() {
    self().cancel("me");
    say("child goes on");
    getRunningLoop().callSoon(later("callback"));
    try {
      yield* getRunningLoop().createFuture();
    } catch (error) {
      say(`child got ${error}`);
      throw error;
    }
  }
  async function* main() {
    yield* report("main", createTask(child()));
  }
  return isPythons(t, main, [
    "0 child goes on",
    "0 callback",
    "0 child got CancelledError: me",
    "0 main got CancelledError: me",
    "main failed: CancelledError: me",
  ]);
});

test("Task: one that cancels itself and returns is cancelled, one that then fails has failed", (t) => {
  async function* returning() {
    self().cancel("me");
    return "result";
  }
  function* failing(): Generator<never, string> {
    self().cancel("me");
    throw new Boom("no");
  }
  async function* main() {
    for (const coroutine of [returning(), failing()]) {
      const task = createTask(coroutine);
      yield* wait([task]);
      try {
        task.result();
      } catch (error) {
        say(`${error}, ${task.cancelled()}`);
      }
    }
  }
  return isPythons(t, main, ["0 CancelledError: me, true", "0 Boom: no, false"]);
});

test("Task: a CancelledError of the coroutine's own makes it cancelled, and goes to the first waiter", (t) => {
  async function* child() {
    throw new CancelledError("own");
  }
  async function* main() {
    const task = createTask(child());
    for (const name of ["first", "second"]) {
      try {
        yield* task;
      } catch (error) {
        say(`${name} ${error}, ${task.cancelled()}`);
      }
    }
  }
  return isPythons(t, main, ["0 first CancelledError: own, true", "0 second CancelledError, true"]);
});

test("Task: of the waiters of a cancelled one, the first sees the message; of a cancelled future, all do", (t) => {
  async function* main() {
    const awaited: (() => Future<unknown>)[] = [() => createTask(sleep(10)), () => getRunningLoop().createFuture()];
    for (const make of awaited) {
      const future = make();
      const waiters = ["a", "b"].map((name) => createTask(report(name, future)));
      yield* sleep(1);
      future.cancel("message");
      yield* wait(waiters);
    }
  }
  return isPythons(t, main, [
    "1 a got CancelledError: message",
    "1 b got CancelledError",
    "2 a got CancelledError: message",
    "2 b got CancelledError: message",
  ]);
});

test("Task: a cancellation goes down to what is waited for at once, and comes up a pass a level", (t) => {
  async function* link(name: string, awaitable: Awaitable<unknown>) {
    try {
      yield* awaitable;
    } catch (error) {
      say(`${name} got ${error}`);
      getRunningLoop().callSoon(later(`callback of ${name}`));
      throw error;
    }
  }
  async function* main() {
    const inner = createTask(link("inner", sleep(10)));
    const middle = createTask(link("middle", inner));
    const outer = createTask(link("outer", middle));
    yield* sleep(1);
    outer.cancel("down");
    yield* link("main", outer);
  }
  return isPythons(t, main, [
    "1 inner got CancelledError: down",
    "1 callback of inner",
    "1 middle got CancelledError: down",
    "1 callback of middle",
    "1 outer got CancelledError: down",
    "1 callback of outer",
    "1 main got CancelledError: down",
    "1 callback of main",
    "main failed: CancelledError: down",
  ]);
});

test("Task: uncancel takes one request back, and the last with it an error that is not thrown yet", (t) => {
  async function* child() {
    const task = self();
    task.cancel();
    task.cancel();
    say(`${task.cancelling()}, ${task.uncancel()}, ${task.uncancel()}, ${task.uncancel()}`);
    yield* sleep(1);
    say("child was not cancelled");
    task.cancel();
    task.cancel();
    task.uncancel();
    yield* sleep(1);
  }
  async function* main() {
    yield* report("main", createTask(child()));
  }
  return isPythons(t, main, [
    "0 2, 1, 0, 0",
    "1 child was not cancelled",
    "1 main got CancelledError",
    "main failed: CancelledError",
  ]);
});

test("Task: one that is done cannot be cancelled", (t) => {
  async function* main() {
    const task = createTask(sleep(1, "result"));
    yield* task;
    say(`${task.cancel()}, ${task.cancelling()}, ${task.cancelled()}, ${task.result()}`);
  }
  return isPythons(t, main, ["1 false, 0, false, result"]);
});

test("Task: one that awaits itself gets an error a pass later", (t) => {
  async function* child() {
    getRunningLoop().callSoon(later("callback"));
    try {
      yield* self();
    } catch (error) {
      say((error as RuntimeError).message.slice(0, 28));
    }
  }
  async function* main() {
    yield* createTask(child());
  }
  return isPythons(t, main, ["0 callback", "0 Task cannot await on itself:"]);
});

test("Task: a cancelled sleep holds the clock up no more", (t) => {
  async function* main() {
    const task = createTask(sleep(100));
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    say("main ends");
  }
  return isPythons(t, main, ["1 main ends"]);
});

test("Task: one that is left when main ends is cancelled in order of creation, and may clean up", (t) => {
  async function* child(name: string) {
    try {
      yield* sleep(10);
    } finally {
      say(`${name} cleans up`);
      yield* sleep(1);
      say(`${name} ends`);
    }
  }
  async function* main() {
    createTask(child("a"));
    createTask(child("b"));
    yield* sleep(1);
    say("main ends");
  }
  return isPythons(t, main, ["1 main ends", "1 a cleans up", "1 b cleans up", "2 a ends", "2 b ends"]);
});

test("Future: its callbacks run in order of registration, in the next pass, each by itself", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<string>();
    const second = later("second");
    future.addDoneCallback(() => {
      say(`first, ${future.removeDoneCallback(second)}`);
      getRunningLoop().callSoon(later("pass after"));
    });
    future.addDoneCallback(second);
    future.setResult("result");
    say("set");
    getRunningLoop().callSoon(later("callback"));
    yield* sleep(0);
    say("main");
    yield* sleep(0);
  }
  return isPythons(t, main, ["0 set", "0 first, 0", "0 second", "0 callback", "0 main", "0 pass after"]);
});

test("Future: a callback added when it is done comes in the next pass", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<string>();
    future.setResult("result");
    future.addDoneCallback((done) => say(`late, ${done.result()}`));
    say("added");
    yield* sleep(0);
  }
  return isPythons(t, main, ["0 added", "0 late, result"]);
});

test("Future: removeDoneCallback removes a callback as often as it was added, and returns how often", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<null>();
    const callback = later("withdrawn");
    future.addDoneCallback(callback);
    future.addDoneCallback(later("kept"));
    future.addDoneCallback(callback);
    say(`${future.removeDoneCallback(callback)}, ${future.removeDoneCallback(callback)}`);
    future.setResult(null);
    yield* sleep(0);
  }
  return isPythons(t, main, ["0 2, 0", "0 kept"]);
});

test("Future: a failed callback is reported, and the others run", (t) => {
  async function* main() {
    const loop = getRunningLoop();
    const future = loop.createFuture<null>();
    loop.setExceptionHandler((_, { exception }) => say(`reported ${exception}`));
    future.addDoneCallback(() => {
      throw new Boom("no");
    });
    future.addDoneCallback(later("next"));
    future.setResult(null);
    yield* sleep(0);
  }
  return isPythons(t, main, ["0 reported Boom: no", "0 next"]);
});

test("Future: an error that was set is thrown into all waiters", (t) => {
  async function* main() {
    const future = getRunningLoop().createFuture<never>();
    const waiters = ["a", "b"].map((name) => createTask(report(name, future)));
    yield* sleep(1);
    future.setException(new Boom("no"));
    yield* wait(waiters);
    for (const waiter of waiters) {
      waiter.exception();
    }
  }
  return isPythons(t, main, ["1 a got Boom: no", "1 b got Boom: no"]);
});

test("sleep: zero or less gives up one turn, behind all that is ready", (t) => {
  async function* child(name: string, delay: number) {
    for (let i = 0; i < 3; i++) {
      say(`${name} ${i}`);
      yield* sleep(delay);
    }
  }
  async function* main() {
    const a = createTask(child("a", 0));
    const b = createTask(child("b", -1));
    getRunningLoop().callSoon(later("callback"));
    yield* a;
    yield* b;
  }
  return isPythons(t, main, ["0 a 0", "0 b 0", "0 callback", "0 a 1", "0 b 1", "0 a 2", "0 b 2"]);
});

test("sleep: it resumes a pass after its timer is due", (t) => {
  async function* child() {
    yield* sleep(1);
    say("child");
  }
  async function* main() {
    const task = createTask(child());
    yield* sleep(0);
    getRunningLoop().callLater(1, () => {
      say("timer");
      getRunningLoop().callSoon(later("pass after"));
    });
    yield* task;
  }
  return isPythons(t, main, ["1 timer", "1 child", "1 pass after"]);
});

test("sleep: it returns the result that it was given, also when it gives up only a turn", (t) => {
  async function* main() {
    say(yield* sleep(1, "one"));
    say(yield* sleep(0, "zero"));
    say(yield* createTask(sleep(2, "task")));
  }
  return isPythons(t, main, ["1 one", "1 zero", "3 task"]);
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

test("sleep: a time that is NaN, negative infinity or no number is refused at the call", (t) => {
  t.deepEqual(
    [
      refusal(() => sleep(Number.NaN)),
      refusal(() => sleep(Number.NEGATIVE_INFINITY)),
      refusal(() => sleep(wrong("1"))),
      refusal(() => sleep(wrong(undefined))),
    ],
    [
      "RangeError: sleep: expected a finite or positively infinite delay in seconds, got NaN",
      "RangeError: sleep: expected a finite or positively infinite delay in seconds, got -Infinity",
      'TypeError: sleep: expected a number of seconds as delay, got "1"',
      "TypeError: sleep: expected a number of seconds as delay, got undefined",
    ],
  );
});

test("sleep: an infinite one never ends, but can be cancelled", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(report("sleeper", sleep(Number.POSITIVE_INFINITY)));
    yield* sleep(1);
    task.cancel("enough");
    yield* wait([task]);
    task.cancelled();
  });
  t.deepEqual(log, ["1 sleeper got CancelledError: enough"]);
});

test.serial("createTask, currentTask: outside of a loop they are refused, and say where to call them", (t) => {
  const message =
    "RuntimeError: no running event loop: call this from a coroutine or callback, inside run() or simulate()";
  t.deepEqual([() => createTask(sleep(1)), currentTask, getRunningLoop, () => print("text")].map(refusal), [
    message,
    message,
    message,
    message,
  ]);
});

test("Task: it may catch every cancellation for ever, and a run that is to end says that it could not", async (t) => {
  const { error, warnings } = await simulate(
    async function* () {
      createTask(
        (async function* () {
          for (;;) {
            try {
              yield* sleep(1);
            } catch {}
          }
        })(),
        { name: "stubborn" },
      );
      yield* sleep(1);
    },
    { maxSteps: 100, trace: "off" },
  );
  t.is(error, undefined);
  t.deepEqual(
    warnings.map((warning) => warning.split("\n").slice(0, 2).join(" | ")),
    [
      "the tasks that were left could not be cancelled | LimitError: the run would take more than maxSteps = 100 steps (virtual time 48 s)",
    ],
  );
});
