import test from "ava";
import { createTask, debug, type Moment, print, replay, shared, sleep, watch } from "../../index.ts";

/** Two tasks read a balance, and write it a step later. */
async function* lostUpdate() {
  const account = shared({ balance: 0 }, "account");
  let done = 0;
  watch("done", () => done);
  async function* deposit(amount: number) {
    const { balance } = account;
    yield;
    account.balance = balance + amount;
    done++;
  }
  const tasks = [createTask(deposit(10), { name: "a" }), createTask(deposit(5), { name: "b" })];
  for (const task of tasks) {
    yield* task;
  }
  print(`balance ${account.balance}`);
  if (account.balance !== 15) {
    throw new Error("an update was lost");
  }
}

/** Two tasks that sleep at different depths. */
function* sleepers() {
  function* inner() {
    yield* sleep(2);
  }
  function* outer() {
    yield* inner();
  }
  const task = createTask(outer(), { name: "outer" });
  yield* sleep(1);
  print("one");
  yield* task;
}

/** What has run | what is ready, in parentheses if something must come before it | the values. */
const inShort = ({ last, ready, values }: Moment): string =>
  [
    last?.name ?? "",
    ready.map(({ name, isFree }) => (isFree ? name : `(${name})`)).join(" "),
    values.map(({ label, value }) => `${label} ${value}`).join(", "),
  ].join(" | ");

test("debug: each moment of a run, from the first to the last", async (t) => {
  const run = await debug(lostUpdate);
  const moments: string[] = [];
  for (let steps = 0; steps <= run.length; steps++) {
    moments.push(inShort(await run.at(steps)));
  }
  t.deepEqual(moments, [
    " | main#1 | ",
    'main#1 | a#1 (b#1) | account {"balance":0}, done 0',
    'a#1 | b#1 a#2 | account {"balance":0}, done 0',
    'b#1 | a#2 b#2 | account {"balance":0}, done 0',
    'a#2 | b#2 main#2 | account {"balance":10}, done 1',
    'b#2 | main#2 | account {"balance":5}, done 2',
    'main#2 | main!1 | account {"balance":5}, done 2',
    'main!1 |  | account {"balance":5}, done 2',
  ]);
  t.is(String(run.failure?.error), "Error: an update was lost");
});

test("debug: going back shows what was there before", async (t) => {
  const run = await debug(lostUpdate);
  const forwards = [await run.at(2), await run.at(3), await run.at(4)];
  t.deepEqual([await run.at(4), await run.at(3), await run.at(2)], forwards.toReversed());
});

test("debug: another ready step makes another run, which its token replays", async (t) => {
  const run = await debug(lostUpdate, "s1:");
  for (let steps = 0; steps < run.length; steps++) {
    const { ready } = await run.at(steps);
    for (const { name, isFree } of ready) {
      if (isFree) {
        const other = await run.fork(steps, name);
        const order = Array.from(other.steps(), (step) => step.name);
        t.deepEqual(order.slice(0, steps), Array.from(run.steps(), (step) => step.name).slice(0, steps));
        t.is(order[steps], name);
        const replayed = await replay(lostUpdate, other.token);
        t.deepEqual([replayed.order, replayed.verdict], [order, other.failure === null ? "ok" : "failed"]);
      }
    }
  }
});

test("debug: the await stack of each task, innermost first, and what it waits for", async (t) => {
  const run = await debug(sleepers);
  const { tasks, output } = await run.at(run.nextOf("main", 1)!);
  t.is(output, "one\n");
  t.deepEqual(
    tasks.map(({ path, state, waitsFor, stack }) => [
      path,
      state,
      waitsFor,
      stack.map((frame) => frame.replace(/ \(.*/, "")),
    ]),
    [
      ["main", "waiting", "task 'outer'", ["sleepers"]],
      ["outer", "waiting", "sleep(2)", ["inner", "outer"]],
    ],
  );
  t.regex(tasks[1]!.stack[0]!, /^inner \(.*debugger\.test\.ts:\d+:\d+\)$/);
});

test("debug: the next step of a task, and the next touch of an object", async (t) => {
  const run = await debug(lostUpdate);
  const steps = [...run.steps()];
  const found = run.nextTouch("account", 0)!;
  t.is(steps[found - 1]!.name, "a#1");
  t.deepEqual(steps[found - 1]!.touches, [{ object: "account.balance", access: "r" }]);
  t.is(steps[run.nextOf("b", 0)! - 1]!.name, "b#1");
  t.is(steps[run.nextOf("b#2", 0)! - 1]!.name, "b#2");
  t.is(run.nextOf("c", 0), null);
  t.is(run.nextTouch("nothing", 0), null);
});

test("debug: at the end of a failing run stands its failure", async (t) => {
  const run = await debug(function* () {
    yield* sleep(1);
    throw new Error("no");
  });
  const { failure, time, ready } = await run.at(run.length);
  t.deepEqual([String(failure?.error), failure?.kind, time, ready], ["Error: no", "error", 1, []]);
  t.is((await run.at(1)).failure, undefined);
});

test("debug: unknown steps, and steps that may not come next, are refused", async (t) => {
  const run = await debug(lostUpdate);
  const message = (error: unknown): string => String(error);
  t.is(
    await run.at(1000).catch(message),
    `RangeError: at: expected a number of steps from 0 to ${run.length}, got 1000`,
  );
  t.is(await run.at(-1).catch(message), `RangeError: at: expected a number of steps from 0 to ${run.length}, got -1`);
  t.is(
    await run.fork(1, "b#1").catch(message),
    'RangeError: fork: expected a step that may run after 1 steps (a#1), got "b#1"; what one step scheduled keeps its order',
  );
  t.regex(
    (await run.fork(1, "c#1").catch(message)) as string,
    /^RangeError: fork: expected a step that may run after 1 steps \(a#1\), got "c#1"$/,
  );
  await t.throwsAsync(debug(null as never), { instanceOf: TypeError });
  await t.throwsAsync(debug(lostUpdate, "nonsense"), { name: "TokenError" });
});

test("debug: a program that takes other steps the next time is found out", async (t) => {
  let runs = 0;
  const run = await debug(function* () {
    runs++;
    for (let i = 0; i < (runs > 2 ? 1 : 3); i++) {
      yield* sleep(i + runs / 10);
    }
  });
  await t.throwsAsync(run.at(run.length), {
    name: "ImpureProgramError",
    message: /^debug: the run led to two different/,
  });
});

test("debug: a signal ends a look at the run", async (t) => {
  const controller = new AbortController();
  const run = await debug(
    function* () {
      for (let i = 0; i < 5000; i++) {
        yield* sleep(1);
      }
    },
    null,
    { signal: controller.signal },
  );
  controller.abort(new Error("enough"));
  await t.throwsAsync(run.at(run.length), { message: "enough" });
  await t.throwsAsync(run.fork(1, "main@1"), { message: "enough" });
});

test("watch, shared: outside of a debugger they show nothing, and mistakes throw", async (t) => {
  t.throws(() => watch("", () => 0), { message: /^watch: expected a label, got ""/ });
  t.throws(() => watch("x", 5 as never), { message: /^watch: expected a function that returns a value, got 5/ });
  t.notThrows(() => watch("x", () => t.fail()));
});
