import test from "ava";
import fc from "fast-check";
import { random } from "../../loop/built-ins.ts";
import { getRunningLoop } from "../../network/event-loop.ts";
import { openConnection } from "../../network/streams/open-connection.ts";
import { startServer } from "../../network/streams/start-server.ts";
import type { StreamReader } from "../../network/streams/stream-reader.ts";
import type { StreamWriter } from "../../network/streams/stream-writer.ts";
import { encode } from "../../network/text.ts";
import { simulate } from "../../simulation.ts";
import { Queue } from "../../sync/queue.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { isNote, type TraceRecord } from "../record.ts";
import { toChrome } from "./chrome.ts";

interface ChromeEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly name: string;
  readonly id: number | string;
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const eventsOf = (text: string): ChromeEvent[] => JSON.parse(text).traceEvents;

const threadOf = ({ pid, tid }: ChromeEvent): string => `${pid}/${tid}`;
const arrowOf = ({ cat, id }: ChromeEvent): string => `${cat} ${id}`;

/**
 * What is wrong with a trace: slices of a thread that overlap, arrows without a second end, backwards, or beside a
 * slice, threads without a name.
 */
function defects(events: readonly ChromeEvent[]): string[] {
  const found: string[] = [];
  const lanes = new Map<string, ChromeEvent[]>();
  for (const event of events.filter(({ ph }) => ph === "X")) {
    lanes.set(threadOf(event), [...(lanes.get(threadOf(event)) ?? []), event]);
  }
  for (const [lane, slices] of lanes) {
    slices.sort((a, b) => a.ts - b.ts);
    slices.forEach((slice, i) => {
      const next = slices[i + 1];
      if (slice.dur <= 0 || (next !== undefined && slice.ts + slice.dur > next.ts + 1e-6)) {
        found.push(`slice ${slice.name} of ${lane} at ${slice.ts}`);
      }
    });
  }
  const covers = (event: ChromeEvent): boolean =>
    (lanes.get(threadOf(event)) ?? []).some(({ ts, dur }) => ts <= event.ts + 1e-6 && event.ts <= ts + dur + 1e-6);
  const starts = new Map<string, ChromeEvent>();
  for (const start of events.filter(({ ph }) => ph === "s")) {
    if (starts.has(arrowOf(start))) {
      found.push(`arrow ${arrowOf(start)} begins twice`);
    }
    starts.set(arrowOf(start), start);
  }
  for (const end of events.filter(({ ph }) => ph === "f")) {
    const start = starts.get(arrowOf(end));
    if (start === undefined || start.ts > end.ts || !covers(start) || !covers(end)) {
      found.push(`arrow ${arrowOf(end)}`);
    }
    starts.delete(arrowOf(end));
  }
  const named = new Set(events.filter(({ ph, name }) => ph === "M" && name === "thread_name").map(threadOf));
  const nameless = [...lanes.keys()].filter((lane) => !named.has(lane)).map((lane) => `thread ${lane} has no name`);
  const open = new Set<string>();
  for (const { ph, cat, id } of events.filter((event) => event.ph === "b" || event.ph === "e")) {
    if ((ph === "b") === open.has(`${cat} ${id}`)) {
      found.push(`packet ${id}: ${ph}`);
    }
    ph === "b" ? open.add(`${cat} ${id}`) : open.delete(`${cat} ${id}`);
  }
  return [...found, ...[...starts.keys()].map((id) => `arrow ${id} has no end`), ...nameless, ...open];
}

async function* worker(steps: number): AsyncGenerator<unknown, void, unknown> {
  for (let i = 0; i < steps; i++) {
    const draw = random().integer(0, 5);
    if (draw === 0) {
      yield* createTask(worker(1));
    } else if (draw === 1) {
      getRunningLoop().callSoon(() => createTask(sleep(1)));
    } else {
      yield* sleep(draw - 2);
    }
  }
}

