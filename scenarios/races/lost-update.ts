import { createTask, defineScenario, gather, Lock, print, shared, sleep } from "../../engine/index.ts";

const bank = (isFixed: boolean) =>
  async function* main() {
    const account = shared({ balance: 0 }, "account");
    const lock = new Lock();
    async function* add(amount: number) {
      const before = account.balance;
      yield* sleep(0);
      account.balance = before + amount;
    }
    async function* deposit(amount: number, hops: number) {
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      yield* isFixed ? lock.with(() => add(amount)) : add(amount);
    }
    yield* gather(createTask(deposit(30, 0), { name: "salary" }), createTask(deposit(12, 3), { name: "refund" }));
    print(`balance ${account.balance}`);
    if (account.balance !== 42) {
      throw new Error(`balance ${account.balance} instead of 42`);
    }
  };

/** Read, pause, write. */
export const broken = defineScenario({
  name: "lost-update",
  about: "two deposits that read, pause and write",
  main: bank(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "lost-update-fixed",
  about: "the same under a lock",
  main: bank(true),
});
