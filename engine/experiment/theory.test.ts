import test from "ava";
import { createTask, gather, getRunningLoop, simulate, sleep } from "../index.ts";
import { arrivals, batchMeans, PreemptiveResource, ProcessorSharing, Resource, Tally } from "../resources/index.ts";

/*
 * Queues whose truth is known exactly, each with a fixed seed: the truth lies within three standard errors of the mean
 * of a long run, by batch means.
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

/** What `program` tallied. */
async function tallyOf(program: (tally: Tally) => Generator<unknown, unknown, unknown>): Promise<Tally> {
  const tally = new Tally({ keep: true });
  const { error } = await simulate(() => program(tally) as never, { trace: "off", seed: 5 });
  if (error !== undefined) {
    throw error;
  }
  return tally;
}

const streams = () => {
  const loop = getRunningLoop();
  return { loop, gaps: loop.random("gaps"), services: loop.random("services"), kinds: loop.random("kinds") };
};

/** The share of customers that find no place: `servers` of rate 1, and `places` to wait. */
const lossOf = (lambda: number, servers: number, places: number): Promise<Tally> =>
  tallyOf(function* (lost) {
    const { gaps, services } = streams();
    const server = new Resource({ capacity: servers, queueLimit: places });
    function* customer() {
      const request = server.request();
      lost.add(request.state === "rejected" ? 1 : 0);
      if (request.state !== "rejected") {
        yield* request;
        yield* sleep(services.exponential(1));
        request.release();
      }
    }
    yield* arrivals(() => gaps.exponential(1 / lambda), customer, { count: 20_000 });
  });

test("Theory: M/M/3/3 loses the share of Erlang's B formula, M/M/1/3 that of a full system", async (t) => {
  const erlang = errors(await lossOf(2, 3, 0), 4 / 19);
  const finite = errors(await lossOf(0.8, 1, 2), 0.1024 / 0.5904);
  t.true(erlang < 3 && finite < 3, `${erlang} ${finite}`);
});

test("Theory: four machines with one repairer are down as long as the finite source formula says", async (t) => {
  const down = await tallyOf(function* (tally) {
    const { loop, gaps, services } = streams();
    const repairer = new Resource();
    function* machine() {
      while (loop.time() < 10_000) {
        yield* sleep(gaps.exponential(4));
        const broke = loop.time();
        yield* repairer.serve(services.exponential(1));
        tally.add(loop.time() - broke);
      }
    }
    yield* gather([1, 2, 3, 4].map(() => createTask(machine())));
  });
  // The repairer works for the share 1 - 1/3.21875 of the time; each machine has a cycle of 4 machines / throughput.
  t.true(errors(down, 4 / (1 - 1 / 3.21875) - 4) < 3, `${down.mean}`);
});

test("Theory: a Jackson network of two stations with feedback has the sojourn time of its product form", async (t) => {
  const sojourn = await tallyOf(function* (tally) {
    const { loop, gaps, services, kinds } = streams();
    const [first, second] = [new Resource(), new Resource()];
    function* job() {
      const came = loop.time();
      do {
        yield* first.serve(services.exponential(1));
        yield* second.serve(services.exponential(1.25));
      } while (kinds.random() < 0.25);
      tally.add(loop.time() - came);
    }
    yield* arrivals(() => gaps.exponential(2.5), job, { count: 20_000 });
  });
  t.true(errors(sojourn, (8 / 7 + 2) / 0.4) < 3, `${sojourn.mean}`);
});

test("Theory: M/M/1 with preemption that resumes has the sojourn times of both classes", async (t) => {
  const low = new Tally({ keep: true });
  const high = await tallyOf(function* (tally) {
    const { loop, gaps, services, kinds } = streams();
    const server = new PreemptiveResource();
    function* customer() {
      const [came, priority] = [loop.time(), kinds.random() < 0.25 ? 0 : 1];
      yield* server.serve(services.exponential(1), { priority });
      (priority === 0 ? tally : low).add(loop.time() - came);
    }
    yield* arrivals(() => gaps.exponential(1 / 0.8), customer, { count: 30_000 });
  });
  const found = [errors(high, 1.25), errors(low, 6.25)];
  t.true(
    found.every((error) => error < 3),
    found.join(" "),
  );
});

test("Theory: arrivals in pairs wait as M[2]/M/1 says", async (t) => {
  const wait = await tallyOf(function* (tally) {
    const { loop, gaps, services } = streams();
    const server = new Resource();
    function* customer() {
      const came = loop.time();
      yield* server.with(function* () {
        tally.add(loop.time() - came);
        yield* sleep(services.exponential(1));
      });
    }
    yield* arrivals(() => gaps.exponential(4), customer, { count: 20_000, batch: 2 });
  });
  t.true(errors(wait, 2) < 3, `${wait.mean}`);
});
