import test from "ava";
import { createTask, getRunningLoop, simulate, sleep } from "../index.ts";
import { arrivals, batchMeans, ProcessorSharing, Resource, Tally } from "../resources/index.ts";

/*
 * Queues whose truth is known exactly, each with a fixed seed: the truth lies within three standard errors of the mean of a long run, by batch means.
 */

interface Queue {
  readonly lambda: number;
  readonly servers?: number;
  readonly service: (random: {
    exponential(mean: number): number;
    erlang(phases: number, mean: number): number;
  }) => number;
  readonly priority?: (random: { random(): number }) => number;
}

const CUSTOMERS = 30_000;

/** The waits of the customers of `queue`, by priority. */
async function waitsOf({ lambda, servers = 1, service, priority = () => 0 }: Queue): Promise<Tally[]> {
  const waits = [new Tally({ keep: true }), new Tally({ keep: true })];
  const { error } = await simulate(
    function* () {
      const loop = getRunningLoop();
      const [gaps, services, kinds] = [loop.random("gaps"), loop.random("services"), loop.random("kinds")];
      const server = new Resource({ capacity: servers });
      function* customer() {
        const [came, seconds, kind] = [loop.time(), service(services), priority(kinds)];
        yield* server.with(
          function* () {
            waits[kind]?.add(loop.time() - came);
            yield* sleep(seconds);
          },
          { priority: kind },
        );
      }
      yield* arrivals(() => gaps.exponential(1 / lambda), customer, { count: CUSTOMERS });
    },
    { trace: "off", seed: 5 },
  );
  if (error !== undefined) {
    throw error;
  }
  return waits;
}

/** How many standard errors the mean of a tally is from the truth. */
function errors(tally: Tally | undefined, truth: number): number {
  const { mean, halfWidth } = batchMeans(tally!.values.slice(1000), { batches: 20, confidence: 0.6827 });
  return Math.abs(mean - truth) / halfWidth;
}

test("Theory: M/M/1, M/D/1, M/E2/1, M/M/3 and priorities have the waits of the formulas", async (t) => {
  const exponential: Queue["service"] = (random) => random.exponential(1);
  const [mm1] = await waitsOf({ lambda: 0.5, service: exponential });
  const [md1] = await waitsOf({ lambda: 0.5, service: () => 1 });
  const [me1] = await waitsOf({ lambda: 0.5, service: (random) => random.erlang(2, 1) });
  const [mm3] = await waitsOf({ lambda: 2, servers: 3, service: exponential });
  const [high, low] = await waitsOf({
    lambda: 0.8,
    service: exponential,
    priority: (random) => (random.random() < 0.25 ? 0 : 1),
  });
  const found = {
    mm1: errors(mm1, 1),
    md1: errors(md1, 0.5),
    me1: errors(me1, 0.75),
    mm3: errors(mm3, 4 / 9),
    high: errors(high, 1),
    low: errors(low, 5),
  };
  t.true(
    Object.values(found).every((error) => error < 3),
    JSON.stringify(found),
  );
});

test("Theory: a shared processor gives M/M/1-PS its sojourn time", async (t) => {
  const sojourn = new Tally({ keep: true });
  await simulate(
    function* () {
      const loop = getRunningLoop();
      const [gaps, services] = [loop.random("gaps"), loop.random("services")];
      const server = new ProcessorSharing();
      function* customer() {
        const came = loop.time();
        yield* server.serve(services.exponential(1 / 5));
        sojourn.add(loop.time() - came);
      }
      createTask(arrivals(() => gaps.exponential(1 / 3), customer));
      yield* sleep(5000);
    },
    { trace: "off", seed: 5 },
  );
  t.true(errors(sojourn, 0.5) < 3, `${sojourn.mean}`);
});
