import test from "ava";
import {
  CancelledError,
  createTask,
  EventLoop,
  type ExceptionGroup,
  getRunningLoop,
  RuntimeError,
  sleep,
  Timeout,
  TimeoutError,
  taskGroup,
  timeout,
  timeoutAt,
} from "simloop";
import { Boom, logOf, outcome, outcomeOf, type Plain, resultOf, say, self } from "./programs.ts";

/*
 * What CPython's test_timeouts.py asserts of timeout and timeout_at, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

const sayCause = (error: unknown): void => say(`${(error as Error).name} because of ${(error as Error).cause}`);

/** How a block ended, and what its scope says afterwards. */
function* endOf(enter: (keep: (scope: Timeout) => void) => ReturnType<typeof timeout>): Plain<string> {
  let kept: Timeout | undefined;
  const ended = yield* outcomeOf(
    enter((scope) => {
      kept = scope;
    }),
  );
  return `${ended.split(":")[0]}; expired ${kept?.expired()}, when ${kept?.when()}, ${kept}`;
}

for (const { title, block, expected } of [
  {
    title: "a deadline that passes",
    block: (keep: (scope: Timeout) => void) =>
      timeout(1, function* (scope) {
        keep(scope);
        yield* sleep(10);
      }),
    expected: "6 TimeoutError; expired true, when 6, <Timeout [expired]>",
  },
  {
    title: "a deadline as an instant",
    block: (keep: (scope: Timeout) => void) =>
      timeoutAt(7, async function* (scope) {
        keep(scope);
        yield* sleep(10);
      }),
    expected: "7 TimeoutError; expired true, when 7, <Timeout [expired]>",
  },
  {
    title: "a block that ends in time",
    block: (keep: (scope: Timeout) => void) =>
      timeout(10, function* (scope) {
        keep(scope);
        yield* sleep(1);
        return "in time";
      }),
    expected: "6 in time; expired false, when 15, <Timeout [finished]>",
  },
  {
    title: "no deadline",
    block: (keep: (scope: Timeout) => void) =>
      timeout(null, function* (scope) {
        keep(scope);
        yield* sleep(1);
        return String(scope);
      }),
    expected: "6 <Timeout [active] when=null>; expired false, when null, <Timeout [finished]>",
  },
  {
    title: "no instant as deadline",
    block: (keep: (scope: Timeout) => void) =>
      timeoutAt(null, function* (scope) {
        keep(scope);
        yield* sleep(1);
      }),
    expected: "6 undefined; expired false, when null, <Timeout [finished]>",
  },
  {
    title: "a delay of zero",
    block: (keep: (scope: Timeout) => void) =>
      timeout(0, function* (scope) {
        keep(scope);
        yield* sleep(10);
      }),
    expected: "5 TimeoutError; expired true, when 5, <Timeout [expired]>",
  },
  {
    title: "a delay of zero and a block that only gives up a turn",
    block: (keep: (scope: Timeout) => void) =>
      timeout(0, function* (scope) {
        keep(scope);
        yield* sleep(0);
      }),
    expected: "5 TimeoutError; expired true, when 5, <Timeout [expired]>",
  },
  {
    title: "a deadline that is long past",
    block: (keep: (scope: Timeout) => void) =>
      timeout(-11, function* (scope) {
        keep(scope);
        yield* sleep(0);
      }),
    expected: "5 TimeoutError; expired true, when -6, <Timeout [expired]>",
  },
  {
    title: "a delay of zero and a block that does not wait",
    block: (keep: (scope: Timeout) => void) =>
      timeout(0, function* (scope) {
        keep(scope);
        return "done";
      }),
    expected: "5 done; expired false, when 5, <Timeout [finished]>",
  },
  {
    title: "an error of the block's own",
    block: (keep: (scope: Timeout) => void) =>
      timeout(1, function* (scope): Plain<void> {
        keep(scope);
        throw new Boom();
      }),
    expected: "5 Boom; expired false, when 6, <Timeout [finished]>",
  },
  {
    title: "a cancellation that is not the deadline's",
    block: (keep: (scope: Timeout) => void) =>
      timeout(10, function* (scope) {
        keep(scope);
        self().cancel();
        yield* sleep(10);
      }),
    expected: "5 CancelledError; expired false, when 15, <Timeout [finished]>",
  },
] as const) {
  test(`timeout: with ${title}`, async (t) => {
    const log = await logOf(async function* () {
      yield* sleep(5);
      say(yield* createTask(endOf(block as Parameters<typeof endOf>[0])));
    });
    t.deepEqual(log, [expected]);
  });
}

