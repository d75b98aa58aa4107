import test from "ava";
import * as fc from "fast-check";
import {
  createTask,
  explore,
  type FaultKind,
  type FaultPlan,
  faultKinds,
  gather,
  getRunningLoop,
  random,
  simulate,
  sleep,
} from "../engine/index.ts";
import { testSchedules } from "./ava.ts";
import {
  commandProgram,
  concurrentCommands,
  faults,
  latencies,
  program,
  ScheduleError,
  type SchedulePlan,
  schedule,
  underSchedule,
} from "./index.ts";

/** Adds amounts to a balance; each addition reads, pauses and writes. */
function* additions(amounts: readonly number[], isFixed = false) {
  let balance = 0;
  function* add(amount: number, hops: number) {
    for (let i = 0; i < hops; i++) {
      yield* sleep(0);
    }
    const before = balance;
    if (!isFixed) {
      yield* sleep(0);
    }
    balance = before + amount;
  }
  yield* gather(amounts.map((amount, i) => createTask(add(amount, i * 4), { name: `add-${i + 1}` })));
  const sum = amounts.reduce((a, b) => a + b, 0);
  if (balance !== sum) {
    throw new Error(`balance ${balance} instead of ${sum}`);
  }
}

const lostUpdate = fc.asyncProperty(
  schedule(),
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
  (orders, amounts) => underSchedule(orders, () => additions(amounts)),
);

