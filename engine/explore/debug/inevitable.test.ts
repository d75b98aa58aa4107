import test from "ava";
import { createTask, explore, inevitable, print, shared, sleep } from "../../index.ts";

/** Two read-modify-writes with a bare yield in the middle, after some steps that decide nothing. */
async function* lostUpdate() {
  const account = shared({ balance: 0 }, "account");
  async function* deposit() {
    const { balance } = account;
    yield;
    account.balance = balance + 1;
  }
  for (let i = 0; i < 5; i++) {
    yield* sleep(1);
  }
  const tasks = [createTask(deposit(), { name: "a" }), createTask(deposit(), { name: "b" })];
  for (const task of tasks) {
    yield* task;
  }
  if (account.balance !== 2) {
    throw new Error("an update was lost");
  }
}

/** Task b decides alone: it fails if it comes before a. Nothing that follows changes that. */
async function* decided() {
  let first = "";
  async function* worker(name: string) {
    yield* sleep(1);
    first ||= name;
    yield* sleep(1);
  }
  const tasks = [createTask(worker("a"), { name: "a" }), createTask(worker("b"), { name: "b" })];
  for (const task of tasks) {
    yield* task;
  }
  print(first);
  if (first === "b") {
    throw new Error("b was first");
  }
}

async function tokenOf(program: () => AsyncGenerator<unknown, void>): Promise<string> {
  return (await explore(program, { runs: 200 })).failure?.token ?? "";
}

test("inevitable: the step after which nothing can avert the failure is the one that decides", async (t) => {
  const report = await inevitable(decided, await tokenOf(decided), { samples: 40 });
  const { decisive, points } = report;
  t.deepEqual([decisive?.step, decisive?.time, decisive?.after], ["b#2", 1, 1]);
  t.true(points[0]!.failures > 5 && points[0]!.failures < 35, String(report));
  t.deepEqual(
    points.filter(({ steps }) => steps >= decisive!.number).map(({ failures }) => failures),
    points.filter(({ steps }) => steps >= decisive!.number).map(() => 40),
  );
});

test("inevitable: a race that fails in every other order is likelier than not from the beginning, or decided in the race", async (t) => {
  const token = (await explore(lostUpdate, { runs: 10 })).failure?.token ?? "s1:";
  const report = await inevitable(lostUpdate, token, { samples: 50 });
  t.is(report.points.at(-1)?.failures, 50);
  t.is(report.points.at(-1)?.steps, report.length);
  t.regex(String(report), /^ {2}steps +after +time +fails\n {2}0 +\(the beginning\) +0 s +\d+ %/);
});

test("inevitable: equal calls give equal reports, as a table and as a picture", async (t) => {
  const token = await tokenOf(decided);
  const [a, b] = [await inevitable(decided, token, { samples: 10 }), await inevitable(decided, token, { samples: 10 })];
  t.deepEqual([String(a), a.toSvg()], [String(b), b.toSvg()]);
  t.true(a.toSvg().startsWith("<svg ") && !a.toSvg().includes("NaN"));
});

test("inevitable: of many steps, those around the one that decides are looked at", async (t) => {
  const token = await tokenOf(decided);
  const all = await inevitable(decided, token, { samples: 20 });
  const few = await inevitable(decided, token, { samples: 20, points: 5 });
  t.true(few.points.length < all.points.length);
  t.deepEqual(few.decisive, all.decisive);
});

test("inevitable: tokens that pass, and options out of range, are refused", async (t) => {
  await t.throwsAsync(inevitable(decided, "s1:"), {
    message: "inevitable: expected a token whose run fails, but it passes",
  });
  await t.throwsAsync(inevitable(decided, "s1:", { samples: 0 }), {
    message: "inevitable: expected samples to be an integer from 1, got 0",
  });
  await t.throwsAsync(inevitable(decided, "s1:", { points: Number.NaN }), {
    message: /points to be an integer from 2, got NaN/,
  });
  await t.throwsAsync(inevitable(null as never, "s1:"), { message: /expected a coroutine function/ });
});
