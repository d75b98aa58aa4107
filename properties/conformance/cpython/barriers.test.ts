import test from "ava";
import { Barrier, BrokenBarrierError, createTask, gather, sleep, type Task } from "simloop";
import { Boom, logOf, outcomeOf, type Plain, say, turns } from "./programs.ts";

/*
 * What CPython's test_locks.py asserts of Barrier, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

const N = 5;

const spawn = (count: number, make: (index: number) => Plain<unknown>): Task<unknown>[] =>
  Array.from({ length: count }, (_, index) => createTask(make(index)));

/** How many times each text stands in `texts`. */
function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) {
    counts[text] = (counts[text] ?? 0) + 1;
  }
  return counts;
}

/** The state of a barrier, as its string shows it. */
const stateOf = (barrier: Barrier): string => /\[(\w+)/.exec(String(barrier))?.[1] as string;

/** What `count` tasks that run `make` say altogether, and the state of the barrier afterwards. */
async function talliedOf(count: number, barrier: Barrier, make: (index: number) => Plain<unknown>) {
  const log = await logOf(async function* () {
    yield* gather(spawn(count, make));
  });
  return { ...tally(log.filter((line) => line !== "")), end: `${stateOf(barrier)} ${barrier.nWaiting}` };
}

test("Barrier: it is for a whole number of tasks above zero", (t) => {
  t.is(new Barrier(N).parties, N);
  for (const parties of [0, -4, 1.5, Number.NaN]) {
    t.throws(() => new Barrier(parties), { instanceOf: RangeError, message: /expected parties to be an integer > 0/ });
  }
});

test("Barrier: its string shows its state and the number of waiting tasks", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(3);
    const wait = (): Plain<unknown> => barrier.wait()[Symbol.iterator]() as Plain<unknown>;
    say(barrier);
    const tasks = spawn(2, wait);
    yield* sleep(0);
    say(barrier);
    tasks.push(...spawn(1, wait));
    yield* sleep(0);
    say(barrier);
    tasks.push(...spawn(2, wait));
    yield* sleep(0);
    yield* barrier.reset();
    say(stateOf(barrier));
    yield* barrier.abort();
    say([barrier, barrier.broken]);
    yield* gather(tasks, { returnExceptions: true });
  });
  t.deepEqual(log, [
    "0 <Barrier [filling, waiters:0/3]>",
    "0 <Barrier [filling, waiters:2/3]>",
    "0 <Barrier [draining, waiters:0/3]>",
    "0 resetting",
    "0 <Barrier [broken]>,true",
  ]);
});

test("Barrier: one for a single task lets it through at once, again and again", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(1);
    say(yield* barrier.wait());
    say(yield* barrier.wait());
    say(yield* barrier.with((index) => sleep(0, `as ${index}`)));
    say([barrier.nWaiting, barrier.broken]);
  });
  t.deepEqual(log, ["0 0", "0 0", "0 as 0", "0 0,false"]);
});

test("Barrier: tasks wait for each other, and each learns its place in the order of arrival", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(3);
    const tasks: Task<unknown>[] = [];
    for (const name of "abc") {
      tasks.push(
        ...spawn(1, function* () {
          say(`${name} ${yield* barrier.wait()}`);
        }),
      );
      yield* sleep(1);
      say(barrier.nWaiting);
    }
  });
  t.deepEqual(log, ["1 1", "2 2", "2 c 2", "2 a 0", "2 b 1", "3 0"]);
});

test("Barrier: it can be passed twice in a row, and each time it returns all places", async (t) => {
  const barrier = new Barrier(N);
  const tallied = await talliedOf(N, barrier, function* () {
    yield* barrier.with(function* () {
      say("first");
      say(`second ${yield* barrier.wait()}`);
    });
  });
  t.deepEqual(tallied, {
    "0 first": N,
    ...Object.fromEntries(Array.from({ length: N }, (_, i) => [`0 second ${i}`, 1])),
    end: "filling 0",
  });
});

test("Barrier: it drains until the last has left", async (t) => {
  const barrier = new Barrier(N);
  const tallied = await talliedOf(N, barrier, function* () {
    yield* barrier.with(function* () {
      say(stateOf(barrier));
    });
  });
  t.deepEqual(tallied, { "0 draining": N - 1, "0 filling": 1, end: "filling 0" });
});

test("Barrier: a task that comes while it drains waits for the next round", async (t) => {
  const [barrier, rest] = [new Barrier(N), new Barrier(N - 2)];
  let early = 2;
  const tallied = await talliedOf(N, barrier, function* () {
    yield* barrier.wait();
    if (early-- > 0) {
      yield* barrier.wait();
    } else {
      yield* rest.wait();
      say("the others are held up");
      yield* barrier.wait();
    }
  });
  t.deepEqual(tallied, { "0 the others are held up": N - 2, end: "filling 0" });
});

