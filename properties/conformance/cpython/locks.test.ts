import test from "ava";
import {
  BoundedSemaphore,
  type CancelledError,
  Condition,
  createTask,
  Event,
  gather,
  getRunningLoop,
  Lock,
  RuntimeError,
  Semaphore,
  sleep,
  type Task,
  taskGroup,
  timeout,
  waitFor,
} from "simloop";
import { Boom, logOf, outcome, outcomeOf, type Plain, resultOf, say, turns } from "./programs.ts";

/*
 * What CPython's test_locks.py asserts of Lock, Event, Condition and Semaphore, in programs of our own;
 * barriers.test.ts has Barrier. docs/conformance.md says which of its methods each test stands for.
 */

type Lockable = Lock | Semaphore | Condition;

/** Acquire, log it, and hold on. */
function* take(lock: Lockable, name: string): Plain<string> {
  yield* lock.acquire();
  say(`${name} has it`);
  return name;
}

const spawn = (names: string, make: (name: string) => Plain<unknown>): Task<unknown>[] =>
  [...names].map((name) => createTask(make(name), { name }));

for (const [title, make] of [
  ["Lock", () => new Lock()],
  ["Condition", () => new Condition()],
  ["Semaphore", () => new Semaphore()],
  ["BoundedSemaphore", () => new BoundedSemaphore()],
] as const) {
  test(`${title}: it is held inside of a with block, and inside of a scope with using, and nowhere else`, async (t) => {
    const log = await logOf(async function* () {
      const lock = make();
      say(lock.locked());
      say(yield* lock.with(() => sleep(1, lock.locked())));
      say(lock.locked());
      {
        using _guard = yield* lock.hold();
        say(lock.locked());
      }
      say(lock.locked());
      say(
        yield* outcomeOf(
          lock.with(function* (): Plain<void> {
            throw new Boom();
          }),
        ),
      );
      say([yield* lock.acquire(), lock.locked()]);
      lock.release();
      say(lock.locked());
    });
    t.deepEqual(log, ["0 false", "1 true", "1 false", "1 true", "1 false", "1 Boom", "1 true,true", "1 false"]);
  });

  test(`${title}: waiters get it in the order in which they came, newcomers behind them`, async (t) => {
    const log = await logOf(async function* () {
      const lock = make();
      yield* lock.acquire();
      const tasks = spawn("ab", (name) => take(lock, name));
      yield* sleep(0);
      lock.release();
      yield* turns(2);
      tasks.push(...spawn("c", (name) => take(lock, name)));
      lock.release();
      yield* sleep(1);
      lock.release();
      say(yield* gather(tasks));
    });
    t.deepEqual(log, ["0 a has it", "0 b has it", "1 c has it", "1 a,b,c"]);
  });

  test(`${title}: a waiter that is cancelled leaves the queue`, async (t) => {
    const log = await logOf(async function* () {
      const lock = make();
      yield* lock.acquire();
      const task = createTask(take(lock, "a"));
      getRunningLoop().callSoon(() => task.cancel());
      say(yield* outcomeOf(task));
      say(String(lock).includes("waiters"));
      lock.release();
      say(lock.locked());
    });
    t.deepEqual(log, ["0 CancelledError", "0 false", "0 false"]);
  });

  test(`${title}: a waiter that is cancelled in the pass of a release passes it on`, async (t) => {
    for (const order of ["release, cancel", "cancel, release"]) {
      const log = await logOf(async function* () {
        const lock = make();
        yield* lock.acquire();
        const [first, second] = spawn("ab", (name) => take(lock, name)) as [Task<unknown>, Task<unknown>];
        yield* sleep(0);
        const actions = [() => lock.release(), () => first.cancel()];
        for (const action of order.startsWith("release") ? actions : actions.reverse()) {
          action();
        }
        say(yield* outcomeOf(first));
        say(yield* outcomeOf(second));
        say(lock.locked());
      });
      t.deepEqual(log, ["0 b has it", "0 CancelledError", "0 b", "0 true"], order);
    }
  });
}

