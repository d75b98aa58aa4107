import test from "ava";
import { print } from "../../loop/built-ins.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { parseJsonl } from "../file/parse.ts";
import { toJsonl } from "../jsonl.ts";
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { toText } from "../words/text.ts";
import { filterTrace } from "./filter.ts";
import type { TraceFilter } from "./filter-rules.ts";

async function* worker(delay: number) {
  yield* sleep(delay);
  print(delay);
}

async function* main() {
  const first = createTask(worker(1), { name: "first" });
  const second = createTask(worker(2), { name: "second" });
  yield* first;
  yield* second;
}

async function numbers(filter: TraceFilter): Promise<number[]> {
  const { trace, digest } = await simulate(main);
  const filtered = filterTrace(trace, filter);
  return filtered.digest === digest ? filtered.records.map(({ seq }) => seq) : [];
}

test("filterTrace: by kind, time and task, which all must fit; records keep their numbers", async (t) => {
  t.deepEqual(await numbers({ kinds: ["print"] }), [19, 28]);
  t.deepEqual(await numbers({ kinds: ["print", "network."], from: 1.5 }), [28]);
  t.deepEqual(await numbers({ to: 1, tasks: ["first"], kinds: ["step", "wake", "end"] }), [5, 9, 17, 18, 20, 21]);
  t.deepEqual(await numbers({ tasks: [3], from: 2 }), [26, 27, 28, 29, 30]);
  t.deepEqual((await numbers({})).length, (await simulate(main)).trace.records.length);
});

test("filterTrace: tasks are called by their names also where their creation is left out", async (t) => {
  const { trace } = await simulate(main);
  const prints = filterTrace(trace, { kinds: ["print"] });
  t.is(
    toText(prints),
    [
      `simloop trace, format 1, engine ${trace.header.engine}, seed 0, start 2000-01-01T00:00:00 UTC`,
      "",
      "seq  time  who     what",
      ' 19  1     first   prints "1"',
      ' 28  2     second  prints "2"',
      "",
      `digest ${trace.digest}`,
      "",
    ].join("\n"),
  );
  t.is(toText(parseJsonl(toJsonl(prints))), toText(prints));
  t.is(toText(filterTrace(prints, { tasks: ["second"] })).match(/second/g)?.length, 1);
  t.deepEqual([...filterTrace(trace, { tasks: ["first"] }).names], [[1, "Task-1"]], "who created it");
  t.deepEqual([...filterTrace(trace, {}).names], []);
});

test("filterTrace: reports which of the wanted tasks the trace does not have", async (t) => {
  const { trace } = await simulate(main);
  t.deepEqual(filterTrace(trace, { tasks: ["first", "third", 1, 4] }).missingTasks, ["third", 4]);
  t.deepEqual((await simulate(main, { traceFilter: { tasks: ["third"] } })).trace.missingTasks, ["third"]);
});

test("filterTrace: unknown kinds, times that are not numbers, and an empty range are refused", async (t) => {
  const { trace } = await simulate(main);
  t.throws(() => filterTrace(trace, { kinds: ["prints"] }), {
    instanceOf: RangeError,
    message:
      "trace filter: unknown kind 'prints'; did you mean 'print'? (kinds of notes have a dot, such as network.sent)",
  });
  t.throws(() => filterTrace(trace, { from: Number.NaN }), {
    message: "trace filter: from: expected a number of seconds, got NaN",
  });
  t.throws(() => filterTrace(trace, { from: 2, to: 1 }), {
    instanceOf: RangeError,
    message: "trace filter: expected from to be at most to, got from 2 to 1",
  });
});

const made = (list: readonly object[]): Trace =>
  new Trace(
    Trace.EMPTY.header,
    "",
    list.map((one, i) => ({ seq: i + 1, time: 0, by: 0, detail: {}, ...one }) as TraceRecord),
  );

test("filterTrace: a kind with a dot at its end stands for all below it, another for itself alone", (t) => {
  const kinds = ["network.sent", "network.sent.again", "networks.sent", "net.work", "network.delivered"];
  const trace = made(kinds.map((kind) => ({ kind })));
  const kept = (...wanted: string[]): number[] => filterTrace(trace, { kinds: wanted }).records.map(({ seq }) => seq);
  t.deepEqual(kept("network."), [1, 2, 5]);
  t.deepEqual(kept("network.sent"), [1]);
  t.deepEqual(kept("network.sent."), [2]);
  t.deepEqual(kept("net.", "networks.sent"), [3, 4]);
});

test("filterTrace: a task that is renamed is found by the name from then on, and called by its last one", (t) => {
  const trace = made([
    { kind: "create", task: 1, name: "a" },
    { kind: "step", task: 1 },
    { kind: "task.renamed", by: 1, detail: { task: 1, name: "b" } },
    { kind: "print", text: "x", by: 1 },
  ]);
  const kept = (filter: TraceFilter): number[] => filterTrace(trace, filter).records.map(({ seq }) => seq);
  t.deepEqual(kept({ tasks: ["b"] }), [3, 4]);
  t.deepEqual(kept({ tasks: ["a"] }), [1, 2, 3, 4]);
  t.deepEqual([...filterTrace(trace, { kinds: ["print"] }).names], [[1, "b"]]);
  t.deepEqual([...filterTrace(trace, { kinds: ["create", "print"] }).names], [[1, "b"]]);
  t.deepEqual([...filterTrace(trace, { kinds: ["step"] }).names], [[1, "b"]], "mentioned before it was renamed");
});

test("filterTrace: both ends of a span of time belong to it", (t) => {
  const trace = made([0, 1, 2, 3].map((time) => ({ time, kind: "clock" })));
  t.deepEqual(
    filterTrace(trace, { from: 1, to: 2 }).records.map(({ seq }) => seq),
    [2, 3],
  );
  t.deepEqual(
    filterTrace(trace, { from: 2, to: 2 }).records.map(({ seq }) => seq),
    [3],
  );
});