test("timeout: what waits inside is cancelled; the task itself is not", async (t) => {
  const log = await logOf(async function* () {
    async function* limited() {
      try {
        yield* timeout(1, async function* () {
          try {
            yield* sleep(10);
          } catch (error) {
            say(error);
            throw error;
          }
        });
      } catch (error) {
        sayCause(error);
      }
    }
    const task = createTask(limited());
    yield* task;
    say([task.cancelled(), task.cancelling()]);
  });
  t.deepEqual(log, ["1 CancelledError", "1 TimeoutError because of CancelledError", "1 false,0"]);
});

test("timeout: of two nested ones with one deadline, both expire and the outer throws", async (t) => {
  const log = await logOf(async function* () {
    const scopes: Timeout[] = [];
    const ended = yield* outcomeOf(
      timeoutAt(1, function* (outer) {
        yield* timeoutAt(1, function* (inner) {
          scopes.push(outer, inner);
          try {
            yield* sleep(10);
          } catch (error) {
            say(error);
            throw error;
          }
        });
      }),
    );
    say([ended.split(":")[0], ...scopes.map((scope) => scope.expired())]);
  });
  t.deepEqual(log, ["1 CancelledError", "1 TimeoutError,true,true"]);
});

test("timeout: an inner one that expires leaves the outer to interrupt what comes after", async (t) => {
  const log = await logOf(async function* () {
    const ended = yield* outcomeOf(
      timeout(2, async function* () {
        say((yield* outcomeOf(timeout(1, () => sleep(10)))).split(":")[0]);
        yield* sleep(10);
      }),
    );
    say([ended.split(":")[0], self().cancelling()]);
  });
  t.deepEqual(log, ["1 TimeoutError", "2 TimeoutError,0"]);
});

test("timeout: the outer deadline interrupts the inner block, whose own deadline is later", async (t) => {
  const log = await logOf(async function* () {
    const ended = yield* outcomeOf(
      timeout(1, function* () {
        say(yield* outcomeOf(timeout(2, () => sleep(10))));
        say("the cancellation was swallowed here");
      }),
    );
    say(ended);
  });
  t.deepEqual(log, ["1 CancelledError", "1 the cancellation was swallowed here", "1 undefined"]);
});

test("timeout: one inside the cleaning up of another works for itself", async (t) => {
  const log = await logOf(async function* () {
    try {
      yield* timeout(1, function* () {
        try {
          yield* sleep(10);
        } finally {
          say((yield* outcomeOf(timeout(1, () => sleep(10)))).split(":")[0]);
        }
      });
    } catch (error) {
      sayCause(error);
    }
  });
  t.deepEqual(log, ["2 TimeoutError", "2 TimeoutError because of CancelledError"]);
});

test("timeout: after a cancellation that was caught, a new one works, and so does a new cancellation", async (t) => {
  const log = await logOf(async function* () {
    async function* cleaning(again: boolean) {
      try {
        self().cancel();
        yield* sleep(1);
      } catch {
        say("caught");
      }
      const ended = yield* outcomeOf(
        timeout(again ? 1 : 0, function* () {
          if (again) {
            self().cancel();
          }
          yield* sleep(2);
        }),
      );
      say(ended.split(":")[0]);
    }
    yield* createTask(cleaning(false));
    yield* createTask(cleaning(true));
  });
  t.deepEqual(log, ["0 caught", "0 TimeoutError", "0 caught", "0 CancelledError"]);
});

test("timeout: an error that the cancellation brings about is passed on", async (t) => {
  const log = await logOf(async function* () {
    const ended = timeout(1, function* () {
      try {
        yield* sleep(10);
      } catch (cause) {
        throw new Boom("", { cause });
      }
    });
    say([yield* outcomeOf(ended), self().cancelling()]);
  });
  t.deepEqual(log, ["1 Boom,0"]);
});

