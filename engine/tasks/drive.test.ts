import test from "ava";
import {
  type Awaitable,
  type Coroutine,
  type CoroutineLike,
  coroutine,
  createTask,
  EventLoop,
  gather,
  getRunningLoop,
  Lock,
  type Program,
  print,
  RecursionError,
  simulate,
  sleep,
  type Task,
} from "../index.ts";

/*
 * Every way to wait, and every way to call: async generators and plain ones, `yield*` and bare `yield`, nested in each
 * other.
 */

const say = (text: unknown): void => print(getRunningLoop().time(), text);

/** What `main` says, a line each, and what it fails with. */
async function logOf(main: Program<unknown>): Promise<string[]> {
  const { output, error } = await simulate(main, { trace: "off" });
  return `${output}${error === undefined ? "" : `main failed: ${error}`}`.trimEnd().split("\n");
}

/** A coroutine that waits for something and returns the result, in one of the four ways to write that. */
const waits: Readonly<Record<string, (awaitable: Awaitable<unknown>) => Coroutine<unknown>>> = {
  "an async generator with yield*": async function* (awaitable) {
    return yield* awaitable;
  },
  "an async generator with a bare yield": async function* (awaitable) {
    return yield awaitable;
  },
  "a plain generator with yield*": function* (awaitable) {
    return yield* awaitable;
  },
  "a plain generator with a bare yield": function* (awaitable) {
    return yield awaitable;
  },
};

for (const [flavour, wait] of Object.entries(waits)) {
  test(`Suspension: ${flavour} gets the value or the error of all there is to wait for, when it is there`, async (t) => {
    const log = await logOf(async function* () {
      const loop = getRunningLoop();
      const future = loop.createFuture<string>();
      const failed = loop.createFuture<string>();
      const cancelled = loop.createFuture<string>();
      const lock = new Lock();
      yield* lock.acquire();
      loop.callLater(2, () => future.setResult("future"));
      loop.callLater(3, () => failed.setException(new Error("failed")));
      loop.callLater(4, () => cancelled.cancel("cancelled"));
      loop.callLater(5, () => lock.release());
      const task = createTask(sleep(7, "task"));
      const all: Awaitable<unknown>[] = [
        sleep(0, "turn"),
        sleep(1, "slept"),
        future,
        future,
        failed,
        failed,
        cancelled,
        lock.acquire(),
        gather(sleep(1, "a"), sleep(0, "b")),
        task,
        coroutine(wait)(sleep(1, "child")),
        coroutine(async function* () {
          yield* sleep(1);
          throw new Error("child failed");
        })(),
      ];
      for (const awaitable of all) {
        try {
          say(yield* createTask(wait(awaitable)));
        } catch (error) {
          say(error);
        }
      }
    });
    t.deepEqual(log, [
      "0 turn",
      "1 slept",
      "2 future",
      "2 future",
      "3 Error: failed",
      "3 Error: failed",
      "4 CancelledError: cancelled",
      "5 true",
      "5 a,b",
      "7 task",
      "8 child",
      "9 Error: child failed",
    ]);
  });

  test(`Suspension: ${flavour} goes on in its try, catch and finally as if nothing had happened in between`, async (t) => {
    const log = await logOf(async function* () {
      // The flavour decides how this waits; what is around it is the same for all.
      function* careful(name: string): Generator<unknown, string> {
        try {
          try {
            say(`${name} ${yield wait(sleep(1, "slept"))}`);
            yield wait(sleep(10));
          } catch (error) {
            say(`${name} caught ${error}`);
            yield wait(sleep(1));
            throw new Error("replaced", { cause: error });
          } finally {
            yield wait(sleep(1));
            say(`${name} inner finally`);
          }
        } catch (error) {
          say(`${name} ${error}`);
          return "returned";
        } finally {
          yield wait(sleep(1));
          say(`${name} outer finally`);
        }
        return "never";
      }
      const task = createTask(careful("child"));
      yield* sleep(2);
      task.cancel("stop");
      say(yield* task);
    });
    t.deepEqual(log, [
      "1 child slept",
      "2 child caught CancelledError: stop",
      "4 child inner finally",
      "4 child Error: replaced",
      "5 child outer finally",
      "5 returned",
    ]);
  });
}

/** The same call again, so many levels further down. */
type Node = (depth: number) => Coroutine<number>;

/**
 * A chain of calls, each level of which waits a turn, calls the next, and waits a turn again; by kind of generator and
 * of call.
 */
