import test from "ava";
import type { Meaning } from "../../base/ordering-policy.ts";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import type { FaultPlan } from "./fault-plan.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;

interface Asked {
  readonly name: string;
  readonly meanings: readonly string[];
}

/** What is noted of `plan` when an exploration takes `option` of every choice, and which choices it has. */
async function run(plan: FaultPlan, option: number | null, seconds = 20): Promise<[string[], Asked[]]> {
  const asked: Asked[] = [];
  const choose = (name: string, count: number, say?: Meaning): number => {
    asked.push({ name, meanings: Array.from({ length: count }, (_, i) => say!(i)) });
    return Math.min(option!, count - 1);
  };
  const { trace, error } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { faults } = loop.network;
      if (option !== null) {
        Object.assign(loop, { _ordering: { choose } });
      }
      faults.schedule(plan);
      Object.assign(loop, { _ordering: null });
      yield* sleep(seconds);
    },
    { network: { hosts: { a: {}, b: {}, c: {} } } },
  );
  const notes = trace.records.flatMap((record) => {
    const what = record.kind.startsWith("fault.") && "detail" in record ? record.detail["what"] : null;
    const fault = typeof what === "string" ? JSON.parse(what) : {};
    return what === null ? [] : [`${Number(record.time.toFixed(6))} ${record.kind} ${fault.fault ?? ""}`.trim()];
  });
  return [error === undefined ? notes : [...notes, String(error)], asked];
}

const PARTITION = { fault: "partition", at: 2, until: 4, between: [["a"], ["b", "c"]] } as const;
const CRASH = { fault: "crash", at: 1, until: 3, host: "b" } as const;

test("Fault plans: begin, end and healing of each fault are noted at their times, in order, whatever the order of the plan", async (t) => {
  const plan: FaultPlan = { faults: [PARTITION, CRASH, { fault: "pause", at: 5, host: "a" }], end: 6 };
  t.deepEqual((await run(plan, null))[0], [
    "1 fault.begun crash",
    "2 fault.begun partition",
    "3 fault.ended crash",
    "4 fault.ended partition",
    "5 fault.begun pause",
    "6 fault.healed",
  ]);
});

test("Fault plans: an exploration takes one of eight instants of the spread, not beyond the end of the plan", async (t) => {
  const plan: FaultPlan = { faults: [{ ...PARTITION, spread: 1.4 }], end: 5 };
  const [, [choice]] = await run(plan, 0);
  t.is(choice!.name, "f:partition@1");
  t.deepEqual(
    choice!.meanings.map((text) => text.replace(/.*? at ([\d.]+) s.*/, "$1")),
    ["2", "2.2", "2.4", "2.6", "2.8", "3", "3.2", "3.4"],
  );
  const times = await Promise.all([0, 1, 7].map(async (option) => (await run(plan, option))[0]));
  t.deepEqual(times, [
    ["2 fault.begun partition", "4 fault.ended partition", "5 fault.healed"],
    ["2.2 fault.begun partition", "4.2 fault.ended partition", "5 fault.healed"],
    ["3.4 fault.begun partition", "5 fault.healed", "5 fault.ended partition"],
  ]);
});

test("Fault plans: an optional fault happens only if an exploration says so", async (t) => {
  const plan: FaultPlan = { faults: [{ ...CRASH, optional: true }] };
  t.deepEqual((await run(plan, null))[0], []);
  t.deepEqual((await run(plan, 0))[0], []);
  const [notes, [choice]] = await run(plan, 1);
  t.deepEqual(notes, ["1 fault.begun crash", "3 fault.ended crash"]);
  t.is(choice!.meanings.length, 2);
  const late = await run({ faults: [{ ...CRASH, optional: true, spread: 7 }] }, 2);
  t.deepEqual(late[0], ["2 fault.begun crash", "4 fault.ended crash"]);
});

test("Fault plans: what an exploration chooses reads as a sentence that names the hosts", async (t) => {
  const between = (fields: object): FaultPlan => ({ faults: [{ ...PARTITION, spread: 1, ...fields }] as never });
  const meaningOf = async (plan: FaultPlan): Promise<string> => (await run(plan, 0))[1][0]!.meanings.at(-1)!;
  t.deepEqual(
    await Promise.all([
      meaningOf(between({})),
      meaningOf(between({ oneWay: true })),
      meaningOf(between({ between: [["a", "b"], null] })),
      meaningOf({ faults: [{ ...CRASH, spread: 1 }] }),
      meaningOf({ faults: [{ ...CRASH, optional: true }] }),
    ]),
    [
      "partition of a<>b,c at 3 s instead of 2 s",
      "partition of a>b,c at 3 s instead of 2 s",
      "partition of a,b<>* at 3 s instead of 2 s",
      "crash of b at 2 s instead of 1 s",
      "crash of b at 1 s",
    ],
  );
});

test("Fault plans: a fault may end with the plan, and neither begin nor end beyond it", async (t) => {
  const outcome = async (fields: object): Promise<string> =>
    (await run({ faults: [{ ...PARTITION, ...fields }], end: 4 } as never, null))[0].at(-1)!;
  t.deepEqual(await Promise.all([{}, { until: 4.001 }, { at: 4, until: 4 }, { at: 4.5, until: 4.5 }].map(outcome)), [
    "4 fault.ended partition",
    'RangeError: faults[0]: expected "until" from 2 s (its begin) to 4 (the end), got 4.001',
    "4 fault.ended partition",
    'RangeError: faults[0]: expected "at" from 0 s (now) to 4 (the end), got 4.5',
  ]);
});
