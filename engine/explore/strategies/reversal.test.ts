import test from "ava";
import { createTask, explore, gather, type Program, sleep, touch } from "../../index.ts";

function* turns(count: number) {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/**
 * One step waits until nine others are half done, and fails if none of them is done yet; none of them says what it
 * touches.
 */
const reorder = (count: number, hops: number) =>
  function* main() {
    let half = 0;
    let whole = 0;
    function* setter() {
      yield* turns(1);
      half++;
      yield* turns(1);
      whole++;
    }
    function* checker() {
      yield* turns(hops);
      if (half === count - 1 && whole === 0) {
        throw new Error("half done");
      }
    }
    const setters = Array.from({ length: count - 1 }, (_, i) => createTask(setter(), { name: `setter-${i + 1}` }));
    yield* gather(...setters, createTask(checker(), { name: "checker" }));
  };

test("mix: finds the one order of ten tasks in which nine are half done, though nothing says what they touch", async (t) => {
  for (const hops of [3, 4, 6]) {
    const { failure } = await explore(reorder(10, hops), { runs: 10_000 });
    t.is(failure?.deviations.length, 9, `${hops} hops`);
    t.true((failure?.run ?? 0) < 2000, `${hops} hops: run ${failure?.run}`);
  }
});

test("reversal: races for what is touched least come first", async (t) => {
  const program: Program<void> = function* () {
    let isReady = false;
    function* busy(index: number) {
      for (let i = 0; i < 6; i++) {
        yield* turns(1);
        touch("counter", "w");
      }
      if (index === 0) {
        touch("ready", "w");
        isReady = true;
      }
    }
    function* user() {
      yield* turns(9);
      touch("ready", "r");
      if (!isReady) {
        throw new Error("not ready");
      }
    }
    yield* gather(
      createTask(busy(0), { name: "A" }),
      createTask(busy(1), { name: "B" }),
      createTask(user(), { name: "user" }),
    );
  };
  const { failure } = await explore(program, { strategy: "reversal" });
  t.is(failure?.run, 2);
  t.is(failure?.deviations.length, 1);
});

test("reversal: all steps that raced with one step for one thing are held together, before pairs of reversals are tried", async (t) => {
  const program: Program<void> = function* () {
    let written = 0;
    function* writer() {
      yield* turns(1);
      touch("log", "w");
      written++;
    }
    function* reader() {
      yield* turns(4);
      touch("log", "r");
      if (written === 0) {
        throw new Error("empty");
      }
    }
    const writers = Array.from({ length: 5 }, (_, i) => createTask(writer(), { name: `writer-${i + 1}` }));
    yield* gather(...writers, createTask(reader(), { name: "reader" }));
  };
  const { failure } = await explore(program, { strategy: "reversal" });
  t.is(failure?.deviations.length, 5);
  // Ten pairs of writers and five of a writer and the reader are reversed one by one, and the writers that raced with
  // one of them together.
  t.true((failure?.run ?? 0) <= 30, `run ${failure?.run}`);
});