function chains(): Readonly<Record<string, Node>> {
  const chain = (link: Node): Node => link;
  const asyncByDelegation: Node = chain(async function* (depth) {
    yield* sleep(0);
    const below = depth === 0 ? 0 : yield* asyncByDelegation(depth - 1);
    yield* sleep(0);
    return below + 1;
  });
  const asyncByYield: Node = chain(async function* (depth) {
    yield sleep(0);
    const below = depth === 0 ? 0 : ((yield asyncByYield(depth - 1)) as number);
    yield sleep(0);
    return below + 1;
  });
  const asyncByObject: Node = chain(async function* (depth) {
    yield* sleep(0);
    const below: number = depth === 0 ? 0 : yield* coroutine(asyncByObject)(depth - 1);
    yield* sleep(0);
    return below + 1;
  });
  const plainByDelegation: Node = chain(function* (depth): Generator<unknown, number> {
    yield* sleep(0);
    const below = depth === 0 ? 0 : ((yield* plainByDelegation(depth - 1) as Generator<unknown, number>) as number);
    yield* sleep(0);
    return below + 1;
  });
  const plainByYield: Node = chain(function* (depth) {
    yield sleep(0);
    const below = depth === 0 ? 0 : ((yield plainByYield(depth - 1)) as number);
    yield sleep(0);
    return below + 1;
  });
  const plainByObject: Node = chain(function* (depth): Generator<unknown, number> {
    yield* sleep(0);
    const below: number = depth === 0 ? 0 : yield* coroutine(plainByObject)(depth - 1);
    yield* sleep(0);
    return below + 1;
  });
  const asyncInTurns: Node = chain(async function* (depth) {
    yield* sleep(0);
    const below: number = depth === 0 ? 0 : yield* coroutine(plainInTurns)(depth - 1);
    yield sleep(0);
    return below + 1;
  });
  const plainInTurns: Node = chain(function* (depth): Generator<unknown, number> {
    yield sleep(0);
    const below = depth === 0 ? 0 : ((yield asyncInTurns(depth - 1)) as number);
    yield* sleep(0);
    return below + 1;
  });
  const asyncOverPlain: Node = chain(async function* (depth) {
    yield* sleep(0);
    const below = depth === 0 ? 0 : yield* plainUnderAsync(depth - 1);
    yield* sleep(0);
    return below + 1;
  });
  const plainUnderAsync: Node = chain(function* (depth) {
    yield* sleep(0);
    const below = depth === 0 ? 0 : ((yield asyncOverPlain(depth - 1)) as number);
    yield* sleep(0);
    return below + 1;
  });
  return {
    "async generators through yield*": asyncByDelegation,
    "async generators through yield": asyncByYield,
    "async coroutine objects through yield*": asyncByObject,
    "plain generators through yield*": plainByDelegation,
    "plain generators through yield": plainByYield,
    "plain coroutine objects through yield*": plainByObject,
    "async generators and plain ones in turns, from an async one": asyncInTurns,
    "async generators and plain ones in turns, from a plain one": plainInTurns,
    "async generators that delegate to plain ones": asyncOverPlain,
  };
}

for (const [kind, chain] of Object.entries(chains())) {
  test(`Suspension: ${kind}, nested up to fifty deep, take a step a wait and no more`, async (t) => {
    for (const depth of [0, 1, 2, 7, 50]) {
      const loop = new EventLoop();
      const both = [loop.createTask(chain(depth)), loop.createTask(chain(depth))] as [Task<number>, Task<number>];
      await loop.runForever();
      const turns = 2 * (depth + 1);
      t.deepEqual(
        [...both.map((task) => task.result()), loop.steps],
        [depth + 1, depth + 1, 2 * (turns + 1)],
        `depth ${depth}`,
      );
    }
  });

  test(`Suspension: ${kind} pass a cancellation up through all levels`, async (t) => {
    const log: string[] = [];
    const cancelled = await simulate(async function* () {
      const task = createTask(chain(20));
      for (let i = 0; i < 10; i++) {
        yield* sleep(0);
      }
      task.cancel("stop");
      try {
        yield* task;
      } catch (error) {
        log.push(String(error));
      }
    });
    t.deepEqual([log, cancelled.error], [["CancelledError: stop"], undefined]);
  });
}

const levels = 100_000;

test("Suspension: calls through yield nest as deep as memory reaches, for the task keeps their stack", async (t) => {
  function* down(depth: number): Generator<unknown, number> {
    return depth === 0 ? ((yield sleep(1, 0)) as number) : ((yield down(depth - 1)) as number) + 1;
  }
  async function* fail(depth: number): AsyncGenerator<unknown, never> {
    yield depth === 0 ? sleep(1) : fail(depth - 1);
    throw new Error("from the bottom");
  }
  const { value, time } = await simulate(async function* () {
    const result = (yield down(levels)) as number;
    try {
      yield fail(5000);
    } catch (error) {
      return [result, String(error)];
    }
    return [];
  });
  t.deepEqual([value, time], [[levels, "Error: from the bottom"], 2]);
});

