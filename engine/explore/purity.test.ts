import { randomUUID } from "node:crypto";
import test from "ava";
import {
  createTask,
  explore,
  gather,
  ImpureProgramError,
  type Program,
  print,
  sleep,
  strategyNames,
} from "../index.ts";

function* turns(count: number) {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/** Two tasks that do `work`, which is to differ from run to run. */
const two = (work: () => Generator<unknown, void, unknown>): Program<unknown> =>
  function* () {
    yield* gather(createTask(work(), { name: "A" }), createTask(work(), { name: "B" }));
  };

const isImpure = { instanceOf: ImpureProgramError };

test("explore: a program that changes only after many runs is found out by the baseline run, which is made again now and then", async (t) => {
  let runs = 0;
  const aging = () => {
    runs++;
    return two(() => turns(runs < 100 ? 3 : 4))();
  };
  await t.throwsAsync(explore(aging, { strategy: "random", runs: 1000 }), {
    ...isImpure,
    message: /the default schedule led to two different runs, .* they part at step \d+/,
  });
  t.true(runs < 1000, `${runs} runs`);
});

test("explore: a program that changes in its last runs is found out at the end", async (t) => {
  for (const strategy of ["mix", "exhaustive"] as const) {
    let runs = 0;
    const aging = () => {
      runs++;
      return two(() => turns(runs < 12 ? 4 : 5))();
    };
    await t.throwsAsync(explore(aging, { strategy, runs: 13 }), isImpure, strategy);
  }
});

test("explore: a failure that comes with the number of runs is none of the order's", async (t) => {
  for (const strategy of strategyNames.filter((name) => name !== "replay" && name !== "fifo")) {
    let runs = 0;
    const filling = () => {
      runs++;
      const isFull = runs > 5;
      return two(function* () {
        yield* turns(2);
        if (isFull) {
          throw new Error("full");
        }
      })();
    };
    await t.throwsAsync(explore(filling, { strategy }), isImpure, strategy);
  }
});

test("explore: a baseline run that fails only once is found out", async (t) => {
  let runs = 0;
  await t.throwsAsync(
    explore(function* () {
      yield* turns(2);
      if (++runs === 1) {
        throw new Error("not yet there");
      }
    }),
    { ...isImpure, message: /the same schedule failed once and passed once/ },
  );
});

test("explore: what the program prints is compared from run to run: a clock, a counter and a UUID are found out", async (t) => {
  let runs = 0;
  const impurities: Readonly<Record<string, () => unknown>> = {
    clock: () => Date.now(),
    counter: () => ++runs,
    uuid: () => randomUUID(),
  };
  const messages: string[] = [];
  for (const impurity of Object.values(impurities)) {
    for (const hasChoices of [false, true]) {
      const error = await t.throwsAsync(
        explore(
          function* () {
            print("it is", impurity());
            yield* hasChoices ? gather(sleep(0), sleep(0)) : sleep(1);
          },
          { runs: 3 },
        ),
        { instanceOf: ImpureProgramError },
      );
      messages.push(error.message);
    }
  }
  t.deepEqual(
    new Set(messages.map((message) => message.slice(0, 90))),
    new Set(["explore: the default schedule took the same steps twice, but did something different in th"]),
  );
});

test("explore: a failing order that fails in another way each time is found out", async (t) => {
  let failures = 0;
  const error = await t.throwsAsync(
    explore(function* () {
      let log = "";
      function* worker(name: string) {
        yield* sleep(0);
        log += name;
      }
      yield* gather(createTask(worker("a"), { name: "a" }), createTask(worker("b"), { name: "b" }));
      if (log !== "ab") {
        throw new Error(`failure number ${++failures}`);
      }
    }),
    { instanceOf: ImpureProgramError },
  );
  t.regex(error.message, /failed in two different ways.*"failure number 1" against .*"failure number 2"/);
});
