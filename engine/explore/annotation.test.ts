import test from "ava";
import {
  createTask,
  explore,
  gather,
  Lock,
  type Program,
  shield,
  sleep,
  type Task,
  taskGroup,
  touch,
  wait,
} from "../index.ts";

/**
 * Philosophers, who share nothing but forks; the last takes them in the same order as the others if `isFixed`, the
 * other way round if not.
 */
const philosophers = (count: number, isFixed: boolean) =>
  function* main() {
    const forks = Array.from({ length: count }, () => new Lock());
    function* dine(seat: number) {
      for (let hop = 0; hop < 4 * seat; hop++) {
        yield* sleep(0);
      }
      const [left, right] = [seat, (seat + 1) % count];
      const [first, second] = isFixed ? [Math.min(left, right), Math.max(left, right)] : [left, right];
      yield* forks[first]!.acquire();
      yield* sleep(0);
      yield* forks[second]!.with(function* () {});
      forks[first]!.release();
    }
    yield* gather(forks.map((_, seat) => createTask(dine(seat), { name: `p${seat + 1}` })));
  };

test("exhaustive: what locks say of themselves is enough to verify a program that shares nothing else", async (t) => {
  const report = await explore(philosophers(3, true), { strategy: "exhaustive" });
  t.is(report.verdict, "verified");
  t.true(report.interleavings <= 40, String(report));
  t.true(report.runs <= 300, String(report));
  t.is((await explore(philosophers(3, false), { strategy: "exhaustive" })).failure?.kind, "deadlock");
});

test("exhaustive: a program with locks that shares something else, too, is not believed to share locks only", async (t) => {
  /** The lock guards the writer, but not the reader. */
  const program: Program<void> = function* () {
    const lock = new Lock();
    let pending = 0;
    function* writer() {
      yield* sleep(0);
      yield* lock.with(function* () {
        pending++;
        yield* sleep(0);
        pending--;
      });
    }
    function* reader() {
      for (let hop = 0; hop < 6; hop++) {
        yield* sleep(0);
      }
      if (pending > 0) {
        throw new Error("half done");
      }
    }
    yield* gather(createTask(writer(), { name: "writer" }), createTask(reader(), { name: "reader" }));
  };
  t.is((await explore(program, { strategy: "exhaustive" })).verdict, "failed");
});

test("exhaustive: hidden state that only changes what tasks do next makes the search begin again with every pair of steps", async (t) => {
  const program: Program<void> = function* () {
    const lock = new Lock();
    let flag = false;
    yield* gather(
      createTask(
        (function* () {
          yield* sleep(0);
          yield* lock.with(function* () {});
          flag = true;
        })(),
        { name: "a" },
      ),
      createTask(
        (function* () {
          for (let hop = 0; hop < 3; hop++) {
            yield* sleep(0);
          }
          if (!flag) {
            yield* lock.with(function* () {});
          }
        })(),
        { name: "b" },
      ),
    );
  };
  const { verdict, runs } = await explore(program, { strategy: "exhaustive", runs: 100_000 });
  t.is(verdict, "verified");
  // Not by the uses of the lock alone: of those there are two interleavings.
  t.true(runs > 10, String(runs));
});

test("exhaustive: what a step does may depend on what others did before, as whether it waits for a lock or goes on to release another", async (t) => {
  const seen = async (strategy: "exhaustive" | "reversal"): Promise<number> =>
    (await explore(philosophers(3, true), { strategy, runs: 3000 })).interleavings;
  t.deepEqual([await seen("exhaustive"), await seen("reversal")], [8, 8]);
});

test("reversal: conflicts over locks are reversed before other pairs of steps", async (t) => {
  const { failure } = await explore(philosophers(3, false), { strategy: "reversal" });
  t.is(failure?.kind, "deadlock");
  t.true((failure?.run ?? 0) <= 60, String(failure?.run));
});

/** Ways to wait for several tasks at once. */
const waysToWait: Readonly<
  Record<
    string,
    (tasks: () => Task<void>[], worker: () => Generator<unknown, void, unknown>) => Generator<unknown, void, unknown>
  >
> = {
  *gather(tasks) {
    yield* gather(tasks());
  },
  *wait(tasks) {
    yield* wait(tasks());
  },
  *shield(tasks) {
    yield* gather(tasks().map((task) => shield(task)));
  },
  *taskGroup(_tasks, worker) {
    yield* taskGroup(function* (group) {
      for (const name of ["w1", "w2", "w3"]) {
        group.createTask(worker(), { name });
      }
    });
  },
};

test("gather, wait, shield, taskGroup: to wait for tasks at once adds no interleavings to theirs, whether or not they say what they touch", async (t) => {
  const counts: Record<string, number[]> = {};
  for (const isLabelled of [true, false]) {
    function* worker() {
      yield* sleep(0);
      if (isLabelled) {
        touch("log", "w");
      }
    }
    const three = (): Task<void>[] => [1, 2, 3].map((i) => createTask(worker(), { name: `w${i}` }));
    for (const [name, way] of Object.entries(waysToWait)) {
      const seen: number[] = [];
      for (const strategy of ["exhaustive", "mix"] as const) {
        seen.push((await explore(() => way(three, worker), { strategy, runs: 1000 })).interleavings);
      }
      counts[`${name}${isLabelled ? "" : ", unlabelled"}`] = seen;
    }
  }
  // Labelled, the three writes in any order; else also where the second step of one stands among the first steps of the
  // others: 1 · 3 · 5.
  const labelled = [6, 6];
  const unlabelled = [15, 15];
  t.deepEqual(counts, {
    gather: labelled,
    wait: labelled,
    shield: labelled,
    taskGroup: labelled,
    "gather, unlabelled": unlabelled,
    "wait, unlabelled": unlabelled,
    "shield, unlabelled": unlabelled,
    "taskGroup, unlabelled": unlabelled,
  });
});

test("gather: with four tasks that say nothing, every interleaving is seen, in an exhaustive search and by chance", async (t) => {
  const program: Program<void> = function* () {
    function* worker() {
      yield* sleep(0);
    }
    yield* gather([1, 2, 3, 4].map((i) => createTask(worker(), { name: `w${i}` })));
  };
  const all = await explore(program, { strategy: "exhaustive" });
  // The first steps come in their order, the second ones anywhere behind: 1 · 3 · 5 · 7.
  t.deepEqual([all.verdict, all.interleavings], ["verified", 105]);
  t.is((await explore(program, { strategy: "random", runs: 2000 })).interleavings, 105);
});