test("Suspension: yield* that nests deeper than JavaScript's stack ends with an error that names the depth and the way out", async (t) => {
  function* down(depth: number): Generator<unknown, number> {
    return depth === 0 ? ((yield* sleep(1, 0)) as number) : (yield* down(depth - 1)) + 1;
  }
  const { error, output } = await simulate(function* () {
    try {
      yield down(200_000);
    } catch (caught) {
      print(String(caught).replace(/about \d{3,6} of/, "about N of"));
    }
    yield down(200_000);
  });
  t.deepEqual(
    [error instanceof RecursionError, output],
    [
      true,
      "RecursionError: too deep a recursion: Maximum call stack size exceeded. Calls with yield* stay on JavaScript's stack, which holds about N of them; " +
        "for a deeper recursion, yield child() instead of yield* child(): the task then keeps the stack itself, as deep as memory reaches\n",
    ],
  );
});

const freshTasks: Readonly<Record<string, readonly [count: number, () => Coroutine<unknown>]>> = {
  "a hundred thousand fresh async generators with yield*": [
    100_000,
    async function* () {
      yield* sleep(1);
    },
  ],
  "a hundred thousand fresh plain generators": [
    100_000,
    function* () {
      yield* sleep(1);
    },
  ],
  "twenty thousand fresh async generators with a bare yield": [
    20_000,
    async function* () {
      yield sleep(1);
    },
  ],
  "twenty thousand fresh async generators that wait for a lock": [
    20_000,
    async function* () {
      yield* new Lock().acquire();
    },
  ],
  "twenty thousand fresh async generators that end at once": [20_000, async function* () {}],
  "twenty thousand fresh plain generators that end at once": [20_000, function* () {}],
};

for (const [kind, [count, fresh]] of Object.entries(freshTasks)) {
  test(`Suspension: ${kind} use no stack`, async (t) => {
    const { error, value } = await simulate(
      function* () {
        let ended = 0;
        for (let i = 0; i < count; i++) {
          createTask(fresh()).addDoneCallback(() => {
            ended++;
          });
        }
        yield* sleep(2);
        return ended;
      },
      { trace: "off" },
    );
    t.deepEqual([error, value], [undefined, count]);
  });
}

test("Suspension: tasks that end one after the other in one pass, each waking the next, use no stack", async (t) => {
  const { error, value } = await simulate(
    async function* () {
      async function* link(before: CoroutineLike<number> | number): AsyncGenerator<unknown, number> {
        return typeof before === "number" ? before : (yield* before as Task<number>) + 1;
      }
      let last = createTask(link(0));
      for (let i = 0; i < 20_000; i++) {
        last = createTask(link(last));
      }
      return yield* last;
    },
    { trace: "off" },
  );
  t.deepEqual([error, value], [undefined, 20_000]);
});

test("Suspension: what is done already is given at once, any number of times, without stack or pass", async (t) => {
  const { error, value, steps } = await simulate(
    function* () {
      const future = getRunningLoop().createFuture<number>();
      future.setResult(1);
      let sum = 0;
      for (let i = 0; i < 300_000; i++) {
        sum += yield* future;
      }
      return sum;
    },
    { trace: "off" },
  );
  t.deepEqual([error, value, steps], [undefined, 300_000, 2]);
});

test("Suspension: for await goes over an async generator that waits inside, and leaves it in order", async (t) => {
  async function* ticks(name: string) {
    try {
      for (let i = 1; ; i++) {
        yield* sleep(1);
        yield `${name} ${i}`;
      }
    } finally {
      say(`${name} closed`);
    }
  }
  async function* listen(name: string, count: number) {
    let seen = 0;
    for await (const tick of ticks(name)) {
      say(tick);
      if (++seen === count) {
        break;
      }
    }
  }
  const log = await logOf(async function* () {
    yield* gather(listen("a", 2), listen("b", 3));
  });
  t.deepEqual(log, ["1 a 1", "1 b 1", "2 a 2", "2 a closed", "2 b 2", "3 b 3", "3 b closed"]);
});

