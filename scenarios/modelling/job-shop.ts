import { createTask, defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { arrivals, PreemptiveResource, Tally } from "../../engine/resources/index.ts";

const DAYS = 200;
const DAY = 24 * 60;

/** Machines: how many of each, minutes of work, minutes between breakdowns, minutes of repair. */
const MACHINES = [
  { name: "saw", count: 1, work: 8, toFailure: 1500, repair: 60 },
  { name: "drill", count: 2, work: 17, toFailure: 2500, repair: 90 },
  { name: "paint", count: 1, work: 9, toFailure: 4000, repair: 120 },
];

/**
 * Jobs go from machine to machine. A breakdown takes the machine away from its job, which goes on where it was after
 * the repair.
 */
function* main() {
  const loop = getRunningLoop();
  const gaps = loop.random("arrivals");
  const throughput = new Tally();
  let interrupted = 0;
  const stations = MACHINES.map(({ name, count, ...times }) => ({
    ...times,
    resource: new PreemptiveResource({ capacity: count, name, monitor: true }),
    random: loop.random(name),
  }));
  function* breakdowns({ resource, random, toFailure, repair }: (typeof stations)[number]) {
    for (;;) {
      yield* sleep(random.exponential(toFailure));
      // A repair comes before all jobs.
      yield* resource.serve(random.exponential(repair), { priority: -1 });
    }
  }
  function* job() {
    const came = loop.time();
    for (const { resource, random, work } of stations) {
      const { preemptions } = yield* resource.serve(random.exponential(work), { onPreempt: "resume" });
      interrupted += preemptions;
    }
    throughput.add(loop.time() - came);
  }
  for (const station of stations) {
    createTask(breakdowns(station));
  }
  createTask(arrivals(() => gaps.exponential(12), job));
  yield* sleep(DAYS * DAY);
  const [mean, most] = [throughput.mean.toFixed(0), throughput.quantile(0.9).toFixed(0)];
  print(`${throughput.n} jobs in ${DAYS} days took ${mean} minutes on average, 90 % of them at most ${most}`);
  print(`${interrupted} interruptions by breakdowns`);
  for (const { resource } of stations) {
    const { utilization, queueLength } = resource.monitor;
    print(
      `${resource.name}: ${(utilization * 100).toFixed(0)} % in use, ${queueLength.mean.toFixed(1)} jobs waiting on average`,
    );
  }
}

export default defineScenario({
  name: "job-shop",
  about: "jobs that go from machine to machine, and breakdowns that interrupt them",
  main,
});
