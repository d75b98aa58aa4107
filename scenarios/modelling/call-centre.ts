import { defineExperiment } from "../../engine/experiment/index.ts";
import { createTask, defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { arrivals, Resource, Tally } from "../../engine/resources/index.ts";

const DAY = 10 * 3600;
const LENGTH = DAY + 3600;

/** Calls in a second: most before noon. */
const rate = (time: number): number => (time < 2 * 3600 ? 90 : time < 5 * 3600 ? 160 : 100) / 3600;

/** Opens the centre for a day, and tallies its calls. */
function open(agents: number): { readonly wait: Tally; readonly lost: Tally } {
  const loop = getRunningLoop();
  const [talk, patience] = [loop.random("talk"), loop.random("patience")];
  const agent = new Resource({ capacity: agents, name: "agent", queueLimit: 30 });
  const wait = new Tally({ name: "wait" });
  const lost = new Tally({ name: "lost" });
  function* call() {
    const came = loop.time();
    const [seconds, timeout] = [talk.exponential(180), patience.exponential(120)];
    const request = yield* agent.request({ timeout });
    lost.add(request.granted ? 0 : 1);
    if (request.granted) {
      wait.add(loop.time() - came);
      yield* sleep(seconds);
      request.release();
    }
  }
  createTask(arrivals({ rate, max: 160 / 3600 }, call, { until: DAY }));
  return { wait, lost };
}

function* main() {
  const { wait, lost } = open(8);
  yield* sleep(LENGTH);
  const share = (lost.mean * 100).toFixed(1);
  print(`8 agents: ${share} % of ${lost.n} calls were lost, the others waited ${wait.mean.toFixed(1)} s on average`);
}

export const experiment = defineExperiment({
  name: "call-centre",
  about: "how many agents does it take to lose fewer than 5 % of the calls?",
  parameters: { agents: [6, 7, 8, 9, 10] },
  model: function* ({ agents }: { readonly agents: number }) {
    return open(agents);
  },
  length: LENGTH,
  replications: { until: { lost: 0.15 }, min: 10, max: 100 },
});

export default defineScenario({
  name: "call-centre",
  about: "a day of a call centre: callers hang up when they have waited too long",
  main,
});
