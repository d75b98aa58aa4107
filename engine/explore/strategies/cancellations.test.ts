import test from "ava";
import {
  CancelledError,
  Condition,
  createTask,
  Event,
  explore,
  gather,
  type Program,
  shared,
  sleep,
  TimeoutError,
  waitFor,
} from "../../index.ts";
import { byText } from "../schedule/schedule.ts";

/** What `body` comes to, or that it took too long. */
function* within(body: () => Generator<unknown, string, unknown>) {
  try {
    return yield* body();
  } catch (error) {
    if (!(error instanceof TimeoutError)) {
      throw error;
    }
    return "late";
  }
}

/** All outcomes that an exhaustive search meets, whether or not the program says what it touches. */
async function outcomesOf(main: (meet: (outcome: string) => void) => Program<void>): Promise<string[][]> {
  const both: string[][] = [];
  for (const isLabelled of [false, true]) {
    const outcomes = new Set<string>();
    const { verdict } = await explore(
      function* () {
        const state = isLabelled ? shared({ runs: 0 }, "state") : { runs: 0 };
        state.runs++;
        yield* main((outcome) => outcomes.add(outcome))() as Generator<unknown, void, unknown>;
      },
      { strategy: "exhaustive" },
    );
    both.push([verdict, ...[...outcomes].sort(byText)]);
  }
  return both;
}

test("exhaustive: a deadline and the end of the sleep at the same instant come in either order", async (t) => {
  const outcomes = await outcomesOf(
    (meet) =>
      function* () {
        const nap = function* () {
          yield* waitFor(sleep(1), 1);
          return "slept";
        };
        meet(yield* createTask(within(nap), { name: "A" }));
      },
  );
  const expected = ["verified", "late", "slept"];
  t.deepEqual(outcomes, [expected, expected]);
});

test("exhaustive: a task that gives up waiting may wake the next before that gives up, too", async (t) => {
  const outcomes = await outcomesOf(
    (meet) =>
      function* () {
        const condition = new Condition();
        const waiting = function* () {
          yield* condition.with(function* () {
            yield* waitFor(condition.wait(), 1);
          });
          return "woken";
        };
        const tasks = ["A", "B"].map((name) => createTask(within(waiting), { name }));
        meet((yield* gather(tasks)).join());
      },
  );
  const expected = ["verified", "late,late", "late,woken", "woken,late"];
  t.deepEqual(outcomes, [expected, expected]);
});

test("exhaustive: a cancellation that is taken back counts if the task still waits, and not if it is on its way", async (t) => {
  const outcomes = await outcomesOf(
    (meet) =>
      function* () {
        const event = new Event();
        const waiter = createTask(
          (function* () {
            try {
              yield* event.wait();
              return "woken";
            } catch (error) {
              if (!(error instanceof CancelledError)) {
                throw error;
              }
              return "cancelled";
            }
          })(),
          { name: "waiter" },
        );
        yield* sleep(1);
        const waker = createTask(
          (function* () {
            yield* sleep(0);
            event.set();
          })(),
          { name: "waker" },
        );
        const canceller = createTask(
          (function* () {
            yield* sleep(0);
            waiter.cancel();
            waiter.uncancel();
          })(),
          { name: "canceller" },
        );
        yield* gather(waker, canceller);
        meet(yield* waiter);
      },
  );
  const expected = ["verified", "cancelled", "woken"];
  t.deepEqual(outcomes, [expected, expected]);
});
