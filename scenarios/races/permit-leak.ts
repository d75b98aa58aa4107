import { CancelledError, createTask, defineScenario, gather, print, Semaphore, sleep } from "../../engine/index.ts";

const pool = (isFixed: boolean) =>
  async function* main() {
    const connections = new Semaphore(1);
    async function* query() {
      yield* connections.acquire();
      if (!isFixed) {
        // A cancellation that arrives here finds no `finally`.
        yield* sleep(0);
      }
      try {
        yield* sleep(0);
        yield* sleep(0);
      } finally {
        connections.release();
      }
    }
    const querying = createTask(query(), { name: "query" });
    async function* giveUp() {
      for (let i = 0; i < 6; i++) {
        yield* sleep(0);
      }
      querying.cancel();
    }
    const [result] = yield* gather(querying, createTask(giveUp(), { name: "impatience" }), { returnExceptions: true });
    if (result instanceof Error && !(result instanceof CancelledError)) {
      throw result;
    }
    print(`the pool is ${connections.locked() ? "empty" : "full"} again`);
  };

/** Cancelled between `acquire` and `try`. */
export const broken = defineScenario({
  name: "permit-leak",
  about: "a query that may be cancelled between acquire and try",
  main: pool(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "permit-leak-fixed",
  about: "the same with try right after acquire",
  main: pool(true),
});
