import test from "ava";
import { againstPython, logOf, say } from "../golden/recorded-logs.ts";
import {
  type AsyncContextManager,
  AsyncExitStack,
  asCompleted,
  awaitable,
  CancelledError,
  type Coroutine,
  catchGroup,
  createTask,
  ExceptionGroup,
  each,
  type GroupCondition,
  gather,
  Lock,
  simulate,
  sleep,
  TimeoutError,
  taskGroup,
  timeout,
  withAsync,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/tasks/blocks.py recorded those. */
const isPythons = againstPython(new URL("../golden/tasks/blocks.jsonl", import.meta.url));

class Boom extends Error {
  override name = "Boom";
}

class KeyError extends Error {
  override name = "KeyError";
}

const wrong = (value: unknown): never => value as never;

const describe = (error: unknown): string =>
  error === null || error === undefined
    ? "none"
    : error instanceof ExceptionGroup
      ? `[${error.message}: ${error.exceptions.map(describe).join(", ")}]`
      : (error as Error).message === ""
        ? (error as Error).name
        : String(error);

const sample = (): ExceptionGroup =>
  new ExceptionGroup(
    [new RangeError("1"), new ExceptionGroup([new TypeError("2"), new RangeError("3")], "inner"), new Boom("4")],
    "outer",
  );

test("ExceptionGroup: split and subgroup keep the nesting, and leave out what is empty", (t) => {
  const conditions: GroupCondition[] = [
    RangeError,
    TypeError,
    [TypeError, Boom],
    ExceptionGroup,
    KeyError,
    (error) => (error as Error).message === "3",
  ];
  return isPythons(
    t,
    function* () {
      for (const condition of conditions) {
        const [match, rest] = sample().split(condition);
        say(`${describe(match)} | ${describe(rest)} | ${describe(sample().subgroup(condition))}`);
      }
    },
    [
      "0 [outer: RangeError: 1, [inner: RangeError: 3]] | [outer: [inner: TypeError: 2], Boom: 4] | [outer: RangeError: 1, [inner: RangeError: 3]]",
      "0 [outer: [inner: TypeError: 2]] | [outer: RangeError: 1, [inner: RangeError: 3], Boom: 4] | [outer: [inner: TypeError: 2]]",
      "0 [outer: [inner: TypeError: 2], Boom: 4] | [outer: RangeError: 1, [inner: RangeError: 3]] | [outer: [inner: TypeError: 2], Boom: 4]",
      "0 [outer: RangeError: 1, [inner: TypeError: 2, RangeError: 3], Boom: 4] | none | [outer: RangeError: 1, [inner: TypeError: 2, RangeError: 3], Boom: 4]",
      "0 none | [outer: RangeError: 1, [inner: TypeError: 2, RangeError: 3], Boom: 4] | none",
      "0 [outer: [inner: RangeError: 3]] | [outer: RangeError: 1, [inner: TypeError: 2], Boom: 4] | [outer: [inner: RangeError: 3]]",
    ],
  );
});

test("ExceptionGroup: the parts of a subclass are made by derive, and keep the cause", (t) => {
  class Tagged extends ExceptionGroup {
    override derive(errors: readonly unknown[]): Tagged {
      return new Tagged(errors, `${this.message}'`);
    }
  }
  const cause = new Error("cause");
  const whole = Object.assign(new Tagged([new Boom("a"), undefined, null], "tagged"), { cause });
  const [match, rest] = whole.split(Boom);
  t.true(match instanceof Tagged && rest instanceof Tagged && match.cause === cause);
  t.deepEqual([match?.message, match?.exceptions, rest?.errors], ["tagged'", [whole.errors[0]], [undefined, null]]);
  t.throws(() => whole.split(wrong("Boom")), {
    message: 'ExceptionGroup.split: expected an error class, an array of them or a function, got "Boom"',
  });
});

type Handler = (group: ExceptionGroup) => unknown;

function* guarded(error: unknown, ...handlers: [Handler?, Handler?]): Generator<unknown, void> {
  try {
    yield* catchGroup(
      function* (): Generator<unknown, void> {
        throw error;
      },
      [
        RangeError,
        (group) => {
          say(`first ${describe(group)}`);
          handlers[0]?.(group);
        },
      ],
      [
        [TypeError, Boom],
        function* (group) {
          say(`second ${describe(group)}`);
          yield* sleep(1);
          handlers[1]?.(group);
        },
      ],
    );
    say("behind");
  } catch (thrown) {
    say(`thrown ${describe(thrown)}`);
  }
}

const again: Handler = (group) => {
  throw group;
};
const other: Handler = () => {
  throw new Boom("new");
};

test("catchGroup: each clause gets its errors; what is thrown on follows except*", (t) =>
  isPythons(
    t,
    function* () {
      yield* guarded(sample());
      yield* guarded(sample(), again);
      yield* guarded(sample(), other);
      yield* guarded(new RangeError("naked"));
      yield* guarded(new KeyError());
      yield* guarded(new ExceptionGroup([new KeyError(), new Boom("x")], "g"));
      yield* guarded(new ExceptionGroup([new KeyError(), new Boom("x")], "g"), undefined, other);
    },
    [
      "0 first [outer: RangeError: 1, [inner: RangeError: 3]]",
      "0 second [outer: [inner: TypeError: 2], Boom: 4]",
      "1 behind",
      "1 first [outer: RangeError: 1, [inner: RangeError: 3]]",
      "1 second [outer: [inner: TypeError: 2], Boom: 4]",
      "2 thrown [outer: RangeError: 1, [inner: RangeError: 3]]",
      "2 first [outer: RangeError: 1, [inner: RangeError: 3]]",
      "2 second [outer: [inner: TypeError: 2], Boom: 4]",
      "3 thrown Boom: new",
      "3 first [: RangeError: naked]",
      "3 behind",
      "3 thrown KeyError",
      "3 second [g: Boom: x]",
      "4 thrown [g: KeyError]",
      "4 second [g: Boom: x]",
      "5 thrown [: Boom: new, [g: KeyError]]",
    ],
  ));

test("catchGroup: a cancellation passes through a clause for all errors, but not through one that names it", async (t) => {
  const log = await logOf(async function* () {
    function* cancelledInside(condition: GroupCondition): Generator<unknown, string> {
      const task = createTask(catchGroup(sleep(5), [condition, () => say("handled")]));
      yield* sleep(0);
      task.cancel();
      try {
        yield* task;
      } catch (error) {
        return describe(error);
      }
      return "ended";
    }
    say(yield cancelledInside(Error));
    say(yield cancelledInside(CancelledError));
    say(yield* catchGroup(sleep(1, "result"), [Error, () => {}]));
  });
  t.deepEqual(log, ["0 CancelledError", "0 handled", "0 ended", "1 result"]);
});

interface Behaviour {
  readonly swallows?: boolean;
  readonly fails?: string;
  readonly enterFails?: string;
}

class Manager implements AsyncContextManager<string> {
  readonly name: string;
  readonly behaviour: Behaviour;

  constructor(name: string, behaviour: Behaviour = {}) {
    this.name = name;
    this.behaviour = behaviour;
  }

  *enter(): Generator<unknown, string> {
    yield* sleep(1);
    if (this.behaviour.enterFails !== undefined) {
      throw new Boom(this.behaviour.enterFails);
    }
    say(`${this.name} entered`);
    return this.name;
  }

  async *exit(error?: unknown): AsyncGenerator<never, boolean | undefined> {
    yield* sleep(1);
    say(`${this.name} left with ${describe(error)}`);
    if (this.behaviour.fails !== undefined) {
      throw new Boom(this.behaviour.fails);
    }
    return this.behaviour.swallows;
  }
}

test("withAsync: the manager is left whatever becomes of the block, and may swallow its error or replace it", (t) => {
  async function* block(manager: Manager, error?: Error) {
    try {
      yield* withAsync(manager, async function* (name) {
        say(`inside ${name}`);
        yield* sleep(1);
        if (error !== undefined) {
          throw error;
        }
      });
      say("behind");
    } catch (thrown) {
      say(`thrown ${describe(thrown)}`);
    }
  }
  return isPythons(
    t,
    async function* () {
      yield* block(new Manager("a"));
      yield* block(new Manager("b"), new Boom("inside"));
      yield* block(new Manager("c", { swallows: true }), new Boom("inside"));
      yield* block(new Manager("d", { fails: "leaving" }), new Boom("inside"));
      yield* block(new Manager("e", { fails: "leaving" }));
      yield* block(new Manager("f", { enterFails: "entering" }));
    },
    [
      ...["1 a entered", "1 inside a", "3 a left with none", "3 behind"],
      ...["4 b entered", "4 inside b", "6 b left with Boom: inside", "6 thrown Boom: inside"],
      ...["7 c entered", "7 inside c", "9 c left with Boom: inside", "9 behind"],
      ...["10 d entered", "10 inside d", "12 d left with Boom: inside", "12 thrown Boom: leaving"],
      ...["13 e entered", "13 inside e", "15 e left with none", "15 thrown Boom: leaving"],
      "16 thrown Boom: entering",
    ],
  );
});

test("AsyncExitStack: all is left in reverse order; an error passes by what remains until one swallows it", (t) => {
  function* stacked(managers: readonly Manager[], error?: Error): Generator<unknown, void> {
    try {
      yield* withAsync(new AsyncExitStack(), function* (stack) {
        stack.callback(say, "callback");
        for (const manager of managers) {
          yield* stack.enterAsyncContext(manager);
        }
        stack.pushAsyncCallback((delay: number) => sleep(delay), 1);
        if (error !== undefined) {
          throw error;
        }
      });
      say("behind");
    } catch (thrown) {
      say(`thrown ${describe(thrown)}`);
    }
  }
  const [swallowing, failing, unenterable] = [{ swallows: true }, { fails: "leaving" }, { enterFails: "entering" }];
  return isPythons(
    t,
    function* () {
      yield* stacked([new Manager("a"), new Manager("b")]);
      yield* stacked([new Manager("a"), new Manager("b", swallowing), new Manager("c")], new Boom("inside"));
      yield* stacked([new Manager("a", swallowing), new Manager("b", failing)], new Boom("inside"));
      yield* stacked([new Manager("a"), new Manager("b", failing)]);
      yield* stacked([new Manager("a"), new Manager("b", unenterable)]);
      const kept = yield* withAsync(new AsyncExitStack(), function* (stack) {
        yield* stack.enterAsyncContext(new Manager("kept"));
        return stack.popAll();
      });
      say("the block is over");
      yield* kept!.aclose();
      yield* kept!.aclose();
    },
    [
      ...["1 a entered", "2 b entered", "4 b left with none", "5 a left with none", "5 callback", "5 behind"],
      ...["6 a entered", "7 b entered", "8 c entered", "10 c left with Boom: inside", "11 b left with Boom: inside"],
      ...["12 a left with none", "12 callback", "12 behind"],
      ...["13 a entered", "14 b entered", "16 b left with Boom: inside", "17 a left with Boom: leaving", "17 callback"],
      ...["17 behind", "18 a entered", "19 b entered", "21 b left with none", "22 a left with Boom: leaving"],
      ...["22 callback", "22 thrown Boom: leaving", "23 a entered", "25 a left with Boom: entering", "25 callback"],
      ...["25 thrown Boom: entering", "26 kept entered", "26 the block is over", "27 kept left with none"],
    ],
  );
});

test("AsyncExitStack: it takes disposables, managers entered elsewhere, and functions that swallow", async (t) => {
  const log = await logOf(function* () {
    yield* withAsync(new AsyncExitStack(), function* (stack) {
      stack.enterContext({ [Symbol.dispose]: () => say("disposed") });
      stack.pushAsyncExit(new Manager("entered elsewhere"));
      stack.pushAsyncExit((error) => {
        say(`swallows ${error}`);
        return true;
      });
      yield* sleep(1);
      throw new Boom("inside");
    });
    say("behind");
  });
  t.deepEqual(log, ["1 swallows Boom: inside", "2 entered elsewhere left with none", "2 disposed", "2 behind"]);
});

async function* ticks(count: number) {
  try {
    for (let i = 1; i <= count; i++) {
      yield* sleep(1);
      yield i;
    }
  } finally {
    say("closed");
  }
}

/** What comes out of `ticks` has the type of what it yields: no awaitable is among it. */
async function* sum(numbers: AsyncIterable<number>) {
  let total = 0;
  for await (const n of numbers) {
    total += n;
  }
  return total;
}

test("each: a plain generator goes through an async generator, and closes it when it stops early or fails", async (t) => {
  const log = await logOf(function* () {
    yield* each(ticks(2), (n) => say(n));
    yield* each(ticks(9), function* (n) {
      yield* sleep(1);
      say(`slowly ${n}`);
      return n < 2;
    });
    try {
      yield* each(ticks(9), () => {
        throw new Boom("inside");
      });
    } catch (error) {
      say(error);
    }
    yield* each(asCompleted([sleep(2, "late"), sleep(1, "early")]), (task) => say(task.result()));
  });
  t.deepEqual(log, [
    ...[
      "1 1",
      "2 2",
      "2 closed",
      "4 slowly 1",
      "6 slowly 2",
      "6 closed",
      "7 closed",
      "7 Boom: inside",
      "8 early",
      "9 late",
    ],
  ]);
});

test("each: cancelled while it waits inside the source, it lets the source end; an eager task begins it one iteration later", async (t) => {
  const log = await logOf(async function* () {
    const task = createTask(
      each(ticks(9), (n) => say(n)),
      { eagerStart: true },
    );
    yield* sleep(1.5);
    task.cancel();
    yield* sleep(0.5);
    say(task.cancelled());
    say(yield* sum(ticks(3)));
  });
  t.deepEqual(log, ["1 1", "1.5 closed", "2 true", "5 closed", "5 6"]);
});

test("awaitable: a plain generator waits for a callback of either kind, whose type it keeps", async (t) => {
  function* twice(callback: () => Coroutine<number>): Generator<unknown, number> {
    const first = yield* awaitable(callback());
    const second = yield* awaitable(callback());
    return first + second;
  }
  const { value, error } = await simulate(function* () {
    const plain = yield* twice(function* () {
      return yield* sleep(1, 1);
    });
    const asynchronous = yield* twice(async function* () {
      return yield* sleep(1, 10);
    });
    return [plain, asynchronous, awaitable(sleep(1)) instanceof Object];
  });
  t.deepEqual([value, error], [[2, 20, true], undefined]);
});

test("timeout: it takes a task, which it cancels at the deadline; so does every block", async (t) => {
  const log = await logOf(async function* () {
    const slow = createTask(sleep(9));
    try {
      yield* timeout(1, slow);
    } catch (error) {
      say(`${error instanceof TimeoutError} ${slow.cancelled()}`);
    }
    say(yield* timeout(5, createTask(sleep(1, "in time"))));
    say(yield* new Lock().with(gather(sleep(1, "a"), sleep(2, "b"))));
    say(yield* taskGroup(createTask(sleep(1, "grouped"))));
  });
  t.deepEqual(log, ["1 true true", "2 in time", "4 a,b", "5 grouped"]);
});

test("Blocks: what is malformed is refused at the call", async (t) => {
  const { value } = await simulate(function* () {
    const stack = new AsyncExitStack();
    return [
      () => withAsync(wrong(null), sleep(1)),
      () => withAsync(wrong({ enter() {} }), sleep(1)),
      () => withAsync(new Manager("a"), wrong(5)),
      () => stack.enterAsyncContext(wrong(undefined)),
      () => stack.enterContext(wrong({})),
      () => stack.callback(wrong(function* () {})),
      () => stack.pushAsyncCallback(wrong("f")),
      () => each(wrong([1, 2]), () => {}),
      () => each(ticks(1), wrong("f")),
      () => catchGroup(wrong(0)),
      () => catchGroup(sleep(1), wrong(RangeError)),
      () => catchGroup(sleep(1), [wrong(5), () => {}]),
      () => awaitable(wrong(Promise.resolve())),
      () => timeout(1, wrong(5)),
    ].map((call) => {
      try {
        return String(call());
      } catch (error) {
        return String(error);
      }
    });
  });
  t.deepEqual(value, [
    "TypeError: withAsync: expected an object with the methods enter and exit, got null",
    'TypeError: withAsync: expected an object with the methods enter and exit, got {"enter":function enter}',
    "TypeError: withAsync: expected a coroutine function, such as async function* () { … }, got 5",
    "TypeError: AsyncExitStack.enterAsyncContext: expected an object with the methods enter and exit, got undefined",
    "TypeError: AsyncExitStack.enterContext: expected an object with Symbol.dispose, got {}",
    "TypeError: AsyncExitStack.callback: expected a plain function, got the GeneratorFunction (anonymous), which a mere call does not run; use createTask",
    'TypeError: AsyncExitStack.pushAsyncCallback: expected a coroutine function, got "f"',
    "TypeError: each: expected an asynchronous iterable, got [1,2]",
    'TypeError: each: expected a function, got "f"',
    "TypeError: catchGroup: expected a coroutine function, such as async function* () { … }, got 0",
    "TypeError: catchGroup: expected clauses [condition, handler], got function RangeError",
    "TypeError: catchGroup: expected an error class, an array of them or a function, got 5",
    "TypeError: awaitable: expected a coroutine, got a promise, which belongs to the real world; write the function as async function*",
    "TypeError: timeout: expected a coroutine function, such as async function* () { … }, got 5",
  ]);
});
