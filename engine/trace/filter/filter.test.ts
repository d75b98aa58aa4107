import test from "ava";
import { print } from "../../loop/program.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { parseJsonl } from "../file/parse.ts";
import { toJsonl } from "../jsonl.ts";
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

test("filterTrace: tells which tasks were asked for in vain", async (t) => {
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
