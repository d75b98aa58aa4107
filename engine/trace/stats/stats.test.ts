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
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
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
    "timers: 3 set, 2 fired, 0 cancelled",
    "peak: 3 tasks, 2 ready, 1 timers",
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
    "waits for  count   total     p50     p90     p99     max",
    "sleep          3     2 s  200 ms   1.7 s   1.7 s   1.7 s",
    "task           1  300 ms  300 ms  300 ms  300 ms  300 ms",
    "future         1     2 s     2 s     2 s     2 s     2 s",
    "",
    "longest waits  for            from  waited  still waiting",
    "stuck          future #3       0 s     2 s  at the end of the trace",
    "Task-1         sleep #7     300 ms   1.7 s  at the end of the trace",
    "Task-1         task worker     0 s  300 ms",
    "worker         sleep #6     100 ms  200 ms",
    "worker         sleep #5        0 s  100 ms",
    "",
    "task    id  created   ended  outcome   steps  waited  wait time by cause",
    "Task-1   1      0 s          pending       2     2 s  sleep 1.7 s, task 300 ms",
    "worker   2      0 s  300 ms  finished      4  300 ms  sleep 300 ms",
    "stuck    4      0 s          pending       1     2 s  future 2 s",
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
      peakWaiting: 2,
      peakItems: null,
    },
    {
      id: 15,
      primitive: "Queue",
      acquired: 3,
      released: 3,
      waited: 1,
      waiting: 4,
      longest: 4,
      peakWaiting: 1,
      peakItems: 2,
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
  t.deepEqual(links[0]?.latency, { min: 0.25, p50: 0.25, p90: 0.25, p99: 0.25, max: 0.25 });
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
    waits: [
      {
        on: "sleep",
        count: 2,
        total: 0.30000000000000004,
        longest: 0.20000000000000004,
        p50: 0.1,
        p90: 0.20000000000000004,
        p99: 0.20000000000000004,
      },
    ],
    longest: { task: 2, on: "sleep", target: 6, from: 0.1, seconds: 0.20000000000000004, unfinished: false },
  });
});

const made = (list: readonly object[]): Trace =>
  new Trace(
    Trace.EMPTY.header,
    "",
    list.map((one, i) => ({ seq: i + 1, time: 0, ...one }) as TraceRecord),
  );

/** Tasks that each wait once, for so many seconds, all from time 0 on. */
const waits = (...seconds: readonly number[]): Trace =>
  made([
    ...seconds.map((_, i) => ({ kind: "create", task: i + 1, name: `t${i + 1}`, by: 0 })),
    ...seconds.map((_, i) => ({ kind: "wait", task: i + 1, on: "future", target: 0 })),
    ...[...seconds.entries()]
      .sort(([, a], [, b]) => a - b)
      .map(([i, time]) => ({ time, kind: "wake", task: i + 1, by: 0 })),
  ]);

