import test from "ava";
import { againstPython, logOf, say } from "../golden/recorded-logs.ts";
import {
  type Awaitable,
  Barrier,
  BoundedSemaphore,
  Condition,
  createTask,
  Event,
  gather,
  getRunningLoop,
  Lock,
  PriorityQueue,
  type Program,
  Queue,
  Semaphore,
  simulate,
  sleep,
  wait,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/sync/locks.py recorded those. */
const isPythons = againstPython(new URL("../golden/sync/locks.jsonl", import.meta.url));

/** Wait, and log the outcome. */
async function* report(name: string, awaitable: Awaitable<unknown>) {
  try {
    say(`${name} got ${yield* awaitable}`);
  } catch (error) {
    say(`${name} got ${error}`);
  }
}

/** Say the number of each of the coming passes. */
function passes(count: number, number = 1): void {
  if (number <= count) {
    getRunningLoop().callSoon(() => {
      say(`pass ${number}`);
      passes(count, number + 1);
    });
  }
}

test("Lock: waiters get it in the order of coming, a pass after it is released", (t) => {
  const lock = new Lock();
  async function* user(name: string) {
    yield* lock.with(async function* () {
      say(`${name} has it`);
      yield* sleep(1);
      passes(2);
    });
    say(`${name} released it`);
  }
  async function* main() {
    const tasks = ["a", "b", "c"].map((name) => createTask(user(name)));
    yield* sleep(0);
    say(lock.locked());
    for (const task of tasks) {
      yield* task;
    }
    say(lock.locked());
  }
  return isPythons(t, main, [
    "0 a has it",
    "0 true",
    "1 a released it",
    "1 pass 1",
    "1 b has it",
    "1 pass 2",
    "2 b released it",
    "2 pass 1",
    "2 c has it",
    "2 pass 2",
    "3 c released it",
    "3 pass 1",
    "3 false",
    "3 pass 2",
  ]);
});

test("Lock: a newcomer cannot overtake one that was woken, not even in the same pass", (t) => {
  const lock = new Lock();
  function* user(name: string) {
    yield* lock.with(function* () {
      say(`${name} has it`);
    });
  }
  async function* main() {
    yield* lock.acquire();
    const waiting = createTask(user("waiter"));
    yield* sleep(0);
    lock.release();
    say(lock.locked());
    yield user("newcomer");
    yield* waiting;
  }
  return isPythons(t, main, ["0 false", "0 waiter has it", "0 newcomer has it"]);
});

test("Lock: a cancelled waiter passes its turn on", (t) => {
  const lock = new Lock();
  async function* main() {
    yield* lock.acquire();
    const a = createTask(report("a", lock.acquire()));
    const b = createTask(report("b", lock.acquire()));
    const c = createTask(report("c", lock.acquire()));
    yield* sleep(1);
    a.cancel("waiting");
    lock.release();
    b.cancel("woken");
    yield* sleep(1);
    say(`${lock.locked()}, ${c.done()}`);
  }
  return isPythons(t, main, [
    "1 a got CancelledError: waiting",
    "1 b got CancelledError: woken",
    "1 c got true",
    "2 true, true",
  ]);
});

test("Lock: it has no owner; whoever likes may release it", (t) => {
  const lock = new Lock();
  function* main() {
    yield* lock.acquire();
    getRunningLoop().callLater(1, () => lock.release());
    yield report("second", lock.acquire());
  }
  return isPythons(t, main, ["1 second got true"]);
});

test("Semaphore: as many are inside at a time as there are permits, and the others follow in the order of coming", (t) => {
  const semaphore = new Semaphore(2);
  async function* user(name: string) {
    yield* semaphore.with(async function* () {
      say(`${name} is in`);
      yield* sleep("ac".includes(name) ? 1 : 1.5);
    });
    say(`${name} is out`);
  }
  async function* main() {
    yield* gather([..."abcde"].map(user));
  }
  return isPythons(t, main, [
    "0 a is in",
    "0 b is in",
    "1 a is out",
    "1 c is in",
    "1.5 b is out",
    "1.5 d is in",
    "2 c is out",
    "2 e is in",
    "3 d is out",
    "3.5 e is out",
  ]);
});

test("Semaphore: a released permit is at once that of the first waiter; a newcomer waits behind", (t) => {
  const semaphore = new Semaphore(1);
  async function* main() {
    yield* semaphore.acquire();
    const a = createTask(report("a", semaphore.acquire()));
    yield* sleep(0);
    semaphore.release();
    say(semaphore.locked());
    const b = createTask(report("b", semaphore.acquire()));
    yield* a;
    yield* sleep(1);
    say(b.done());
    semaphore.release();
    yield* b;
  }
  return isPythons(t, main, ["0 true", "0 a got true", "1 false", "1 b got true"]);
});

test("Semaphore: a woken waiter that is cancelled gives its permit to the next", (t) => {
  const semaphore = new Semaphore(0);
  async function* main() {
    const a = createTask(report("a", semaphore.acquire()));
    const b = createTask(report("b", semaphore.acquire()));
    const c = createTask(report("c", semaphore.acquire()));
    yield* sleep(1);
    semaphore.release();
    a.cancel("woken");
    yield* b;
    semaphore.release();
    semaphore.release();
    yield* c;
    say(semaphore.locked());
  }
  return isPythons(t, main, ["1 a got CancelledError: woken", "1 b got true", "1 c got true", "1 false"]);
});

test("BoundedSemaphore: released more often than acquired is an error", (t) => {
  async function* main() {
    const semaphore = new BoundedSemaphore(1);
    yield* semaphore.acquire();
    semaphore.release();
    try {
      semaphore.release();
    } catch (error) {
      say((error as Error).name);
    }
  }
  return isPythons(t, main, ["0 RangeError"]);
});

test("Event: set wakes all waiters, in order, even if it is cleared at once; a task that comes later waits again", (t) => {
  const event = new Event();
  async function* main() {
    const tasks = ["a", "b"].map((name) => createTask(report(name, event.wait())));
    yield* sleep(1);
    event.set();
    event.clear();
    passes(2);
    const late = createTask(report("late", event.wait()));
    for (const task of tasks) {
      yield* task;
    }
    yield* sleep(1);
    say(`${late.done()}, ${event.isSet()}`);
    event.set();
    yield* report("main", event.wait());
    yield* late;
  }
  return isPythons(t, main, [
    "1 a got true",
    "1 b got true",
    "1 pass 1",
    "1 pass 2",
    "2 false, false",
    "2 main got true",
    "2 late got true",
  ]);
});

test("Condition: notify wakes so many waiters, in order, and each goes on when it has the lock", (t) => {
  const condition = new Condition();
  async function* waiter(name: string) {
    yield* condition.with(async function* () {
      say(`${name} waits`);
      yield* condition.wait();
      say(`${name} goes on`);
      yield* sleep(1);
    });
    say(`${name} is out`);
  }
  async function* main() {
    const tasks = [..."abcd"].map((name) => createTask(waiter(name)));
    yield* sleep(1);
    yield* condition.with(function* () {
      condition.notify(2);
      say("notified");
      yield* sleep(1);
    });
    say("released");
    yield* sleep(5);
    yield* condition.with(function* () {
      condition.notifyAll();
    });
    for (const task of tasks) {
      yield* task;
    }
  }
  return isPythons(t, main, [
    "0 a waits",
    "0 b waits",
    "0 c waits",
    "0 d waits",
    "1 notified",
    "2 released",
    "2 a goes on",
    "3 a is out",
    "3 b goes on",
    "4 b is out",
    "7 c goes on",
    "8 c is out",
    "8 d goes on",
    "9 d is out",
  ]);
});

test("Condition: waitFor asks at once and after each notification", (t) => {
  const condition = new Condition();
  let count = 0;
  const enough = (): number | false => {
    say(`asked at ${count}`);
    return count >= 2 && count;
  };
  async function* waiter() {
    yield* condition.with(async function* () {
      say(yield* condition.waitFor(enough));
    });
  }
  async function* main() {
    const task = createTask(waiter());
    for (let i = 0; i < 2; i++) {
      yield* sleep(1);
      yield* condition.with(function* () {
        count++;
        condition.notify();
      });
    }
    yield* task;
  }
  return isPythons(t, main, ["0 asked at 0", "1 asked at 1", "2 asked at 2", "2 2"]);
});

test("Condition: one that is cancelled gets the lock back first, and passes its notification on", (t) => {
  const condition = new Condition();
  async function* waiter(name: string) {
    yield* condition.with(async function* () {
      try {
        yield* condition.wait();
        say(`${name} goes on`);
      } catch (error) {
        say(`${name} got ${error}, ${condition.locked()}`);
        throw error;
      }
    });
  }
  async function* main() {
    const a = createTask(waiter("a"));
    const b = createTask(waiter("b"));
    const c = createTask(waiter("c"));
    yield* sleep(1);
    yield* condition.with(async function* () {
      condition.notify();
      yield* sleep(0);
      a.cancel("notified");
      yield* sleep(1);
      say("main releases");
    });
    yield* wait([a, b], { timeout: 1 });
    say(`${a.cancelled()}, ${b.done()}, ${c.done()}`);
  }
  return isPythons(t, main, [
    "2 main releases",
    "2 a got CancelledError: notified, true",
    "2 b goes on",
    "2 true, true, false",
    "2 c got CancelledError, true",
  ]);
});

test("Barrier: the last to come does not wait, the others go on in the order of coming", (t) => {
  const barrier = new Barrier(3);
  async function* party(name: string, delay: number) {
    yield* sleep(delay);
    say(`${name} comes, ${barrier.nWaiting}`);
    say(`${name} goes on as ${yield* barrier.wait()}`);
  }
  async function* main() {
    yield* gather(party("a", 1), party("b", 2), party("c", 3));
    yield* gather(party("d", 1), party("e", 1), party("f", 1));
  }
  return isPythons(t, main, [
    "1 a comes, 0",
    "2 b comes, 1",
    "3 c comes, 2",
    "3 c goes on as 2",
    "3 a goes on as 0",
    "3 b goes on as 1",
    "4 d comes, 0",
    "4 e comes, 1",
    "4 f comes, 2",
    "4 f goes on as 2",
    "4 d goes on as 0",
    "4 e goes on as 1",
  ]);
});

test("Barrier: one that is cancelled leaves, and the others still wait for one more", (t) => {
  const barrier = new Barrier(2);
  async function* main() {
    const task = createTask(report("a", barrier.wait()));
    yield* sleep(1);
    task.cancel("left");
    yield* sleep(1);
    say(barrier.nWaiting);
    yield* gather(report("b", barrier.wait()), report("c", barrier.wait()));
  }
  return isPythons(t, main, ["1 a got CancelledError: left", "2 0", "2 c got 1", "2 b got 0"]);
});

test("Barrier: reset breaks the waits, abort all until the next reset", (t) => {
  const barrier = new Barrier(2);
  async function* party(name: string) {
    try {
      say(`${name} got ${yield* barrier.wait()}`);
    } catch (error) {
      say(`${name} got ${(error as Error).name}`);
    }
  }
  async function* main() {
    const a = createTask(party("a"));
    yield* sleep(1);
    yield* barrier.reset();
    yield* a;
    say(barrier.broken);
    const b = createTask(party("b"));
    yield* sleep(1);
    yield* barrier.abort();
    yield* b;
    yield* party("c");
    say(barrier.broken);
    yield* barrier.reset();
    yield* gather(party("d"), party("e"));
  }
  return isPythons(t, main, [
    "1 a got BrokenBarrierError",
    "1 false",
    "2 b got BrokenBarrierError",
    "2 c got BrokenBarrierError",
    "2 true",
    "2 e got 1",
    "2 d got 0",
  ]);
});

test("hold: a guard gives back what it holds when its block ends, and by an error as well, but only once", async (t) => {
  const lock = new Lock();
  const semaphore = new Semaphore(1);
  const condition = new Condition(lock);
  const log = await logOf(async function* () {
    {
      using _lock = yield* lock.hold();
      using _permit = yield* semaphore.hold();
      say(`${lock.locked()} ${semaphore.locked()} ${condition.locked()}`);
    }
    say(`${lock.locked()} ${semaphore.locked()}`);
    try {
      using _held = yield* condition.hold();
      throw new Error("inside");
    } catch (error) {
      say(`${error} ${lock.locked()}`);
    }
    const guard = yield* lock.hold();
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    say(lock.locked());
  });
  t.deepEqual(log, ["0 true true true", "0 false false", "0 Error: inside false", "0 false"]);
});

test("with: the lock is released whatever becomes of the body, whose result or error is the block's", async (t) => {
  const lock = new Lock();
  const log = await logOf(async function* () {
    say(
      yield* lock.with(function* () {
        return yield* sleep(1, "result");
      }),
    );
    try {
      yield* lock.with(async function* () {
        yield* sleep(1);
        throw new Error("inside");
      });
    } catch (error) {
      say(`${error} ${lock.locked()}`);
    }
    const task = createTask(lock.with(sleep(9)));
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    say(lock.locked());
  });
  t.deepEqual(log, ["1 result", "2 Error: inside false", "3 false"]);
});

test("Locks: their strings show their state and how many tasks wait", async (t) => {
  const lock = new Lock();
  const semaphore = new Semaphore(3);
  const event = new Event();
  const condition = new Condition();
  const barrier = new Barrier(2);
  const texts = (): string[] => [lock, semaphore, event, condition, barrier].map(String);
  const { value } = await simulate(async function* () {
    const before = texts();
    yield* lock.acquire();
    yield* semaphore.acquire();
    createTask(lock.acquire());
    createTask(event.wait());
    createTask(condition.with(() => condition.wait()));
    createTask(barrier.wait());
    yield* sleep(1);
    return [before, texts()];
  });
  t.deepEqual(value, [
    [
      "<Lock [unlocked]>",
      "<Semaphore [unlocked, value:3]>",
      "<Event [unset]>",
      "<Condition [unlocked]>",
      "<Barrier [filling, waiters:0/2]>",
    ],
    [
      "<Lock [locked, waiters:1]>",
      "<Semaphore [unlocked, value:2]>",
      "<Event [unset, waiters:1]>",
      "<Condition [unlocked, waiters:1]>",
      "<Barrier [filling, waiters:1/2]>",
    ],
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

test("Locks: a mistake is refused where it is made, with the state of the lock", async (t) => {
  const lock = new Lock();
  const condition = new Condition();
  const { value } = await simulate(async function* () {
    const refusals = [
      () => lock.release(),
      () => new Semaphore(-1),
      () => new Semaphore(1.5),
      () => new Barrier(0),
      () => new Barrier(wrong("2")),
      () => new Condition(wrong(new Event())),
      () => condition.notify(),
      () => condition.waitFor(wrong(true)),
      () => condition.waitFor(function* () {}),
      () => condition.notify(wrong("1")),
      () => condition.notify(Number.NaN),
      () => lock.with(wrong(undefined)),
      () => new BoundedSemaphore(2).release(),
    ].map(refusal);
    try {
      yield* condition.wait();
    } catch (error) {
      refusals.push(String(error));
    }
    return refusals;
  });
  t.deepEqual(value, [
    "RuntimeError: Lock is not acquired: <Lock [unlocked]> cannot be released",
    "RangeError: Semaphore: expected the initial value to be an integer >= 0, got -1",
    "RangeError: Semaphore: expected the initial value to be an integer >= 0, got 1.5",
    "RangeError: Barrier: expected parties to be an integer > 0, got 0",
    'RangeError: Barrier: expected parties to be an integer > 0, got "2"',
    "TypeError: Condition: expected a Lock, got <Event [unset]>",
    "RuntimeError: cannot notify on un-acquired lock: <Condition [unlocked]>",
    "TypeError: Condition.waitFor: expected a function to call, got true",
    "TypeError: Condition.waitFor: expected a plain function, got the GeneratorFunction (anonymous), which a mere call does not run; use createTask",
    'TypeError: Condition.notify: expected a number of tasks to wake, got "1"',
    "TypeError: Condition.notify: expected a number of tasks to wake, got NaN",
    "TypeError: Lock.with: expected a coroutine function, such as async function* () { … }, got undefined",
    "RangeError: BoundedSemaphore released too many times: <BoundedSemaphore [unlocked, value:2]>, bound 2",
    "RuntimeError: cannot wait on un-acquired lock: <Condition [unlocked]>",
  ]);
});

test("Locks: one that is waited for in one loop cannot be waited for in another", async (t) => {
  const lock = new Lock();
  const program: Program<unknown> = async function* () {
    if (!lock.locked()) {
      yield* lock.acquire();
    }
    const task = createTask(lock.acquire());
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    task.result();
  };
  const first = await simulate(program);
  const second = await simulate(program);
  t.deepEqual(
    [String(first.error), String(second.error)],
    ["CancelledError", "RuntimeError: <Lock [locked]> is bound to a different event loop; make one for each"],
  );
});

test("Locks, queues: a name stands in their string form; a misspelt option is refused", async (t) => {
  const named = { name: "db" };
  t.deepEqual(
    [
      new Lock(named),
      new Event(named),
      new Semaphore(1, named),
      new Condition(new Lock(), named),
      new Barrier(2, named),
      new Queue(0, named),
      new PriorityQueue(0, undefined, named),
    ].map(String),
    [
      "<Lock 'db' [unlocked]>",
      "<Event 'db' [unset]>",
      "<Semaphore 'db' [unlocked, value:1]>",
      "<Condition 'db' [unlocked]>",
      "<Barrier 'db' [filling, waiters:0/2]>",
      "<Queue 'db' maxsize=0 size=0>",
      "<PriorityQueue 'db' maxsize=0 size=0>",
    ],
  );
  t.deepEqual([() => new Lock(wrong({ nam: "db" })), () => new Event(wrong({ name: 5 }))].map(refusal), [
    "TypeError: Lock: unknown option 'nam'; did you mean 'name'?",
    "TypeError: Event: expected a string as name, got 5",
  ]);
});

test("Locks: with, hold and Condition use what a subclass has made of acquire and release, as in Python", async (t) => {
  class Counted extends Lock {
    override acquire() {
      say("acquire");
      return super.acquire();
    }
    override release(): void {
      say("release");
      super.release();
    }
  }
  const log = await logOf(async function* () {
    const lock = new Counted();
    yield* lock.with(sleep(1));
    (yield* lock.hold())[Symbol.dispose]();
    const condition = new Condition(lock);
    const task = createTask(condition.with(() => condition.wait()));
    yield* sleep(1);
    yield* condition.with(function* () {
      condition.notify();
    });
    yield* task;
  });
  t.deepEqual(log, [
    ...["0 acquire", "1 release", "1 acquire", "1 release", "1 acquire", "1 release", "2 acquire", "2 release"],
    ...["2 acquire", "2 release"],
  ]);
});
