import { createTask, defineScenario, gather, random, sleep } from "../../engine/index.ts";

/** One seed in so many fails. */
const ONE_IN = 10_000;

function* miner() {
  for (let shift = 0; shift < 6; shift++) {
    yield* sleep(random("shifts").exponential(3600));
  }
}

/** A sweep that does not find the failing seeds of this scenario is broken. */
export default defineScenario({
  name: "canary",
  about: "fails on one seed in 10,000: a sweep that finds none of them is broken",
  *main() {
    yield* gather(createTask(miner()), createTask(miner()));
    if (random("gas").integer(1, ONE_IN) === 1) {
      throw new Error("gas in the mine");
    }
  },
});
