import test from "ava";
import { getRunningLoop } from "../../network/event-loop.ts";
import { openConnection } from "../../network/streams/open-connection.ts";
import { startServer } from "../../network/streams/start-server.ts";
import type { StreamReader } from "../../network/streams/stream-reader.ts";
import type { StreamWriter } from "../../network/streams/stream-writer.ts";
import { simulate } from "../../simulation.ts";
import { Lock } from "../../sync/lock.ts";
import { Queue } from "../../sync/queue.ts";
import { createTask } from "../../tasks/current.ts";
import type { Future } from "../../tasks/future.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { toMermaidGantt } from "../mermaid/mermaid-gantt.ts";
import { formatStats } from "./format-stats.ts";
import { traceStats } from "./stats.ts";

async function* naps(...delays: readonly number[]) {
  for (const delay of delays) {
    yield* sleep(delay);
  }
}

async function* main() {
  const worker = createTask(naps(0.1, 0.2, 0), { name: "worker" });
  const stuck = createTask(wait(getRunningLoop().createFuture()), { name: "stuck" });
  yield* worker;
  yield* sleep(2);
  void stuck;
}

async function* wait(future: Future<void>) {
  yield* future;
}

test("traceStats: steps, waiting by cause and the longest waits of each task", async (t) => {
  const { trace } = await simulate(main, { until: 2 });
  t.deepEqual(formatStats(traceStats(trace)).split("\n"), [
    "32 events in 2 s",
    "timers: 3 set, 2 due, 0 withdrawn",
    "at most: 3 tasks, 2 ready, 1 timers",
    "",
    "events     count",
    "clock          3",
    "create         3",
    "end            1",
    "run            2",
    "run.ended      1",
    "step           7",
    "timer          3",
    "wait           5",
    "wake           6",
    "yield          1",
    "",
    "waits for  count  total  longest",
    "sleep          3      2      1.7",
    "task           1    0.3      0.3",
    "future         1      2        2",
    "",
    "longest waits  for          from  seconds",
    "stuck          future #3       0       2+",
    "Task-1         sleep #7      0.3     1.7+",
    "Task-1         task worker     0      0.3",
    "worker         sleep #6      0.1      0.2",
    "worker         sleep #5        0      0.1",
    "",
    "task    id  created  ended  outcome   steps  waiting  for what, in seconds",
    "Task-1   1        0         waits         2        2  task 0.3, sleep 1.7",
    "worker   2        0    0.3  finished      4      0.3  sleep 0.3",
    "stuck    4        0         waits         1        2  future 2",
    "",
  ]);
});

test("traceStats: a task that ends without another step waits until its end, not until that of the run", async (t) => {
  function* main() {
    const { network } = getRunningLoop();
    const host = network.host("a");
    const lock = new Lock();
    yield* lock.acquire();
    host.run(take(lock), { name: "crashed" });
    const cancelled = createTask(naps(50), { name: "cancelled" });
    yield* sleep(1);
    host.crash();
    yield* sleep(2);
    createTask(naps(1), { name: "never began" }).cancel();
    cancelled.cancel();
    yield* sleep(97);
  }
  function* take(lock: Lock) {
    yield* lock.acquire();
  }
  const { trace } = await simulate(main);
  const { tasks, primitives, longestWaits, peak } = traceStats(trace);
  t.deepEqual(
    tasks.map(({ name, ended, waiting, longest }) => [name, ended, waiting, longest?.seconds, longest?.unfinished]),
    [
      ["Task-1", 100, 100, 97, false],
      ["crashed", 1, 1, 1, false],
      ["cancelled", 3, 3, 3, false],
      ["never began", 3, 0, undefined, undefined],
    ],
  );
  t.deepEqual(
    primitives.map(({ waiting, longest }) => [waiting, longest]),
    [[1, 1]],
  );
  t.deepEqual(
    longestWaits.map(({ task, seconds }) => `#${task} ${seconds}`),
    ["#1 97", "#4 3", "#1 2", "#1 1", "#3 1"],
  );
  t.is(peak.ready, 2);
  const bars = toMermaidGantt(trace).split("\n");
  t.deepEqual(bars.slice(bars.indexOf("  section crashed")), [
    "  section crashed",
    "  Lock.acquire :0, 1000",
    "  cancelled :milestone, 1000, 0ms",
    "  section cancelled",
    "  sleep :0, 3000",
    "  cancelled :milestone, 3000, 0ms",
    "  section never began",
    "  cancelled :milestone, 3000, 0ms",
    "",
  ]);
});