test("Lock: its string shows its state and how many tasks wait", async (t) => {
  const log = await logOf(async function* () {
    const [lock, event, condition, semaphore] = [new Lock(), new Event(), new Condition(), new Semaphore(2)];
    say([lock, event, condition, semaphore].map(String));
    event.set();
    yield* lock.acquire();
    yield* condition.acquire();
    yield* semaphore.acquire();
    say([lock, event, condition, semaphore].map(String));
    event.clear();
    yield* semaphore.acquire();
    spawn("ab", (name) => take(lock, name));
    spawn("c", function* () {
      yield* event.wait();
    });
    spawn("d", (name) => take(semaphore, name));
    yield* turns(1);
    say([lock, event, semaphore].map(String));
  });
  t.deepEqual(log, [
    "0 <Lock [unlocked]>,<Event [unset]>,<Condition [unlocked]>,<Semaphore [unlocked, value:2]>",
    "0 <Lock [locked]>,<Event [set]>,<Condition [locked]>,<Semaphore [unlocked, value:1]>",
    "0 <Lock [locked, waiters:2]>,<Event [unset, waiters:1]>,<Semaphore [locked, waiters:1]>",
  ]);
});

test("Lock: one whose first waiter is cancelled and whose holder releases in one pass goes to the second", async (t) => {
  const log = await logOf(async function* () {
    const lock = new Lock();
    const holding = getRunningLoop().createFuture<void>();
    const hold = (name: string) =>
      lock.with(function* () {
        say(`${name} has it`);
        if (name === "a") {
          yield* holding;
        }
      });
    const [a, b, c] = ["a", "b", "c"].map((name) => createTask(hold(name))) as [Task<void>, Task<void>, Task<void>];
    yield* sleep(0);
    holding.setResult();
    b.cancel();
    say(yield* outcomeOf(c));
    say([a.done(), b.cancelled(), lock.locked()]);
  });
  t.deepEqual(log, ["0 a has it", "0 c has it", "0 undefined", "0 true,true,false"]);
});

test("Lock: a cancelled first waiter and a release let one task in, not two", async (t) => {
  const log = await logOf(async function* () {
    const lock = new Lock();
    yield* lock.acquire();
    const [first, second, third] = spawn("abc", (name) => take(lock, name)) as [
      Task<unknown>,
      Task<unknown>,
      Task<unknown>,
    ];
    yield* sleep(0);
    getRunningLoop().callSoon(() => {
      first.cancel();
      lock.release();
    });
    say(yield* outcomeOf(first));
    yield* turns(3);
    say([second.done(), third.done()]);
    third.cancel();
    say(yield* outcomeOf(third));
  });
  t.deepEqual(log, ["0 b has it", "0 CancelledError", "0 true,false", "0 CancelledError"]);
});

test("Lock, Condition, BoundedSemaphore: what is not held cannot be released", (t) => {
  t.throws(() => new Lock().release(), { instanceOf: RuntimeError });
  t.throws(() => new Condition().release(), { instanceOf: RuntimeError });
  t.throws(() => new BoundedSemaphore().release(), { instanceOf: RangeError });
  t.notThrows(() => new Semaphore().release());
});

test("Event: set wakes all waiters, in order; newcomers in the same pass are through before them", async (t) => {
  const log = await logOf(async function* () {
    const event = new Event();
    const waiting = function* (name: string): Plain<void> {
      say([name, yield* event.wait()]);
    };
    const tasks = spawn("ab", waiting);
    yield* sleep(0);
    tasks.push(...spawn("c", waiting));
    event.set();
    yield* gather(tasks);
    say(yield* event.wait());
  });
  t.deepEqual(log, ["0 c,true", "0 a,true", "0 b,true", "0 true"]);
});

test("Event: a clear right after a set holds no waiter back, and clearing resets the flag", async (t) => {
  const log = await logOf(async function* () {
    const event = new Event();
    const task = createTask(event.wait());
    yield* sleep(0);
    event.set();
    event.clear();
    say(event.isSet());
    event.set();
    event.set();
    say([event.isSet(), yield* task]);
  });
  t.deepEqual(log, ["0 false", "0 true,true"]);
});

