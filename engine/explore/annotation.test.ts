import test from "ava";
import { createTask, explore, gather, Lock, type Program, sleep, touch } from "../index.ts";

/** Philosophers, who share nothing but forks; the last takes them in the same order as the others if `isFixed`, the other way round if not. */
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

test("reversal: conflicts over locks are reversed before other pairs of steps", async (t) => {
  const { failure } = await explore(philosophers(3, false), { strategy: "reversal" });
  t.is(failure?.kind, "deadlock");
  t.true((failure?.run ?? 0) <= 60, String(failure?.run));
});

test("gather: which of its children ends last makes no other interleaving", async (t) => {
  const program = (count: number): Program<void> =>
    function* () {
      function* worker() {
        yield* sleep(0);
        touch("log", "w");
      }
      yield* gather(Array.from({ length: count }, (_, i) => createTask(worker(), { name: `w${i + 1}` })));
    };
  const counts: number[] = [];
  for (const count of [2, 3, 4]) {
    for (const strategy of ["exhaustive", "mix"] as const) {
      counts.push((await explore(program(count), { strategy, runs: 1000 })).interleavings);
    }
  }
  t.deepEqual(counts, [2, 2, 6, 6, 24, 24]);
});
