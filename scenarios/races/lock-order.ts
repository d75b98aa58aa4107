import { createTask, defineScenario, gather, Lock, print, sleep } from "../../engine/index.ts";

const transfers = (isFixed: boolean) =>
  async function* main() {
    const checking = new Lock();
    const savings = new Lock();
    async function* transfer(from: Lock, to: Lock, hops: number) {
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      yield* from.with(async function* () {
        yield* sleep(0);
        yield* to.with(async function* () {});
      });
    }
    yield* gather(
      createTask(transfer(checking, savings, 0), { name: "save" }),
      createTask(isFixed ? transfer(checking, savings, 5) : transfer(savings, checking, 5), { name: "spend" }),
    );
    print("both transfers are done");
  };

/** Each holds what the other wants. */
export const broken = defineScenario({
  name: "lock-order",
  about: "two transfers that take two locks, each in its own order",
  main: transfers(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "lock-order-fixed",
  about: "the same with one order for both",
  main: transfers(true),
});