test("Event: a waiter that is cancelled waits no more", async (t) => {
  const log = await logOf(async function* () {
    const event = new Event();
    const task = createTask(event.wait());
    getRunningLoop().callSoon(() => task.cancel());
    say(yield* outcomeOf(task));
    say(event);
  });
  t.deepEqual(log, ["0 CancelledError", "0 <Event [unset]>"]);
});

/** Acquire, wait, log it, and hold on. */
function* waitOn(condition: Condition, name: string): Plain<string> {
  yield* condition.acquire();
  yield* condition.wait();
  say(`${name} woken, locked: ${condition.locked()}`);
  return name;
}

test("Condition: a notified task goes on when it has the lock, one after the other", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    const tasks = spawn("abc", (name) => waitOn(condition, name));
    yield* sleep(0);
    say(condition.locked());
    yield* condition.acquire();
    condition.notify();
    yield* turns(2);
    say("notified one");
    condition.release();
    yield* turns(2);
    condition.notify(2);
    yield* turns(2);
    say("notified two");
    condition.release();
    yield* turns(2);
    say("released");
    condition.release();
    say(yield* gather(tasks));
  });
  t.deepEqual(log, [
    "0 false",
    "0 notified one",
    "0 a woken, locked: true",
    "0 notified two",
    "0 b woken, locked: true",
    "0 released",
    "0 c woken, locked: true",
    "0 a,b,c",
  ]);
});

test("Condition: notify wakes as many as there are, however many are asked for", async (t) => {
  for (const notify of [
    (condition: Condition) => {
      condition.notify(1);
      condition.notify(2048);
    },
    (condition: Condition) => condition.notifyAll(),
  ]) {
    const log = await logOf(async function* () {
      const condition = new Condition();
      const tasks = spawn(
        "abc",
        (name) =>
          condition
            .with(function* () {
              yield* condition.wait();
              say(name);
            })
            [Symbol.iterator]() as Plain<unknown>,
      );
      yield* sleep(0);
      yield* condition.with(function* () {
        notify(condition);
      });
      yield* gather(tasks);
    });
    t.deepEqual(log, ["0 a", "0 b", "0 c"]);
  }
});

test("Condition: wait and notify need its lock", async (t) => {
  const refused = await resultOf(async function* () {
    const condition = new Condition();
    return [
      (yield* outcomeOf(condition.wait())).split(":")[0],
      (yield* outcomeOf(condition.waitFor(() => false))).split(":")[0],
      outcome(() => condition.notify()),
      outcome(() => condition.notifyAll()),
    ];
  });
  t.deepEqual(refused, ["RuntimeError", "RuntimeError", "RuntimeError", "RuntimeError"]);
});

test("Condition: waitFor returns what the predicate returns; true at once, it needs no lock", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    say(yield* condition.waitFor(() => [1, 2, 3]));
    let ready = "";
    const task = createTask(condition.with(() => condition.waitFor(() => ready)));
    for (const value of ["", "yes"]) {
      yield* sleep(1);
      ready = value;
      yield* condition.with(function* () {
        condition.notify();
      });
      yield* turns(3);
      say(task.done());
    }
    say(yield* task);
  });
  t.deepEqual(log, ["0 1,2,3", "1 false", "2 true", "2 yes"]);
});

test("Condition: a waiter that is cancelled has the lock back first", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    yield* condition.acquire();
    const task = createTask(condition.wait());
    getRunningLoop().callSoon(() => task.cancel());
    say(yield* outcomeOf(task));
    say(condition);
  });
  t.deepEqual(log, ["0 CancelledError", "0 <Condition [locked]>"]);
});

test("Condition: cancelled after the notification, while others hold the lock, it ends when it has the lock", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    const task = createTask(condition.with(() => condition.wait()));
    yield* sleep(0);
    yield* condition.acquire();
    condition.notify();
    yield* sleep(0);
    task.cancel();
    yield* turns(2);
    say(task.done());
    condition.release();
    yield* turns(2);
    say([task.cancelled(), condition.locked()]);
  });
  t.deepEqual(log, ["0 false", "0 true,false"]);
});

