import { choose, defineScenario, print, sleep } from "../../engine/index.ts";

const transfer = (isFixed: boolean) =>
  async function* main() {
    const disk = { checking: 100, savings: 0, journal: null as number | null };
    async function* move(amount: number) {
      if (isFixed) {
        disk.journal = amount;
      }
      disk.checking -= amount;
      yield* sleep(0.01);
      if (choose("power fails", ["no", "yes"]) === "yes") {
        return;
      }
      disk.savings += amount;
      disk.journal = null;
    }
    async function* restart() {
      yield* sleep(1);
      if (disk.journal !== null) {
        disk.savings += disk.journal;
        disk.journal = null;
      }
    }
    yield* move(40);
    yield* restart();
    print(`${disk.checking} + ${disk.savings}`);
    if (disk.checking + disk.savings !== 100) {
      throw new Error(`${100 - disk.checking - disk.savings} are gone`);
    }
  };

/** The first half is on disk, the second is not. */
export const broken = defineScenario({
  name: "crash-between",
  about: "a power failure between the two writes of a transfer",
  main: transfer(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "crash-between-fixed",
  about: "the same with a journal",
  main: transfer(true),
});