test("toChrome: slices for waiting, ready and running, an arrow for a wake-up, counters for queues", async (t) => {
  async function* main() {
    yield* createTask(sleep(0.5), { name: "nap" });
  }
  const text = toChrome((await simulate(main, { name: "one nap" })).trace);
  const events = text.split("\n").slice(1, -2);
  const place = /"place":"[^"]*"/;
  t.deepEqual(
    events.map((line) =>
      line
        .replace(place, "")
        .replace(/^\{"ph":(.*?),"pid":1/, "$1")
        .replace(/\},?$/, ""),
    ),
    [
      '"M","tid":0,"name":"process_name","args":{"name":"one nap"}',
      '"M","tid":0,"name":"process_sort_index","args":{"sort_index":1}',
      '"M","tid":1,"name":"thread_name","args":{"name":"Task-1"}',
      '"M","tid":1,"name":"thread_sort_index","args":{"sort_index":1}',
      '"M","tid":0,"name":"thread_name","args":{"name":"callbacks and timers"}',
      '"M","tid":0,"name":"thread_sort_index","args":{"sort_index":0}',
      '"i","tid":0,"ts":0,"s":"t","name":"creates Task-1","args":{}',
      '"X","tid":1,"ts":0.001,"dur":0.001,"name":"ready","cat":"ready","args":{"seq":2}',
      '"M","tid":2,"name":"thread_name","args":{"name":"nap"}',
      '"M","tid":2,"name":"thread_sort_index","args":{"sort_index":2}',
      '"i","tid":1,"ts":0.003,"s":"t","name":"creates nap","args":{}',
      '"X","tid":1,"ts":0.002,"dur":0.003,"name":"running","cat":"running","args":{"seq":3,"time":0}',
      '"X","tid":2,"ts":0.004,"dur":0.002,"name":"ready","cat":"ready","args":{"seq":5}',
      '"s","tid":1,"ts":0.004,"id":5,"name":"wake","cat":"wake"',
      '"f","tid":2,"ts":0.006,"bp":"e","id":5,"name":"wake","cat":"wake"',
      '"i","tid":2,"ts":0.007,"s":"t","name":"timer #3","args":{"when":0.5}',
      '"X","tid":2,"ts":0.006,"dur":0.002,"name":"running","cat":"running","args":{"seq":7,"time":0}',
      '"C","tid":0,"ts":0,"name":"queues","args":{"ready":1,"timers":1,"tasks":2}',
      '"X","tid":2,"ts":0.008,"dur":499999.993,"name":"sleep","cat":"waiting","args":{"target":"#3","seq":9}',
      '"X","tid":0,"ts":500000,"dur":0.002,"name":"timer #3","cat":"running","args":{"seq":11,"time":0.5}',
      '"X","tid":2,"ts":500000.001,"dur":0.001,"name":"ready","cat":"ready","args":{"seq":12}',
      '"s","tid":0,"ts":500000.001,"id":12,"name":"wake","cat":"wake"',
      '"f","tid":2,"ts":500000.002,"bp":"e","id":12,"name":"wake","cat":"wake"',
      '"X","tid":1,"ts":0.005,"dur":499999.998,"name":"task","cat":"waiting","args":{"target":"nap","seq":6}',
      '"X","tid":2,"ts":500000.002,"dur":0.002,"name":"running","cat":"running","args":{"seq":13,"time":0.5}',
      '"i","tid":2,"ts":500000.004,"s":"t","name":"ends: finished","args":{}',
      '"X","tid":1,"ts":500000.003,"dur":0.002,"name":"ready","cat":"ready","args":{"seq":14}',
      '"s","tid":2,"ts":500000.003,"id":14,"name":"wake","cat":"wake"',
      '"f","tid":1,"ts":500000.005,"bp":"e","id":14,"name":"wake","cat":"wake"',
      '"i","tid":1,"ts":500000.006,"s":"t","name":"schedule #4","args":{}',
      '"X","tid":1,"ts":500000.005,"dur":0.002,"name":"running","cat":"running","args":{"seq":16,"time":0.5}',
      '"i","tid":1,"ts":500000.007,"s":"t","name":"ends: finished","args":{}',
      '"i","tid":0,"ts":500000.009,"s":"t","name":"run.ended","args":{"outcome":"finished"}',
      '"X","tid":0,"ts":500000.008,"dur":0.002,"name":"call #4","cat":"running","args":{"seq":19,"time":0.5}',
      '"C","tid":0,"ts":500000,"name":"queues","args":{"ready":1,"timers":1,"tasks":2}',
    ],
  );
});

test("toChrome: slices never overlap, and each arrow joins two of them, forwards", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 6 }), fc.nat({ max: 9 }), async (seed, tasks, until) => {
      async function* main() {
        yield* gather(Array.from({ length: tasks }, () => worker(5)));
      }
      const { trace, error } = await simulate(main, { seed, until });
      t.is(error, undefined);
      t.deepEqual(defects(eventsOf(toChrome(trace))), []);
    }),
    { numRuns: 40 },
  );
});

