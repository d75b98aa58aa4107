import test from "ava";
import { parseJsonl } from "../file/parse.ts";
import type { TraceRecord } from "../record.ts";
import { eventAxis } from "./positions.ts";
import { laneOrder, type Timeline, timelineOf } from "./timeline.ts";

const records = (...lines: readonly object[]): readonly TraceRecord[] => {
  const header = { format: "simloop-trace", version: 1, engine: "0", seed: 0, start: 0, timeZone: "UTC" };
  const all = lines.map((line, i) => ({ seq: i + 1, time: 0, ...line }));
  const last = { records: lines.length, digest: "" };
  return parseJsonl([header, ...all, last].map((line) => `${JSON.stringify(line)}\n`).join("")).records;
};

/** Each lane with its slices, from record to record. */
const slices = ({ lanes }: Timeline): string[] =>
  lanes.map(({ host, name, starts, ends, states, outcome }) => {
    const list = starts.map((start, i) => `${states[i]} ${start}-${ends[i]}`);
    return [`${host}/${name}`, ...list, ...(outcome === null ? [] : [outcome])].join(", ");
  });

const arrows = ({ arrows: list }: Timeline): string[] =>
  list.map(({ kind, from, to, fromLane, toLane }) => `${kind} ${fromLane}@${from} -> ${toLane}@${to}`);

const sleeper = records(
  { kind: "create", task: 1, name: "main", by: 0 },
  { kind: "wake", task: 1, by: 0 },
  { kind: "step", task: 1 },
  { kind: "create", task: 2, name: "child", by: 1 },
  { kind: "wake", task: 2, by: 1 },
  { kind: "wait", task: 1, on: "task", target: 2 },
  { kind: "step", task: 2 },
  { kind: "timer", handle: 3, when: 1, by: 2 },
  { kind: "wait", task: 2, on: "sleep", target: 3 },
  { time: 1, kind: "clock" },
  { time: 1, kind: "run", handle: 3 },
  { time: 1, kind: "wake", task: 2, by: 3 },
  { time: 1, kind: "step", task: 2 },
  { time: 1, kind: "wake", task: 1, by: 2 },
  { time: 1, kind: "end", task: 2, outcome: "failed", error: { name: "E", message: "" } },
);

test("Timeline: a task is ready when it is woken, runs when it has its turn, and waits until it is woken", (t) => {
  t.deepEqual(slices(timelineOf(sleeper)), [
    "/main, ready 1-2, running 2-5, waiting 5-13, ready 13-14",
    "/child, ready 4-6, running 6-8, waiting 8-11, ready 11-12, running 12-14, failed",
    "/callbacks and timers, running 10-12",
  ]);
});

test("Timeline: a task that gives up its turn is ready again at once", (t) => {
  const timeline = timelineOf(
    records(
      { kind: "create", task: 1, name: "main", by: 0 },
      { kind: "step", task: 1 },
      { kind: "yield", task: 1 },
      { kind: "step", task: 1 },
      { kind: "end", task: 1, outcome: "finished" },
    ),
  );
  t.deepEqual(slices(timeline), ["/main, running 1-2, ready 2-3, running 3-4, finished"]);
});

test("Timeline: arrows go from who creates and wakes, and who creates does not wake besides", (t) => {
  t.deepEqual(arrows(timelineOf(sleeper)), ["create 0@3 -> 1@3", "wake 2@11 -> 1@11", "wake 1@13 -> 0@13"]);
});

test("Timeline: packets go from host to host, and a lost one ends where it began", (t) => {
  const timeline = timelineOf(
    records(
      { kind: "create", task: 1, name: "client", by: 0 },
      { kind: "step", task: 1 },
      { kind: "network.sent", by: 1, detail: { packet: 1, link: "a→b" } },
      { kind: "network.sent", by: 1, detail: { packet: 2, link: "a→b" } },
      { kind: "network.dropped", by: 1, detail: { packet: 2, link: "a→b", reason: "loss" } },
      { time: 1, kind: "clock" },
      { time: 1, kind: "network.delivered", by: 0, detail: { packet: 1, link: "a→b" } },
    ),
  );
  t.deepEqual(slices(timeline), ["a/client, running 1-6", "a/packets", "b/packets"]);
  t.deepEqual(arrows(timeline), ["message 1@2 -> 2@6", "lost 1@3 -> 1@4"]);
  t.deepEqual(laneOrder(timeline.lanes), [0, 1, 2]);
});

test("Timeline: a call stands with the host that it runs on, whoever scheduled it", (t) => {
  const timeline = timelineOf(
    records(
      { kind: "create", task: 1, name: "client", by: 0, host: "a" },
      { kind: "schedule", handle: 2, by: 0, host: "b" },
      { kind: "timer", handle: 3, when: 1, by: 1, host: "a" },
      { kind: "timer", handle: 4, when: 1, by: 1 },
      { kind: "run", handle: 2 },
      { time: 1, kind: "clock" },
      { time: 1, kind: "run", handle: 3 },
      { time: 1, kind: "run", handle: 4 },
    ),
  );
  t.deepEqual(slices(timeline), [
    "a/client",
    "b/callbacks and timers, running 4-5",
    "a/callbacks and timers, running 6-7, running 7-7",
  ]);
});

test("Timeline: the axis of events gives each instant its room, and the longest pause the most", (t) => {
  const at = (time: number): object[] => [
    { time, kind: "clock" },
    { time, kind: "step", task: 1 },
  ];
  const { positions, instants, ends, length } = eventAxis(records({ kind: "step", task: 1 }, ...at(4), ...at(5)));
  t.deepEqual(
    { positions, instants, ends, length },
    {
      positions: [0, 1, 11, 12, 18],
      instants: [0, 2, 4],
      ends: [1, 12, 19],
      length: 19,
    },
  );
});

test("Timeline: of nothing there is nothing", (t) => {
  t.deepEqual(slices(timelineOf([])), []);
  t.deepEqual(eventAxis([]), { positions: [], length: 0, instants: [], ends: [] });
});