test("Condition: notified and cancelled in one pass, with the lock contested, the waiter holds the lock in the end", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    yield* condition.acquire();
    const task = createTask(condition.wait());
    yield* sleep(0);
    yield* condition.acquire();
    condition.notify();
    getRunningLoop().callSoon(() => task.cancel());
    getRunningLoop().callSoon(() => condition.release());
    say(yield* outcomeOf(task));
    say(condition.locked());
  });
  t.deepEqual(log, ["0 CancelledError", "0 true"]);
});

test("Condition: the CancelledError comes out as it came in, whether it came while waiting or for the lock", async (t) => {
  for (const when of ["waiting", "for the lock"]) {
    const log = await logOf(async function* () {
      const condition = new Condition();
      let raised: unknown;
      let ready = false;
      const task = createTask(
        condition.with(function* () {
          try {
            yield* condition.waitFor(() => ready);
          } catch (error) {
            raised = error;
            throw error;
          }
        }),
      );
      yield* sleep(0);
      if (when === "for the lock") {
        yield* condition.acquire();
        ready = true;
        condition.notify();
        yield* sleep(0);
      }
      task.cancel("foo");
      if (when === "for the lock") {
        condition.release();
      }
      try {
        yield* task;
      } catch (error) {
        say([(error as CancelledError).reason, error === raised]);
      }
    });
    t.deepEqual(log, ["0 foo,true"], when);
  }
});

for (const relock of [false, true]) {
  test(`Condition: a notification is not lost when its waiter is cancelled ${relock ? "on its way to the lock" : "before it runs"}`, async (t) => {
    const log = await logOf(async function* () {
      const condition = new Condition();
      let items = 0;
      const consumer = (name: string) =>
        condition.with(function* () {
          yield* condition.waitFor(() => items !== 0);
          items--;
          say(`${name} consumes`);
        });
      const [first, second] = ["a", "b"].map((name) => createTask(consumer(name))) as [Task<void>, Task<void>];
      yield* sleep(0);
      yield* condition.with(function* () {
        items++;
        condition.notify(1);
        if (relock) {
          yield* sleep(0);
        }
        first.cancel();
      });
      say(yield* outcomeOf(first));
      yield* second;
      say(items);
    });
    t.deepEqual(log, ["0 b consumes", "0 CancelledError", "0 0"]);
  });
}

test("Condition: a wait that times out has the lock back", async (t) => {
  const log = await logOf(async function* () {
    const condition = new Condition();
    yield* condition.with(function* () {
      say((yield* outcomeOf(waitFor(condition.wait(), 1))).split(":")[0]);
      say((yield* outcomeOf(timeout(1, () => condition.wait()))).split(":")[0]);
      say(condition.locked());
    });
    say(condition.locked());
  });
  t.deepEqual(log, ["1 TimeoutError", "2 TimeoutError", "2 true", "2 false"]);
});

test("Condition: a lock that it is given is its lock", async (t) => {
  const log = await logOf(async function* () {
    const lock = new Lock();
    const condition = new Condition(lock);
    say(yield* condition.with(() => sleep(0, [lock.locked(), condition.locked()])));
    say(yield* lock.with(() => sleep(0, [lock.locked(), condition.locked()])));
    say([lock.locked(), condition.locked()]);
  });
  t.deepEqual(log, ["0 true,true", "0 true,true", "0 false,false"]);
  t.throws(() => new Condition(5 as never), { instanceOf: TypeError });
});

test("Lock, Event: one that tasks of one loop wait for is refused to another loop", async (t) => {
  const [lock, event] = [new Lock(), new Event()];
  await resultOf(async function* () {
    yield* lock.acquire();
    const tasks = [createTask(lock.acquire()), createTask(event.wait())];
    yield* turns(2);
    for (const task of tasks) {
      task.cancel();
    }
  });
  const refused = await resultOf(async function* () {
    return [yield* outcomeOf(lock.acquire()), yield* outcomeOf(event.wait())];
  });
  for (const text of refused) {
    t.regex(text, /^RuntimeError: .* is bound to a different event loop/);
  }
});

test("Semaphore: it starts with its value, which is a whole number that is not negative", (t) => {
  t.true(new Semaphore(0).locked());
  t.false(new Semaphore().locked());
  for (const value of [-1, 1.5, Number.NaN, "1" as unknown as number]) {
    t.throws(() => new Semaphore(value), { instanceOf: RangeError });
  }
});