test("timeout: around a task group whose tasks fail in cleaning up, the group's error is passed on", async (t) => {
  const log = await logOf(async function* () {
    try {
      yield* timeout(1, () =>
        taskGroup(function* (group) {
          group.createTask(
            (function* () {
              try {
                yield* sleep(2);
              } catch (cause) {
                throw new Boom("", { cause });
              }
            })(),
          );
          yield* sleep(2);
        }),
      );
    } catch (error) {
      say([(error as Error).name, ...(error as ExceptionGroup).errors]);
    }
  });
  t.deepEqual(log, ["1 ExceptionGroup,Boom"]);
});

test("timeout: reschedule moves the deadline, from outside as well, and null takes it away", async (t) => {
  const log = await logOf(async function* () {
    let scope: Timeout | undefined;
    const task = createTask(
      timeoutAt(10, function* (entered) {
        scope = entered;
        yield* sleep(50);
      }),
    );
    yield* sleep(0);
    say(scope?.when());
    scope?.reschedule(20);
    say(scope?.when());
    yield* sleep(15);
    scope?.reschedule(null);
    say(scope?.when());
    yield* sleep(15);
    task.cancel();
    say([yield* outcomeOf(task), scope?.expired()]);
  });
  t.deepEqual(log, ["0 10", "0 20", "15 null", "30 CancelledError,false"]);
});

test("timeout: a deadline that is moved into the past expires in the next pass", async (t) => {
  const log = await logOf(async function* () {
    yield* sleep(3);
    const ended = timeout(10, function* (scope) {
      scope.reschedule(1);
      say("still here");
      yield* sleep(0);
    });
    say((yield* outcomeOf(ended)).split(":")[0]);
  });
  t.deepEqual(log, ["3 still here", "3 TimeoutError"]);
});

test("timeout: its deadline cannot be moved before the block, while it expires, nor after it", async (t) => {
  const messages = await resultOf(async function* () {
    const refusals: string[] = [];
    const refuse = (scope: Timeout | undefined): void => {
      refusals.push((t.throws(() => scope?.reschedule(5), { instanceOf: RuntimeError }) as Error).message);
    };
    refuse(new Timeout(1));
    let kept: Timeout | undefined;
    const keeping = (work: number) =>
      timeout(1, function* (scope) {
        kept = scope;
        yield* sleep(work);
      });
    yield* keeping(0);
    refuse(kept);
    yield* outcomeOf(keeping(10));
    refuse(kept);
    yield* timeout(1, function* (scope) {
      yield* outcomeOf(sleep(10));
      refuse(scope);
    });
    return refusals;
  });
  ["has not been entered", "finished", "expired", "expiring"].forEach((word, i) => {
    t.true(messages[i]?.includes(word), `${messages[i]}`);
  });
});

test("timeout: a block cannot be entered twice", async (t) => {
  const log = await logOf(async function* () {
    const block = timeout(1, () => sleep(0, "entered"));
    say(yield* block);
    say((yield* outcomeOf(block)).split(":")[0]);
  });
  t.deepEqual(log, ["0 entered", "0 RuntimeError"]);
});

test.serial("timeout: outside of a loop, and of a task, it cannot be used", async (t) => {
  t.throws(() => timeout(1, () => sleep(1)), { instanceOf: RuntimeError });
  const loop = new EventLoop();
  const seen: string[] = [];
  loop.callSoon(() => {
    const block = timeout(1, () => sleep(1));
    seen.push(outcome(() => block[Symbol.asyncIterator]().next()));
  });
  await loop.runOnce();
  t.deepEqual(seen, ["RuntimeError"]);
});

test("timeout: a deadline that is NaN or no number is refused, and so is a body that is none", async (t) => {
  const refused = await resultOf(async function* () {
    return [
      outcome(() => timeout(Number.NaN, () => sleep(1))),
      outcome(() => timeoutAt(Number.NaN, () => sleep(1))),
      outcome(() => timeout("1" as never, () => sleep(1))),
      outcome(() => timeout(1, 5 as never)),
    ];
  });
  t.deepEqual(refused, ["RangeError", "RangeError", "TypeError", "TypeError"]);
});

test("timeout: the cause of its TimeoutError is the cancellation", async (t) => {
  const error = await t.throwsAsync(
    resultOf(async function* () {
      yield* timeoutAt(getRunningLoop().time() + 1, () => sleep(10));
    }),
    { instanceOf: TimeoutError },
  );
  t.true(error?.cause instanceof CancelledError);
});