test("Barrier: a task that is cancelled merely leaves", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(3);
    const make = function* (): Plain<void> {
      yield* barrier.wait();
      say("through");
    };
    const tasks = spawn(2, make);
    yield* sleep(0);
    tasks[0]?.cancel();
    yield* sleep(0);
    say([yield* outcomeOf(tasks[0]!), barrier.nWaiting]);
    tasks.push(...spawn(2, make));
    yield* gather(tasks.slice(1));
    say(barrier);
  });
  t.deepEqual(log, ["0 CancelledError,1", "0 through", "0 through", "0 through", "0 <Barrier [filling, waiters:0/3]>"]);
});

test("Barrier: reset and abort without a waiting task", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(1);
    yield* barrier.reset();
    say(barrier);
    yield* barrier.abort();
    say([barrier.nWaiting, barrier.broken]);
    say((yield* outcomeOf(barrier.wait())).split(":")[0]);
    yield* barrier.reset();
    say(yield* barrier.wait());
  });
  t.deepEqual(log, ["0 <Barrier [filling, waiters:0/1]>", "0 0,true", "0 BrokenBarrierError", "0 0"]);
});

test("Barrier: a reset breaks the waits that have begun, and the barrier is as new", async (t) => {
  const log = await logOf(async function* () {
    const barrier = new Barrier(N);
    const tasks = spawn(N - 1, function* () {
      try {
        yield* barrier.wait();
      } catch (error) {
        say(error instanceof BrokenBarrierError);
      }
      yield* barrier.wait();
      say("through");
    });
    yield* sleep(0);
    yield* barrier.reset();
    yield* barrier.wait();
    say("the last");
    yield* gather(tasks);
    say(barrier);
  });
  t.deepEqual(tally(log), {
    "0 true": N - 1,
    "0 the last": 1,
    "0 through": N - 1,
    "0 <Barrier [filling, waiters:0/5]>": 1,
  });
});

test("Barrier: a reset while it drains breaks the waits of tasks that have not left yet", async (t) => {
  const barrier = new Barrier(N);
  let out = 0;
  const tallied = await talliedOf(N, barrier, function* () {
    try {
      yield* barrier.wait();
    } catch {
      say("broken");
      return;
    }
    if (++out === N - Math.floor(N / 2)) {
      yield* barrier.reset();
    }
  });
  t.deepEqual(tallied, { "0 broken": Math.floor(N / 2), end: "filling 0" });
});

test("Barrier: a reset while it drains does not break the waits for the next round", async (t) => {
  const barrier = new Barrier(N);
  let out = 0;
  const tallied = await talliedOf(N, barrier, function* () {
    try {
      yield* barrier.wait();
    } catch {
      say("broken while leaving");
      yield* barrier.wait();
      return;
    }
    if (++out > Math.floor(N / 2)) {
      yield* barrier.reset();
      yield* barrier.wait();
      return;
    }
    const ended = yield* outcomeOf(barrier.wait());
    if (ended.startsWith("Broken")) {
      say("broken while held up");
    }
  });
  t.deepEqual(tallied, { "0 broken while leaving": Math.floor(N / 2), end: "filling 0" });
});

test("Barrier: a reset after the last has left breaks no wait for the next round", async (t) => {
  const barrier = new Barrier(N);
  let out = 0;
  const tallied = await talliedOf(N, barrier, function* () {
    yield* barrier.wait();
    if (++out === N) {
      yield* barrier.reset();
    }
    say((yield* outcomeOf(barrier.wait())).startsWith("Broken"));
    yield* barrier.wait();
    say("third round");
  });
  t.deepEqual(tallied, { "0 false": N, "0 third round": N, end: "filling 0" });
});

test("Barrier: an abort while it drains breaks the waits of tasks that leave and of those that wait for the next round", async (t) => {
  const barrier = new Barrier(N);
  const half = Math.floor(N / 2);
  let out = 0;
  const tallied = await talliedOf(N, barrier, function* () {
    if ((yield* outcomeOf(barrier.wait())).startsWith("Broken")) {
      say("broken while leaving");
      return;
    }
    if (++out > half) {
      yield* barrier.abort();
    } else if ((yield* outcomeOf(barrier.wait())).startsWith("Broken")) {
      say("broken while held up");
    }
  });
  t.deepEqual(tallied, {
    "0 broken while leaving": half,
    "0 broken while held up": N - half - 1,
    end: "broken 0",
  });
});

test("Barrier: a task that fails inside can abort it for the others, and a reset makes it usable again", async (t) => {
  const [first, second] = [new Barrier(N), new Barrier(N)];
  const tallied = await talliedOf(N, first, function* () {
    try {
      yield* first.with(function* (index): Plain<void> {
        if (index === 2) {
          throw new Boom();
        }
        yield* first.wait();
        say("never");
      });
    } catch (error) {
      if (error instanceof Boom) {
        yield* first.abort();
        say(first.broken);
      } else {
        say((error as Error).name);
      }
    }
    // All have left before one resets it, and none enters before that.
    if ((yield* second.wait()) === 2) {
      yield* first.reset();
    }
    yield* second.wait();
    yield* first.wait();
    say("through");
    yield* turns(1);
  });
  t.deepEqual(tallied, { "0 true": 1, "0 BrokenBarrierError": N - 1, "0 through": N, end: "filling 0" });
});