test("Semaphore: permits that are released are the first waiters', not the newcomers'", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(3);
    yield* semaphore.acquire();
    yield* semaphore.acquire();
    say(semaphore.locked());
    const tasks = spawn("abc", (name) => take(semaphore, name));
    yield* sleep(0);
    say(semaphore);
    tasks.push(...spawn("d", (name) => take(semaphore, name)));
    semaphore.release();
    semaphore.release();
    yield* turns(2);
    say(semaphore);
    semaphore.release();
    say(yield* gather(tasks));
  });
  t.deepEqual(log, [
    "0 false",
    "0 a has it",
    "0 <Semaphore [locked, waiters:2]>",
    "0 b has it",
    "0 c has it",
    "0 <Semaphore [locked, waiters:1]>",
    "0 d has it",
    "0 a,b,c,d",
  ]);
});

test("Semaphore: cancelled waiters are passed over, and one woken that is cancelled gives its permit back", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(0);
    const tasks = spawn("abcd", (name) => take(semaphore, name));
    yield* sleep(0);
    tasks[0]?.cancel();
    tasks[1]?.cancel();
    semaphore.release();
    yield* turns(2);
    say(tasks.map((task) => task.done()));
    tasks[3]?.cancel();
    semaphore.release();
    yield* turns(2);
    say(semaphore);
  });
  t.deepEqual(log, ["0 c has it", "0 true,true,true,false", "0 <Semaphore [unlocked, value:1]>"]);
});

test("Semaphore: a task that is cancelled when its turn comes leaves the semaphore usable", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(1);
    const second = { task: null as Task<void> | null };
    const first = createTask(
      (function* () {
        yield* semaphore.with(() => sleep(0));
        second.task?.cancel();
      })(),
    );
    second.task = createTask(
      semaphore.with(function* () {
        say("never");
      }),
    );
    say((yield* gather([first, second.task], { returnExceptions: true })).map(String));
    say(yield* waitFor(semaphore.acquire(), 1));
  });
  t.deepEqual(log, ["0 undefined,CancelledError", "0 true"]);
});

test("Semaphore: it is fair: a task that has released it queues behind the waiters", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(1);
    yield* taskGroup(function* (group) {
      for (const name of "abc") {
        group.createTask(
          (function* () {
            for (const round of [1, 2]) {
              yield* semaphore.acquire();
              say(`${name}${round}`);
              yield* sleep(1);
              semaphore.release();
            }
          })(),
        );
      }
      yield* sleep(0);
    });
  });
  t.deepEqual(log, ["0 a1", "1 b1", "2 c1", "3 a2", "4 b2", "5 c2"]);
});

test("Semaphore: a task that acquires twice is overtaken by those that waited meanwhile", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(1);
    const tasks = [
      ...spawn("a", (name) => take(semaphore, name)),
      ...spawn("b", function* (name) {
        yield* take(semaphore, name);
        semaphore.release();
        yield* take(semaphore, `${name} again`);
      }),
      ...spawn("c", (name) => take(semaphore, name)),
    ];
    yield* sleep(0);
    semaphore.release();
    semaphore.release();
    yield* gather(tasks);
  });
  t.deepEqual(log, ["0 a has it", "0 b has it", "0 c has it", "0 b again has it"]);
});

test("Semaphore: permits released while a task is ahead go round before tasks that are created later", async (t) => {
  const log = await logOf(async function* () {
    const semaphore = new Semaphore(0);
    let late: Task<unknown> | undefined;
    const tasks = [
      ...spawn("a", function* (name) {
        yield* take(semaphore, name);
        late = createTask(
          (function* () {
            say("late");
            yield* sleep(0);
          })(),
        );
      }),
      ...spawn("b", function* (name) {
        for (let i = 0; i < 3; i++) {
          semaphore.release();
        }
        say(semaphore.locked());
        yield* take(semaphore, name);
      }),
      ...spawn("c", (name) => take(semaphore, name)),
    ];
    yield* gather(tasks);
    yield* late!;
  });
  t.deepEqual(log, ["0 true", "0 a has it", "0 b has it", "0 c has it", "0 late"]);
});
