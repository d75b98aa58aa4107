import test from "ava";
import { parseJsonl } from "../file/parse.ts";
import type { TraceRecord } from "../record.ts";
import { causeIndex, meaningfulCause } from "./cause-index.ts";
import { LoadGauge } from "./load-gauge.ts";
import { TaskStates } from "./task-states.ts";

const records = (...lines: readonly object[]): readonly TraceRecord[] => {
  const header = { format: "simloop-trace", version: 1, engine: "0", seed: 0, start: 0, timeZone: "UTC" };
  const all = lines.map((line, i) => ({ seq: i + 1, time: 0, ...line }));
  const last = { records: lines.length, digest: "" };
  return parseJsonl([header, ...all, last].map((line) => `${JSON.stringify(line)}\n`).join("")).records;
};

/**
 * A task that sleeps, yields and waits; one that its host's crash ends while it waits; one that ends while it is ready.
 */
const run = records(
  { kind: "create", task: 1, name: "main", by: 0 },
  { kind: "wake", task: 1, by: 0 },
  { kind: "step", task: 1 },
  { kind: "create", task: 2, name: "victim", host: "h", by: 1 },
  { kind: "wake", task: 2, by: 1 },
  { kind: "timer", handle: 3, when: 1, by: 1 },
  { kind: "wait", task: 1, on: "sleep", target: 3 },
  { kind: "step", task: 2 },
  { kind: "wait", task: 2, on: "future", target: 4 },
  { time: 1, kind: "clock" },
  { time: 1, kind: "run", handle: 3 },
  { time: 1, kind: "wake", task: 1, by: 3 },
  { time: 1, kind: "step", task: 1 },
  { time: 1, kind: "yield", task: 1 },
  { time: 1, kind: "step", task: 1 },
  { time: 1, kind: "create", task: 5, name: "late", host: "h", by: 1 },
  { time: 1, kind: "wake", task: 5, by: 1 },
  { time: 1, kind: "wait", task: 1, on: "future", target: 6 },
  { time: 1, kind: "fault.begun", by: 0, detail: { what: "crash h" } },
  { time: 1, kind: "host.crashed", by: 0, detail: { host: "h" } },
  { time: 1, kind: "end", task: 2, outcome: "cancelled" },
  { time: 1, kind: "end", task: 5, outcome: "cancelled" },
);

test("TaskStates: a stretch lasts from one record of its task to the next; the end of the task ends the last", (t) => {
  const states = new TaskStates<number>();
  const log: string[] = [];
  for (const [at, record] of run.entries()) {
    const ended = states.add(record, at)?.ended;
    if (ended) {
      log.push(`#${ended.task} ${ended.state} ${ended.from}-${at}`);
    }
  }
  log.push(...states.end().map(({ task, state, from }) => `#${task} ${state} ${from}-`));
  t.deepEqual(log, [
    "#1 ready 1-2",
    "#1 running 2-6",
    "#2 ready 4-7",
    "#2 running 7-8",
    "#1 waiting 6-11",
    "#1 ready 11-12",
    "#1 running 12-13",
    "#1 ready 13-14",
    "#1 running 14-17",
    "#2 waiting 8-20",
    "#5 ready 16-21",
    "#1 waiting 17-",
  ]);
  t.is(states.of(1), undefined, "after the end of the trace");
});

test("LoadGauge: a task that ends while it is ready leaves the ready queue", (t) => {
  const gauge = new LoadGauge();
  const log = run.map((record) => {
    gauge.add(record);
    const { ready, timers, tasks } = gauge.load;
    return `${ready}${timers}${tasks}`;
  });
  t.deepEqual(log, [
    ..."001 101 001 002 102 112 112 012 012 012".split(" "),
    ..."002 102 002 102 002 003 103 103 103 103 102 001".split(" "),
  ]);
});

/** For each record that has one, the number of the record it is blamed on. */
const blamed = (list: readonly TraceRecord[], index = causeIndex(list)): string[] =>
  list.flatMap((record, at) => {
    const cause = meaningfulCause(list, index, at);
    return cause === undefined ? [] : [`${record.seq} ${record.kind} <- ${cause + 1} ${list[cause]?.kind}`];
  });

test("causeIndex: a step follows from its wake-up or the turn given up before, a crash from its fault", (t) => {
  t.deepEqual(blamed(run), [
    "3 step <- 2 wake",
    "4 create <- 2 wake",
    "5 wake <- 2 wake",
    "6 timer <- 2 wake",
    "7 wait <- 2 wake",
    "8 step <- 5 wake",
    "9 wait <- 5 wake",
    "11 run <- 6 timer",
    "12 wake <- 6 timer",
    "13 step <- 12 wake",
    "14 yield <- 12 wake",
    "15 step <- 14 yield",
    "16 create <- 14 yield",
    "17 wake <- 14 yield",
    "18 wait <- 14 yield",
    "20 host.crashed <- 19 fault.begun",
    "21 end <- 20 host.crashed",
    "22 end <- 20 host.crashed",
  ]);
});

test("causeIndex: nothing follows from what has ended or from another instant", (t) => {
  const list = records(
    { kind: "create", task: 1, name: "main", by: 0 },
    { kind: "wake", task: 1, by: 0 },
    { kind: "end", task: 1, outcome: "cancelled" },
    { kind: "step", task: 1 },
    { kind: "fault.begun", by: 0, detail: {} },
    { time: 1, kind: "clock" },
    { time: 1, kind: "schedule", handle: 2, by: 0 },
  );
  t.deepEqual(blamed(list), []);
});

test("causeIndex: a packet arrives because it was sent, and what its arrival does follows from it", (t) => {
  const packet = (number: number, link: string) => ({ packet: number, link });
  const list = records(
    { kind: "create", task: 1, name: "main", by: 0 },
    { kind: "wake", task: 1, by: 0 },
    { kind: "step", task: 1 },
    { kind: "network.sent", by: 1, detail: packet(1, "a→b") },
    { kind: "network.sent", by: 1, detail: packet(1, "b→a") },
    { kind: "wait", task: 1, on: "future", target: 9 },
    { time: 1, kind: "clock" },
    { time: 1, kind: "network.delivered", by: 0, detail: packet(1, "a→b") },
    { time: 1, kind: "schedule", handle: 2, by: 0 },
    { time: 1, kind: "network.sent", by: 0, detail: packet(2, "b→a") },
    { time: 1, kind: "run", handle: 2 },
    { time: 1, kind: "network.dropped", by: 0, detail: { ...packet(1, "b→a"), reason: "loss" } },
    { time: 1, kind: "print", text: "outside", by: 0 },
    { time: 2, kind: "clock" },
    { time: 2, kind: "network.delivered", by: 0, detail: packet(2, "b→a") },
    { time: 2, kind: "network.delivered", by: 0, detail: packet(1, "a→b") },
    { time: 2, kind: "print", text: "a copy came", by: 0 },
  );
  t.deepEqual(blamed(list).slice(4), [
    "8 network.delivered <- 4 network.sent",
    "9 schedule <- 8 network.delivered",
    "10 network.sent <- 8 network.delivered",
    "11 run <- 9 schedule",
    "12 network.dropped <- 5 network.sent",
    "13 print <- 12 network.dropped",
    "15 network.delivered <- 10 network.sent",
    "16 network.delivered <- 4 network.sent",
    "17 print <- 16 network.delivered",
  ]);
});