test("Suspension: await on promises that settle by themselves may stand between waits, in order", async (t) => {
  async function* worker(name: string) {
    for (let i = 0; i < 2; i++) {
      await Promise.resolve();
      say(`${name} ${i}`);
      yield* sleep(0);
      await Promise.all([1, 2].map((n) => Promise.resolve(n)));
    }
    return name;
  }
  const log = await logOf(async function* () {
    say(yield* gather(worker("a"), worker("b")));
  });
  t.deepEqual(log, ["0 a 0", "0 b 0", "0 a 1", "0 b 1", "0 a,b"]);
});

test("Suspension: a bare yield of nothing gives up a turn, as sleep(0) does", async (t) => {
  function* plain() {
    for (let i = 0; i < 2; i++) {
      say(`plain ${i}`);
      yield;
    }
  }
  async function* asynchronous() {
    for (let i = 0; i < 2; i++) {
      say(`async ${i}`);
      yield;
    }
  }
  const log = await logOf(async function* () {
    yield* gather(plain(), asynchronous());
  });
  t.deepEqual(log, ["0 plain 0", "0 async 0", "0 plain 1", "0 async 1"]);
});

test("Suspension: yielding what cannot be awaited is an error, thrown at that yield, which says what is wrong", async (t) => {
  const wrongs = [42, "text", null, {}, [sleep(1)], sleep, async () => {}];
  const refusals: string[][] = [[], []];
  const log = await logOf(async function* () {
    for (const wrong of wrongs) {
      try {
        yield wrong;
      } catch (error) {
        refusals[0]?.push(String(error));
      }
    }
    function* plain() {
      for (const wrong of [...wrongs, Promise.resolve()]) {
        try {
          yield wrong;
        } catch (error) {
          refusals[1]?.push(String(error));
        }
      }
    }
    yield plain();
    say("goes on");
  });
  const expected = [
    "TypeError: yield: a coroutine was expected, got 42",
    'TypeError: yield: a coroutine was expected, got "text"',
    "TypeError: yield: a coroutine was expected, got null",
    "TypeError: yield: a coroutine was expected, got {}",
    "TypeError: yield: a coroutine was expected, got an array; gather(…) waits for all that is in it",
    "TypeError: yield: a coroutine was expected, got the function sleep; call it",
    "TypeError: yield: a coroutine was expected, got the function (anonymous); call it",
  ];
  // An async generator awaits a promise by itself before it yields it.
  const promised =
    "TypeError: yield: a coroutine was expected, got a promise, which belongs to the real world; write the function as async function*";
  t.deepEqual([refusals, log], [[expected, [...expected, promised]], ["0 goes on"]]);
});

test("Suspension: what begins when it is awaited can be awaited once", async (t) => {
  const refusals: string[] = [];
  async function* child() {
    yield* sleep(0);
  }
  const lock = new Lock();
  await simulate(async function* () {
    const used: CoroutineLike<unknown>[] = [child(), coroutine(child)(), sleep(1), lock.acquire()];
    for (const awaitable of used) {
      yield awaitable;
      try {
        yield awaitable;
      } catch (error) {
        refusals.push(String(error));
      }
      try {
        createTask(awaitable);
      } catch (error) {
        refusals.push(String(error));
      }
    }
    const wait = sleep(1);
    yield* wait;
    try {
      yield* wait;
    } catch (error) {
      refusals.push(String(error));
    }
  });
  const reuse = "RuntimeError: cannot reuse already awaited coroutine";
  t.deepEqual(refusals, [
    `${reuse}: call the coroutine function again for a new one`,
    `${reuse}: call the coroutine function again for a new one`,
    `${reuse}: call the coroutine function again for a new one`,
    `${reuse}: call the coroutine function again for a new one`,
    `${reuse}: sleep(1); call sleep again for a new one`,
    `${reuse}: <coroutine object Lock.acquire>; call the function again for a new one`,
    `${reuse}: <coroutine object Lock.acquire>; call the function again for a new one`,
    `${reuse}: sleep(1); call sleep again for a new one`,
  ]);
});

test.serial("Suspension: waiting outside of a task is refused", async (t) => {
  const refusals: string[] = [];
  const loop = new EventLoop();
  loop.callSoon(() => {
    refusals.push(String(t.throws(() => (sleep(1)[Symbol.asyncIterator]() as AsyncIterator<unknown>).next())));
  });
  await loop.runForever();
  refusals.push(String(t.throws(() => (sleep(1)[Symbol.asyncIterator]() as AsyncIterator<unknown>).next())));
  t.deepEqual(refusals, [
    "RuntimeError: sleep(1) was awaited outside of a task: only a coroutine can wait",
    "RuntimeError: no running event loop: call this from a coroutine or callback, inside run() or simulate()",
  ]);
});