/** Two hosts that talk over a bad line. */
async function* talk() {
  const { network } = getRunningLoop();
  const [ann, bob] = [network.host("ann"), network.host("bob")];
  network.setLink(ann, bob, { latency: 0.01, loss: 0.1, duplicate: 0.1, bandwidth: 1e6 });
  async function* echo(reader: StreamReader, writer: StreamWriter) {
    for (let line = yield* reader.readline(); line.length > 0; line = yield* reader.readline()) {
      writer.write(line);
    }
    writer.close();
  }
  async function* ask() {
    const [reader, writer] = yield* openConnection("bob", 80);
    for (let i = 0; i < 10; i++) {
      writer.write(encode(`${i}\n`));
      yield* reader.readline();
    }
    writer.close();
  }
  yield* bob.run(startServer(echo, null, 80));
  yield* ann.run(ask(), { name: "asker" });
  yield* sleep(10);
}

test("toChrome: at any virtual time it is JSON, and slices stay in order", async (t) => {
  for (const start of [1e7, 1e12, 1e21, 1e300]) {
    async function* main() {
      yield* sleep(start);
      yield* gather([1, 2, 3].map((delay) => createTask(sleep(delay * start))));
    }
    const events = eventsOf(toChrome((await simulate(main)).trace)).filter(({ ph }) => ph === "X");
    const byTrack = new Map<string, [from: number, to: number][]>();
    for (const event of events) {
      const [from, duration] = [Math.round(event.ts * 1000), Math.round(event.dur * 1000)];
      byTrack.set(threadOf(event), [...(byTrack.get(threadOf(event)) ?? []), [from, from + duration]]);
    }
    for (const [track, slices] of byTrack) {
      slices.sort(([a], [b]) => a - b);
      t.true(
        slices.every(([from], i) => i === 0 || from >= slices[i - 1]![1]),
        `${track} at ${start}`,
      );
    }
  }
});

test("toChrome: a process for every host, an arrow for every packet that arrives", async (t) => {
  const { trace, error } = await simulate(talk, { seed: 2, name: "talk" });
  t.is(error, undefined);
  const events = eventsOf(toChrome(trace));
  t.deepEqual(defects(events), []);
  const processes = events.filter(({ name }) => name === "process_name").map(({ pid, args }) => [pid, args["name"]]);
  t.deepEqual(processes, [
    [1, "talk"],
    [2, "bob"],
    [3, "ann"],
  ]);
  const threads = events.filter(({ name, pid }) => name === "thread_name" && pid === 3).map(({ args }) => args["name"]);
  t.deepEqual(threads, ["asker", "callbacks and timers", "network"]);
  const arrived = new Set(trace.records.filter(({ kind }) => kind === "network.delivered").map((one) => packetOf(one)));
  t.is(events.filter(({ ph, cat }) => ph === "f" && cat === "message").length, arrived.size);
  // The first message of a task starts at its own slice.
  const asker = events.find(({ name, args }) => name === "thread_name" && args["name"] === "asker");
  t.true(events.some(({ ph, cat, tid }) => ph === "s" && cat === "message" && tid === asker?.tid));
});

const packetOf = (record: TraceRecord): unknown =>
  isNote(record) ? `${record.detail["link"]} ${record.detail["packet"]}` : undefined;

test("toChrome: counters show what waits for primitives and lies in queues", async (t) => {
  async function* main() {
    const queue = new Queue<number>(1);
    yield* gather([1, 2, 3].map((item) => queue.put(item)));
  }
  const { trace } = await simulate(main, { until: 1 });
  const counters = eventsOf(toChrome(trace)).filter(({ ph, name }) => ph === "C" && name !== "queues");
  t.deepEqual(
    counters.map(({ name, args }) => [name.replace(/\d+/, "N"), args]),
    [["Queue #N", { waiting: 2, items: 1 }]],
  );
});

test("toChrome: the checker finds what overlaps and what has no end", (t) => {
  const slice = { ph: "X", pid: 1, tid: 1, name: "a", id: 0, cat: "wake", args: {} };
  t.deepEqual(
    defects([
      { ...slice, ts: 0, dur: 2 },
      { ...slice, ts: 1, dur: 2 },
      { ...slice, ph: "s", ts: 2, dur: 0, id: 4 },
      { ...slice, ph: "f", ts: 1, dur: 0, id: 4 },
      { ...slice, ph: "s", ts: 1, dur: 0, id: 5 },
    ]),
    ["slice a of 1/1 at 0", "arrow wake 4", "arrow wake 5 has no end", "thread 1/1 has no name"],
  );
});
