import test from "ava";
import { choose, createTask, explore, gather, type Program, sleep } from "../../index.ts";
import { FIFO } from "../run/chooser.ts";
import { RunBudget } from "../run/run-budget.ts";
import type { FailedRun, Session } from "../run/session.ts";
import { StopClock } from "../run/stop-clock.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { type Schedule, scheduleText } from "../schedule/schedule.ts";
import { parseToken } from "../schedule/token.ts";
import { sessionOf } from "../session-of.ts";
import { certify } from "./certificate.ts";
import { Shrinker } from "./shrink.ts";

const clock = new StopClock({ signal: undefined, stopSignal: undefined, time: Number.POSITIVE_INFINITY });
const budgetOf = (runs: number): RunBudget => new RunBudget(runs, clock, () => Promise.resolve());

/** A session that has run `program` by default and then by `token`, which must fail. */
async function failing(
  program: Program<unknown>,
  token: string,
): Promise<{ session: Session; baseline: ExecutionRecord; failed: FailedRun }> {
  const { session } = sessionOf(program, {});
  const { left, digests } = await session.run(FIFO);
  session.settings = { ...session.settings, baseline: { left, digests } };
  const baseline = session.record.copy();
  const { schedule } = parseToken(token);
  const { breakage, time } = await session.follow(schedule);
  if (breakage === null) {
    throw new Error(`${token} passes`);
  }
  return { session, baseline, failed: { breakage, schedule, record: session.record.copy(), time } };
}

async function shrunk(program: Program<unknown>, token: string, runs = 1000): Promise<FailedRun> {
  const { session, failed } = await failing(program, token);
  return await new Shrinker(session, failed, budgetOf(runs)).shrink();
}

const textOf = ({ schedule }: { readonly schedule: Schedule }): string => scheduleText(schedule);

/** Tasks A, B and C take so many turns each; `judge` sees the order of their steps: `"A1 B1 C1 A2 …"`. */
const abc = (turns: Readonly<Record<string, number>>, judge: (order: readonly string[]) => void): Program<void> =>
  function* () {
    const order: string[] = [];
    function* worker(name: string, count: number) {
      for (let i = 1; i <= count; i++) {
        order.push(`${name}${i}`);
        yield* sleep(0);
      }
    }
    yield* gather(Object.entries(turns).map(([name, count]) => createTask(worker(name, count), { name })));
    judge(order);
  };

const isBefore = (order: readonly string[], a: string, b: string): boolean => order.indexOf(a) < order.indexOf(b);

test("Shrinker: leaves out what the failure does not need, and releases what is left as early as possible", async (t) => {
  const program = abc({ A: 3, B: 6 }, (order) => {
    if (isBefore(order, "B4", "A2")) {
      throw new Error("late");
    }
  });
  t.is(textOf(await shrunk(program, "s1:A#2>B#6,B#2>A#1,A#3>B#6")), "A#2>B#4");
});

test("Shrinker: never goes over to another failure, even to a smaller one", async (t) => {
  const program = abc({ A: 2, B: 6, C: 2 }, (order) => {
    if (isBefore(order, "B4", "A2") && isBefore(order, "B4", "C2")) {
      throw new Error("both late");
    }
    if (isBefore(order, "B3", "A2")) {
      throw new TypeError("one late");
    }
  });
  const { breakage, schedule } = await shrunk(program, "s1:A#2>B#5,C#2>B#6");
  t.is(String(breakage.error), "Error: both late");
  t.is(scheduleText(schedule), "A#2>B#4,C#2>B#4");
});

test("Shrinker: holds end together where they can", async (t) => {
  const program = abc({ A: 2, B: 2, C: 7 }, (order) => {
    if (isBefore(order, "C4", "A2") && isBefore(order, "C5", "B2")) {
      throw new Error("late");
    }
  });
  t.is(textOf(await shrunk(program, "s1:A#2>C#6,B#2>C#7")), "A#2>C#5,B#2>C#5");
});

test("Shrinker: takes the smallest option that fails", async (t) => {
  const program: Program<void> = function* () {
    yield* sleep(1);
    if (choose("level", [0, 1, 2, 3, 4, 5]) >= 2) {
      throw new Error("too high");
    }
  };
  t.is(textOf(await shrunk(program, "s1:c:level=5")), "c:level=2");
  const { failure } = await explore(program, { strategy: "replay", token: "s1:c:level=4" });
  t.regex(failure?.token ?? "", /^s1:c:level=2;/);
});

test("Shrinker: stops when its budget is spent, with the best so far", async (t) => {
  const program = abc({ A: 3, B: 6 }, (order) => {
    if (isBefore(order, "B4", "A2")) {
      throw new Error("late");
    }
  });
  t.is(textOf(await shrunk(program, "s1:A#2>B#6,A#3>B#6", 0)), "A#2>B#6,A#3>B#6");
});

/** Fails when A's second step waits for B's fourth; nothing says what they touch. */
const late = abc({ A: 3, B: 6 }, (order) => {
  if (isBefore(order, "B4", "A2")) {
    throw new Error("late");
  }
});

test("certify: finds a smaller failure that only a pair of steps without known conflict leads to", async (t) => {
  const { session, baseline, failed } = await failing(late, "s1:A#2>B#5,A#3>B#6");
  const smaller = await certify(session, baseline, failed, budgetOf(5000), { tried: 0 });
  t.true("record" in smaller);
  t.is("record" in smaller ? smaller.schedule.holds.length : 0, 1);
});

test("certify: is complete only if everything smaller was run", async (t) => {
  const program = abc({ A: 2, B: 2, C: 4 }, (order) => {
    if (isBefore(order, "C4", "A2") && isBefore(order, "C4", "B2")) {
      throw new Error("both late");
    }
  });
  const { session, baseline, failed } = await failing(program, "s1:A#2>C#4,B#2>C#4");
  const whole = await certify(session, baseline, failed, budgetOf(5000), { tried: 0 });
  const part = await certify(session, baseline, failed, budgetOf(3), { tried: 0 });
  t.like(whole, { noneFailed: true, isComplete: true });
  t.like(part, { noneFailed: true, isComplete: false });
  // Every pair of steps that could have come the other way round, not only those over something both touch.
  t.true("smallerSchedulesTried" in whole && whole.smallerSchedulesTried > 20);
});