test("traceStats: the ten longest waits; of equal ones those that began earlier, and then of earlier tasks", (t) => {
  const { longestWaits } = traceStats(waits(3, 1, 3, 9, 3, 3, 3, 3, 3, 3, 3, 3, 10));
  t.deepEqual(
    longestWaits.map(({ task }) => task),
    [13, 4, 1, 3, 5, 6, 7, 8, 9, 10],
  );
  const reversed = made([
    ...Array.from({ length: 12 }, (_, i) => ({ kind: "create", task: i + 1, name: `t${i + 1}`, by: 0 })),
    ...Array.from({ length: 12 }, (_, i) => ({ kind: "wait", task: i + 1, on: "future", target: 0 })),
    ...Array.from({ length: 12 }, (_, i) => ({ time: 1, kind: "wake", task: 12 - i, by: 0 })),
  ]);
  t.deepEqual(
    traceStats(reversed).longestWaits.map(({ task }) => task),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  const later = made([
    { kind: "create", task: 1, name: "late", by: 0 },
    { kind: "create", task: 2, name: "early", by: 0 },
    { kind: "wait", task: 2, on: "future", target: 0 },
    { time: 1, kind: "wait", task: 1, on: "future", target: 0 },
    { time: 2, kind: "wake", task: 2, by: 0 },
    { time: 3, kind: "wake", task: 1, by: 0 },
  ]);
  t.deepEqual(
    traceStats(later).longestWaits.map(({ task }) => task),
    [2, 1],
  );
});

test("traceStats: a task's longest wait is the first of equal ones", (t) => {
  const { tasks } = traceStats(
    made([
      { kind: "create", task: 1, name: "t", by: 0 },
      { kind: "wait", task: 1, on: "a", target: 0 },
      { time: 2, kind: "wake", task: 1, by: 0 },
      { time: 2, kind: "wait", task: 1, on: "b", target: 0 },
      { time: 4, kind: "wake", task: 1, by: 0 },
    ]),
  );
  t.deepEqual([tasks[0]?.longest?.on, tasks[0]?.waiting], ["a", 4]);
});

test("formatStats: the twenty tasks that waited longest, in order of creation; of equal ones the first", (t) => {
  const shown = (trace: Trace): string[] =>
    [
      ...formatStats(traceStats(trace))
        .split("\ntask ")
        .at(-1)!
        .matchAll(/^(t\d+) /gm),
    ].map(([, name]) => name!);
  t.deepEqual(shown(waits(...Array.from({ length: 20 }, () => 1))).length, 20);
  const many = waits(...Array.from({ length: 25 }, (_, i) => (i >= 22 ? 2 : i === 3 ? 0.5 : 1)));
  const expected = [...Array.from({ length: 18 }, (_, i) => i + 1).filter((i) => i !== 4), 23, 24, 25];
  t.deepEqual(
    shown(many),
    expected.map((i) => `t${i}`),
  );
  t.regex(formatStats(traceStats(many)), /\n20 of 25 tasks/);
});

test("traceStats: a renamed task has its last name", (t) => {
  const { tasks } = traceStats(
    made([
      { kind: "create", task: 1, name: "before", by: 0 },
      { kind: "task.renamed", by: 1, detail: { task: 1, name: "after" } },
      { kind: "task.renamed", by: 1, detail: { task: 7, name: "unknown" } },
    ]),
  );
  t.deepEqual(
    tasks.map(({ name }) => name),
    ["after"],
  );
});

test("traceStats: the size of a packet of each protocol, on IPv4 and IPv6", (t) => {
  const sent = (detail: object): object => ({
    kind: "network.sent",
    by: 0,
    detail: { packet: 1, link: "a→b", ...detail },
  });
  const size = (detail: object): number[] => {
    const { bytes, payloadBytes } = traceStats(made([sent(detail)])).links[0]!;
    return [bytes, payloadBytes];
  };
  t.deepEqual(size({ source: "10.0.0.1", protocol: "icmp" }), [20 + 8 + 20 + 8, 0]);
  t.deepEqual(size({ source: "fd00::1", protocol: "icmp" }), [40 + 8 + 40 + 8, 0]);
  t.deepEqual(size({ source: "10.0.0.1", protocol: "udp", data: "abc" }), [20 + 8 + 3, 3]);
  t.deepEqual(size({ source: "fd00::1", protocol: "udp" }), [40 + 8, 0]);
  t.deepEqual(size({ source: "10.0.0.1", protocol: "tcp", data: "abc" }), [20 + 20 + 3, 3]);
  t.deepEqual(size({ source: "fd00::1", protocol: "tcp", maximumSize: 1440 }), [40 + 20 + 8, 0]);
});

test("traceStats: percentiles of latencies are times that occurred", (t) => {
  const packets = Array.from({ length: 10 }, (_, i) => i + 1);
  const { links } = traceStats(
    made([
      ...packets.map((packet) => ({ kind: "network.sent", by: 0, detail: { packet, link: "a→b" } })),
      ...packets.map((packet) => ({ time: packet, kind: "network.delivered", by: 0, detail: { packet, link: "a→b" } })),
    ]),
  );
  t.deepEqual(links[0]?.latency, { min: 1, p50: 5, p90: 9, p99: 10, max: 10 });
});

test("formatStats: no line is longer than 100 columns; strings are cut, numbers never", (t) => {
  const long = "a task with a name that is far too long to be read in a table, as programs make it";
  const text = formatStats(
    traceStats(
      made([
        { kind: "create", task: 1, name: long, by: 0 },
        { kind: "wait", task: 1, on: `${long}, which it waits for`, target: 0 },
        { kind: "network.sent", by: 0, detail: { packet: 1, link: `${long}→${long}`, protocol: "udp" } },
        { kind: "network.dropped", by: 0, detail: { packet: 1, link: `${long}→${long}`, reason: long } },
        { time: 123_456.789, kind: "clock" },
      ]),
    ),
  );
  t.true(text.split("\n").every((line) => line.length <= 100));
  t.regex(text, /1 {2}123500 s {2}123500 s/);
  t.regex(text, /\na task [^\n]*… {2}/);
});

test("formatStats: the twenty primitives with the longest wait time, in order of first use", (t) => {
  const use = (id: number, seconds: number): object[] => [
    { kind: "sync.waited", by: id, detail: { primitive: "Lock", id, waiting: 1 } },
    { kind: "wait", task: id, on: "Lock.acquire", target: id },
    { time: seconds, kind: "wake", task: id, by: 0 },
  ];
  const shown = (count: number): number[] => {
    const events = Array.from({ length: count }, (_, i) => use(i + 1, i === 2 ? 0.5 : i + 1)).flat();
    const sorted = [...events.filter((one) => !("time" in one)), ...events.filter((one) => "time" in one)];
    return [...formatStats(traceStats(made(sorted))).matchAll(/^Lock #(\d+) /gm)].map(([, id]) => Number(id));
  };
  t.deepEqual(
    shown(20),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  t.deepEqual(shown(22), [2, ...Array.from({ length: 19 }, (_, i) => i + 4)]);
});

test("traceStats: of an empty trace everything is zero or empty", (t) => {
  t.deepEqual(traceStats(Trace.EMPTY), {
    time: 0,
    events: 0,
    kinds: {},
    timers: { set: 0, fired: 0, cancelled: 0 },
    peak: { ready: 0, timers: 0, tasks: 0 },
    waits: [],
    longestWaits: [],
    primitives: [],
    links: [],
    tasks: [],
  });
});
