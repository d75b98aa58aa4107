import { createTask, defineScenario, gather, random, sleep } from "simloop";

function* worker(turns: number) {
  for (let i = 0; i < turns; i++) {
    yield* sleep(random("turns").exponential(1));
  }
}

/** What the proof sweeps: a run of about `steps` steps, of which one in ten thousand fails. */
export default defineScenario({
  name: "steps",
  about: "a run of some hundred steps",
  parameters: { steps: 500 },
  *main({ steps }) {
    const turns = Math.max(1, Math.round(steps / 4));
    yield* gather(createTask(worker(turns)), createTask(worker(turns)));
    if (random("luck").integer(1, 10_000) === 1) {
      throw new Error("out of luck");
    }
    return { last: random("last").uniform(0, 1) };
  },
});