test("schedule: the order shrinks to one hold, and the data under it", async (t) => {
  const { failed, counterexample, numShrinks } = await fc.check(lostUpdate, { seed: 1 });
  t.true(failed);
  const [orders, amounts] = counterexample as [SchedulePlan, number[]];
  t.regex(orders.token ?? "", /^s1:[^,]*add-1#2>[^,]*$/);
  t.is(amounts.length, 2);
  t.true(numShrinks < 30, `${numShrinks} shrinks`);
});

test("schedule: a token among the examples is a regression test", async (t) => {
  const { failed, counterexample, numRuns } = await fc.check(lostUpdate, {
    examples: [["s1:add-1#2>add-2#5", [1, 2]]],
    numRuns: 1,
    endOnFailure: true,
  });
  t.true(failed);
  t.is(numRuns, 1);
  t.is(String(counterexample?.[0]), "s1:add-1#2>add-2#5");
});

test("schedule: the report of a failing property shows the token and the explanation", async (t) => {
  const error = await t.throwsAsync(fc.assert(lostUpdate, { seed: 2 }));
  t.regex(error?.message ?? "", /Counterexample: \["s1:/);
  t.true(error?.cause instanceof ScheduleError);
});

test("schedule: what is reported last explains the shrunk failure", async (t) => {
  const error = await t.throwsAsync(fc.assert(lostUpdate, { seed: 1 }));
  const { message = "" } = (error?.cause ?? {}) as Error;
  t.regex(message, /^failed: error at 0 s, in the default schedule but for 1 deviation\n {2}Error: balance /);
  t.regex(message, /\n {2}add-1#2 waits until add-2#\d has run: /);
  t.regex(message, /\n\nreplay token: s1:add-1#2>/);
});

test("schedule: a token replays its failure whatever the property draws, for the program keeps its seed", async (t) => {
  const lucky = fc.asyncProperty(schedule(), (orders) =>
    underSchedule(orders, function* main() {
      const isUnlucky = random("luck").chance(0.5);
      let isSet = false;
      function* set() {
        yield* sleep(0);
        isSet = true;
      }
      function* get() {
        for (let i = 0; i < 4; i++) {
          yield* sleep(0);
        }
        if (!isSet) {
          throw new Error(`unlucky: ${isUnlucky}`);
        }
      }
      yield* gather(createTask(set(), { name: "set" }), createTask(get(), { name: "get" }));
    }),
  );
  const messages = new Set<string>();
  for (let seed = 1; seed <= 6; seed++) {
    const { counterexample } = await fc.check(lucky, { seed });
    const [orders] = counterexample as [SchedulePlan];
    const token = orders.token!;
    const again = await fc.check(lucky, { examples: [[token]], numRuns: 1 });
    t.true(again.failed, token);
    messages.add(((again.errorInstance as ScheduleError).cause as Error).message);
  }
  t.is(messages.size, 1);
});

test("schedule: data that the program refuses with fc.pre are not a failure", async (t) => {
  const property = fc.asyncProperty(schedule({ runs: 2 }), fc.nat(9), (orders, n) =>
    underSchedule(orders, function* main() {
      fc.pre(n > 4);
      yield* sleep(0);
    }),
  );
  const { failed, numSkips } = await fc.check(property, { numRuns: 20 });
  t.false(failed);
  t.true(numSkips > 0);
});

test("schedule: a program without a race passes", async (t) => {
  const property = fc.asyncProperty(schedule({ runs: 10 }), fc.array(fc.nat(9), { maxLength: 4 }), (orders, amounts) =>
    underSchedule(orders, () => additions(amounts, true)),
  );
  t.false((await fc.check(property, { numRuns: 20 })).failed);
});

testSchedules(
  "testSchedules: an ava test over data and orders",
  [fc.array(fc.nat(9), { maxLength: 4 })],
  (amounts) => additions(amounts, true),
  { runs: 5, property: { numRuns: 10, examples: [["s1:add-1#2>add-2#5", [1, 2]]] } },
);

const HOSTS = ["a", "b", "c"];

test("faults: plans are what network.faults.schedule takes, in order, and healed at their end", async (t) => {
  const kinds = Object.keys(faultKinds) as FaultKind[];
  const property = fc.asyncProperty(
    faults({ hosts: HOSTS, kinds, maxStart: 2, maxDuration: 1, max: 6 }),
    async (plan) => {
      const { error } = await simulate(
        function* main() {
          const { network } = getRunningLoop();
          const checked = network.faults.schedule(plan);
          t.deepEqual(JSON.parse(JSON.stringify(checked)), plan);
          yield* sleep(3);
          t.deepEqual(
            network.hosts.map(({ state }) => state),
            ["running", "running", "running", "running"],
          );
          t.is(network.faults.active.length, 0);
        },
        { network: { hosts: { a: {}, b: {}, c: {} } } },
      );
      t.is(error, undefined);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test("faults: they shrink to the fewest, earliest and shortest", (t) => {
  const shrunk = (holds: (plan: FaultPlan) => boolean) =>
    fc.check(fc.property(faults({ hosts: HOSTS }), holds), { seed: 3, numRuns: 1000 }).counterexample?.[0].faults;
  t.deepEqual(
    shrunk(({ faults: all }) => !all.some(({ fault }) => fault === "crash")),
    [{ fault: "crash", at: 0, until: 0, host: "a" }],
  );
  t.deepEqual(
    shrunk(({ faults: all }) => !all.some(({ fault, at, until = 0 }) => fault === "partition" && until - at >= 1.5)),
    [{ fault: "partition", at: 0, until: 1.5, between: [["b"], ["a", "c"]] }],
  );
});

test("faults, latencies: what makes no sense is refused", (t) => {
  t.throws(() => faults({ hosts: [] }), { instanceOf: RangeError, message: /expected hosts and kinds/ });
  t.throws(() => faults({ hosts: ["a"], kinds: ["hold"] }), { message: /at least two hosts, as hold strikes links/ });
  t.throws(() => faults({ hosts: ["a"], step: 0 }), { message: /step > 0/ });
  t.throws(() => faults({ hosts: ["a"], kinds: ["melt" as never] }), { message: /unknown kind 'melt' / });
  t.throws(() => latencies({ toString: 1 } as never), { message: /unknown option 'toString' / });
  t.throws(() => faults({ host: ["a"] } as never), { instanceOf: TypeError, message: /unknown option 'host' / });
  t.throws(() => latencies({ most: 1 } as never), { instanceOf: TypeError, message: /unknown option 'most' / });
  t.throws(() => latencies({ min: 2, max: 1 }), { message: /expected 0 <= min <= max/ });
});

test("latencies: stay within their range and shrink to the least", (t) => {
  const { counterexample } = fc.check(
    fc.property(latencies({ min: 0.01, max: 0.05 }), () => false),
    { seed: 1 },
  );
  t.deepEqual(counterexample, [0.01]);
});

class Increment {
  check(): boolean {
    return true;
  }

  *run(model: { count: number }, real: { count: number }) {
    const before = real.count;
    yield* sleep(0);
    real.count = before + 1;
    model.count++;
    if (real.count !== model.count) {
      throw new Error(`${real.count} instead of ${model.count}`);
    }
  }

  toString(): string {
    return "increment";
  }
}

const counters = () => ({ model: { count: 0 }, real: { count: 0 } });

test("commandProgram: commands run one after another against a model", async (t) => {
  const { error } = await simulate(commandProgram([new Increment(), new Increment()], counters));
  t.is(error, undefined);
});

test("concurrentCommands: lists of commands run as tasks, whose order an exploration varies", async (t) => {
  const program = concurrentCommands([[new Increment()], [new Increment()]], counters);
  const { failure } = await explore(program);
  t.is(failure?.kind, "error");
});

test("program: commands shrink to the fewest, and the order under which they fail to one hold", async (t) => {
  const property = fc.asyncProperty(
    schedule(),
    program([fc.constant(new Increment())], counters, { clients: 2, max: 4 }),
    (orders, main) => underSchedule(orders, main),
  );
  const { counterexample } = await fc.check(property, { seed: 1 });
  t.is(String(counterexample?.[1]), "[increment] beside [increment]");
  t.regex(String(counterexample?.[0]), /^"s1:[^,]*"$/);
});

test("program: one client's commands never fail against their model", async (t) => {
  const property = fc.asyncProperty(program([fc.constant(new Increment())], counters), async (main) => {
    t.is((await simulate(main)).error, undefined);
  });
  await fc.assert(property, { numRuns: 20 });
});

/** Adds a number to a list; two large ones are too many. */
class Push {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
  check(): boolean {
    return true;
  }
  *run(_model: object, list: number[]) {
    yield* sleep(0);
    list.push(this.number);
    if (list.filter((each) => each > 50).length > 1) {
      throw new Error("two large numbers");
    }
  }
  toString(): string {
    return `push(${this.number})`;
  }
}

for (const clients of [1, 2]) {
  test(`program: seed, path and replayPath replay the counterexample of ${clients} client(s)`, async (t) => {
    const check = (options: object, parameters: object) => {
      const list = program(
        [fc.nat(99).map((number) => new Push(number))],
        () => ({ model: {}, real: [] as number[] }),
        { clients, ...options },
      );
      const property = fc.asyncProperty(list, async (main) => {
        const result = await simulate(main);
        if ("error" in result) {
          throw result.error;
        }
      });
      return fc.check(property, { seed: 3, ...parameters });
    };
    const textOf = (counterexample: readonly unknown[] | null): string => fc.stringify(counterexample?.[0]);
    const { counterexample, counterexamplePath: path } = await check({}, {});
    const replayPath = /\/\*replayPath="(.*)"\*\/$/.exec(textOf(counterexample))?.[1] ?? "";
    const again = await check({ replayPath }, { path, endOnFailure: true });
    t.true(again.failed);
    t.is(again.numShrinks, 0);
    t.is(textOf(again.counterexample).replace(/ \/\*.*/, ""), textOf(counterexample).replace(/ \/\*.*/, ""));
  });
}

test("program: a replayPath that no counterexample printed is refused", (t) => {
  const make = (replayPath: unknown) => () =>
    program([fc.constant(new Increment())], counters, { clients: 2, replayPath: replayPath as string });
  t.throws(make(5), { instanceOf: TypeError, message: /expected replayPath to be a string .*got 5/ });
  t.throws(make("A:B"), { instanceOf: RangeError, message: /expected a replayPath for 2 client\(s\), got one for 1/ });
});
