import test from "ava";
import { createTask, explore, gather, sleep } from "../../index.ts";

function* turns(count: number) {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/** One step waits until nine others are half done, and fails if none of them is done yet; none of them says what it touches. */
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
