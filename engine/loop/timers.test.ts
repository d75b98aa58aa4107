import { readFileSync } from "node:fs";
import test from "ava";
import { EventLoop } from "../index.ts";

/** What CPython 3.13 did; engine/golden/loop/timers.py writes it, and says what an act is. */
interface Golden {
  readonly acts: readonly (readonly [time: number, whens: readonly number[], cancelled: readonly number[]])[];
  readonly fired: readonly number[];
}

const golden: readonly Golden[] = readFileSync(new URL("../golden/loop/timers.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

async function fired(acts: Golden["acts"], timerTies: "fifo" | "heapq"): Promise<number[]> {
  const loop = new EventLoop({ timerTies });
  const numbers: number[] = [];
  const timers: { cancel(): void }[] = [];
  for (const [time, whens, cancelled] of acts) {
    loop.callAt(time, () => {
      for (const when of whens) {
        const number = timers.length;
        timers.push(loop.callAt(when, () => numbers.push(number)));
      }
      for (const number of cancelled) {
        timers[number]?.cancel();
      }
    });
  }
  await loop.runForever();
  return numbers;
}

test('Timers: with timerTies "heapq", equal deadlines fire in CPython\'s order, through cancellations and sweeps', async (t) => {
  const orders: Golden[] = [];
  for (const { acts } of golden) {
    orders.push({ acts, fired: await fired(acts, "heapq") });
  }
  t.deepEqual(orders, golden);
});

test('Timers: with timerTies "fifo", the same timers fire by deadline, equal ones in the order in which they were set', async (t) => {
  for (const { acts } of golden) {
    const whens = acts.flatMap(([, whens]) => whens);
    const withdrawn = new Set(
      acts.flatMap(([time, , cancelled]) => cancelled.filter((number) => time <= whens[number]!)),
    );
    const expected = [...whens.keys()]
      .filter((number) => !withdrawn.has(number))
      .sort((a, b) => whens[a]! - whens[b]! || a - b);
    t.deepEqual(await fired(acts, "fifo"), expected);
  }
});

test("Timers: eight equal deadlines fire first come, first served; by CPython's heap, 0 2 6 5 7 4 1 3", async (t) => {
  const eight: Golden["acts"] = [[0, [1, 1, 1, 1, 1, 1, 1, 1], []]];
  t.deepEqual(
    [await fired(eight, "fifo"), await fired(eight, "heapq")],
    [
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 2, 6, 5, 7, 4, 1, 3],
    ],
  );
});
