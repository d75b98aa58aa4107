import { fc, testProp } from "@fast-check/ava";
import {
  type Coroutine,
  createTask,
  type Future,
  gather,
  getRunningLoop,
  simulate,
  sleep,
  type Task,
} from "../../engine/index.ts";
import { delays } from "./programs.ts";

const sleepTimes = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 100 });

/** Ways to sleep, which must come to the same. */
const sleepers: Readonly<Record<string, (delay: number) => Coroutine<unknown>>> = {
  async: async function* (delay) {
    yield* sleep(delay);
  },
  "async, bare": async function* (delay) {
    yield sleep(delay);
  },
  plain: function* (delay) {
    yield* sleep(delay);
  },
  "plain, bare": function* (delay) {
    yield sleep(delay);
  },
};
const flavours = fc.constantFrom(...Object.keys(sleepers));
const begin = (flavour: string, delay: number): Coroutine<unknown> => sleepers[flavour]!(delay);

testProp(
  "Law: sleepers awaited one after the other take the sum of their times, as tasks the maximum",
  [sleepTimes, flavours],
  async (t, delays, flavour) => {
    const sequential = await simulate(
      async function* () {
        for (const delay of delays) {
          yield begin(flavour, delay);
        }
      },
      { trace: "off" },
    );
    const concurrent = await simulate(
      async function* () {
        yield* gather(delays.map((delay) => begin(flavour, delay)));
      },
      { trace: "off" },
    );
    t.deepEqual(
      [sequential.error, sequential.time, concurrent.error],
      [undefined, delays.reduce((sum, delay) => sum + delay, 0), undefined],
    );
    // The last timer may fire together with one that is due less than the clock's resolution before.
    const maximum = Math.max(0, ...delays);
    t.true(concurrent.time <= maximum && concurrent.time + 1e-9 > maximum, `${concurrent.time}, not ${maximum}`);
  },
);

interface Awaited {
  /** When it is done. */
  readonly at: number;
  readonly outcome: "result" | "error" | "cancel";
  /** Whether it is a task or a bare future. */
  readonly isTask: boolean;
  /** When each of those who await it begins to, and how it is written. */
  readonly awaiters: readonly (readonly [at: number, flavour: string])[];
}

const awaited: fc.Arbitrary<Awaited> = fc.record({
  at: delays.map((delay) => Math.max(0, delay)),
  outcome: fc.constantFrom("result", "error", "cancel"),
  isTask: fc.boolean(),
  awaiters: fc.array(
    fc.tuple(
      delays.map((delay) => Math.max(0, delay)),
      flavours,
    ),
    { maxLength: 8 },
  ),
});

const awaits: Readonly<Record<string, (future: Future<unknown>) => Coroutine<unknown>>> = {
  async: async function* (future) {
    return yield* future;
  },
  "async, bare": async function* (future) {
    return yield future;
  },
  plain: function* (future) {
    return yield* future;
  },
  "plain, bare": function* (future) {
    return yield future;
  },
};

/** What is awaited: a task or a future that comes to its outcome at its time. */
function begun({ at, outcome, isTask }: Awaited, name: string): Future<unknown> {
  const loop = getRunningLoop();
  if (isTask) {
    const task: Task<unknown> = createTask(
      (function* () {
        yield* sleep(outcome === "cancel" ? 1e9 : at);
        if (outcome === "error") {
          throw new Error(name);
        }
        return name;
      })(),
    );
    if (outcome === "cancel") {
      loop.callLater(at, () => task.cancel(name));
    }
    return task;
  }
  const future = loop.createFuture<string>();
  loop.callLater(at, () => {
    if (outcome === "result") {
      future.setResult(name);
    } else if (outcome === "error") {
      future.setException(new Error(name));
    } else {
      future.cancel(name);
    }
  });
  return future;
}

interface Delivery {
  readonly awaiter: number;
  readonly began: number;
  readonly time: number;
  /** Whether it was there already when the awaiter came. */
  readonly atOnce: boolean;
  readonly text: string;
}

testProp(
  "Law: a result comes to each who awaits it exactly once, in the order of awaiting; at once if it is there already",
  [fc.array(awaited, { minLength: 1, maxLength: 6 })],
  async (t, all) => {
    const { value, error } = await simulate(
      async function* () {
        const loop = getRunningLoop();
        const order: number[][] = all.map(() => []);
        const deliveries: Delivery[][] = all.map(() => []);
        const futures = all.map((each, i) => begun(each, `outcome ${i}`));
        async function* awaiter(i: number, number: number, at: number, flavour: string) {
          yield* sleep(at);
          const future = futures[i]!;
          const began = loop.time();
          const atOnce = future.done();
          order[i]?.push(number);
          const text = yield* settled(awaits[flavour]!(future));
          deliveries[i]?.push({ awaiter: number, began, time: loop.time(), atOnce, text });
        }
        yield* gather(
          all.flatMap(({ awaiters }, i) => awaiters.map(([at, flavour], number) => awaiter(i, number, at, flavour))),
        );
        yield* sleep(10);
        return all.map((_, i) => ({ order: order[i]!, deliveries: deliveries[i]! }));
      },
      { trace: "off" },
    );
    t.is(error, undefined);
    all.forEach(({ at, outcome, awaiters }, i) => {
      const { order, deliveries } = value![i]!;
      t.deepEqual(
        deliveries.map(({ awaiter }) => awaiter).sort((a, b) => a - b),
        [...awaiters.keys()],
      );
      const waited = deliveries.filter(({ atOnce }) => !atOnce).map(({ awaiter }) => awaiter);
      t.deepEqual(
        waited,
        order.filter((awaiter) => waited.includes(awaiter)),
      );
      for (const { began, time, atOnce, text } of deliveries) {
        t.regex(text, outcome === "result" ? /^outcome/ : outcome === "error" ? /^Error: outcome/ : /^CancelledError/);
        t.true(text.startsWith("CancelledError") || text.endsWith(`outcome ${i}`));
        t.true(atOnce ? time === began : time >= began && time + 1e-9 > at && time <= Math.max(at, began));
      }
    });
  },
);

async function* settled(coroutine: Coroutine<unknown>): AsyncGenerator<unknown, string> {
  try {
    return String(yield coroutine);
  } catch (error) {
    return String(error);
  }
}
