import { defineExperiment } from "../../engine/experiment/index.ts";
import { createTask, defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { arrivals, Resource, Tally } from "../../engine/resources/index.ts";

/** Arrivals and services in a second, and servers. */
interface Parameters {
  readonly lambda: number;
  readonly mu: number;
  readonly servers: number;
}

/** The probability that a customer of an M/M/c queue has to wait: Erlang's formula C. */
export function erlangC({ lambda, mu, servers }: Parameters): number {
  const load = lambda / mu;
  // Erlang's formula B by its recurrence, which cannot overflow.
  let blocked = 1;
  for (let c = 1; c <= servers; c++) {
    blocked = (load * blocked) / (c + load * blocked);
  }
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** The mean wait in an M/M/c queue. */
export const meanWait = (parameters: Parameters): number =>
  erlangC(parameters) / (parameters.servers * parameters.mu - parameters.lambda);

/** Lets customers come, and tallies how long they wait. */
function open({ lambda, mu, servers }: Parameters): Tally {
  const loop = getRunningLoop();
  const [gaps, services] = [loop.random("arrivals"), loop.random("services")];
  const wait = new Tally({ name: "wait" });
  const server = new Resource({ capacity: servers, name: "server" });
  function* customer() {
    const came = loop.time();
    const seconds = services.exponential(1 / mu);
    yield* server.with(function* () {
      wait.add(loop.time() - came, loop.time());
      yield* sleep(seconds);
    });
  }
  createTask(arrivals(() => gaps.exponential(1 / lambda), customer));
  return wait;
}

const PARAMETERS: Parameters = { lambda: 2, mu: 1, servers: 3 };

function* main() {
  const wait = open(PARAMETERS);
  yield* sleep(20_000);
  const truth = meanWait(PARAMETERS).toFixed(3);
  print(`${wait.n} customers waited ${wait.mean.toFixed(3)} s on average; Erlang's formula says ${truth} s`);
  print(
    `half of them waited at most ${wait.quantile(0.5).toFixed(3)} s, 90 % at most ${wait.quantile(0.9).toFixed(3)} s`,
  );
}

export const experiment = defineExperiment({
  name: "mmc-queue",
  about: "the mean wait in an M/M/c queue, which Erlang's formula gives exactly",
  parameters: { servers: [3, 4] },
  model: function* ({ servers }: { readonly servers: number }) {
    return { wait: open({ lambda: 2, mu: 1, servers }) };
  },
  warmUp: 200,
  length: 2200,
  replications: { until: { wait: 0.1 }, min: 10, max: 400 },
});

export default defineScenario({ name: "mmc-queue", about: "an M/M/3 queue against Erlang's formula", main });