test("traceStats: who got in whose way, at each primitive", async (t) => {
  async function* crowd() {
    const lock = new Lock();
    const queue = new Queue<number>(2);
    async function* user(delay: number) {
      yield* lock.acquire();
      yield* sleep(delay);
      lock.release();
    }
    yield* gather(user(1), user(2), user(3));
    queue.putNowait(1);
    queue.putNowait(2);
    yield* queue.get();
    yield* gather(
      queue.get(),
      queue.get(),
      later(() => queue.putNowait(3)),
    );
  }
  async function* later(act: () => void) {
    yield* sleep(4);
    act();
  }
  const { primitives } = traceStats((await simulate(crowd)).trace);
  t.deepEqual(primitives, [
    {
      id: 6,
      primitive: "Lock",
      acquired: 3,
      released: 3,
      waited: 2,
      waiting: 1 + 3,
      longest: 3,
      mostWaiting: 2,
      mostItems: null,
    },
    {
      id: 15,
      primitive: "Queue",
      acquired: 3,
      released: 3,
      waited: 1,
      waiting: 4,
      longest: 4,
      mostWaiting: 1,
      mostItems: 2,
    },
  ]);
});

test("traceStats: what each link carried, how much of it was lost, and how long the rest took", async (t) => {
  function* serve(reader: StreamReader, writer: StreamWriter) {
    writer.write(yield* reader.read(10_000));
    writer.close();
  }
  function* main() {
    const { network } = getRunningLoop();
    const [a, b] = [network.host("a"), network.host("b", { addresses: ["10.0.0.2", "fd00::2"] })];
    network.setLink(a, b, { latency: 0.25, loss: 0.2 });
    yield* b.run(startServer(serve, null, 80));
    for (const address of ["10.0.0.2", "fd00::2"]) {
      const [reader, writer] = (yield* a.run(openConnection(address, 80))) as [StreamReader, StreamWriter];
      writer.write(new Uint8Array(3_000));
      yield* reader.read();
      writer.close();
    }
    yield* sleep(100);
    return network.links.map(({ name, sent, delivered, dropped, sentBytes }) => ({
      name,
      sent,
      delivered,
      dropped,
      sentBytes,
    }));
  }
  const { value = [], trace, error } = await simulate(main, { seed: 3 });
  t.is(error, undefined);
  const { links } = traceStats(trace);
  t.deepEqual(
    links.map(({ link, sent, delivered, dropped, bytes }) => ({
      name: link,
      sent,
      delivered,
      dropped: dropped["loss"] ?? 0,
      sentBytes: bytes,
    })),
    value,
  );
  t.true(links.some(({ dropped, retransmissions }) => (dropped["loss"] ?? 0) > 0 && retransmissions > 0));
  t.deepEqual(links[0]?.latency, { least: 0.25, p50: 0.25, p90: 0.25, p99: 0.25, most: 0.25 });
});

test("traceStats: plain data, which JSON keeps as it is", async (t) => {
  const stats = traceStats((await simulate(main)).trace);
  t.deepEqual(JSON.parse(JSON.stringify(stats)), stats);
  t.deepEqual(stats.tasks[1], {
    task: 2,
    name: "worker",
    created: 0,
    ended: 0.30000000000000004,
    outcome: "finished",
    steps: 4,
    waiting: 0.30000000000000004,
    waits: [{ on: "sleep", count: 2, total: 0.30000000000000004, longest: 0.20000000000000004 }],
    longest: { task: 2, on: "sleep", target: 6, from: 0.1, seconds: 0.20000000000000004, unfinished: false },
  });
});
