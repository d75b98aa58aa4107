import test from "ava";
import { print, random } from "../../loop/built-ins.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { parseJsonl } from "../file/parse.ts";
import { toJsonl } from "../jsonl.ts";
import { Recorder } from "../record/recorder.ts";
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { diffTraces } from "./diff.ts";
import { formatDiff } from "./format-diff.ts";

async function* throwDice(name: string) {
  yield* sleep(1);
  print(name, random().integer(1, 6));
}

async function* main() {
  yield* gather(createTask(throwDice("ann"), { name: "ann" }), createTask(throwDice("bob"), { name: "bob" }));
}

const dice = async (seed: number): Promise<Trace> => (await simulate(main, { seed })).trace;

test("diffTraces: a trace has no difference to itself, also when it comes from a file or another place", async (t) => {
  const trace = await dice(1);
  const read = parseJsonl(toJsonl(trace).replace(/"place":"[^"]*"/g, '"place":"elsewhere.ts:1:1"'));
  t.deepEqual(diffTraces(trace, read), { equal: true, header: [], first: null, kinds: [] });
});

test("diffTraces: finds the first difference, what led there, and which kinds are not as many", async (t) => {
  const [a, b] = [await dice(1), await dice(2)];
  const shorter = new Trace(b.header, b.digest, b.records.slice(0, -4));
  const text = formatDiff(diffTraces(a, shorter), a, shorter, ["one", "two"]);
  t.deepEqual(text.replace(/ at diff\.test\.ts:\d+:\d+/g, "").split("\n"), [
    "seed: 1 in one, 2 in two",
    "20 events are the same; then one (-) and two (+) part:",
    "",
    "      16  1 s  timer #5 fires",
    "      17  1 s  timer #5 wakes ann",
    "      18  1 s  timer #6 fires",
    "      19  1 s  timer #6 wakes bob",
    "      20  1 s  ann goes on",
    '-     21  1 s  ann draws 3 from the stream "program"',
    '-     22  1 s  ann prints "ann 3"',
    "-     23  1 s  ann schedules call #7",
    "-     24  1 s  ann ends",
    "-     25  1 s  bob goes on",
    '+     21  1 s  ann draws 4 from the stream "program"',
    '+     22  1 s  ann prints "ann 4"',
    "+     23  1 s  ann schedules call #7",
    "+     24  1 s  ann ends",
    "+     25  1 s  bob goes on",
    "",
    "what led there in both, backwards:",
    "      20  1 s  ann goes on",
    "      17  1 s  timer #5 wakes ann",
    "      16  1 s  timer #5 fires",
    "      10  0 s  ann sets timer #5 for 1",
    "       9  0 s  ann starts",
    "       5  0 s  Task-1 wakes ann",
    "       3  0 s  Task-1 starts",
    "",
    "events     one  two",
    "end          3    2",
    "run          5    4",
    "run.ended    1    0",
    "schedule     3    2",
    "",
  ]);
});

test("diffTraces: a trace that ends before the other differs there", (t) => {
  const recorder = new Recorder({ mode: "full" });
  recorder.handleScheduled(1);
  const short = recorder.trace;
  recorder.handleRun(1);
  const diff = diffTraces(short, recorder.trace);
  t.deepEqual(diff.first, {
    index: 1,
    before: [{ seq: 1, time: 0, kind: "schedule", handle: 1, by: 0 }],
    left: { records: [], causes: [] },
    right: {
      records: [{ seq: 2, time: 0, kind: "run", handle: 1 }],
      causes: [{ seq: 1, time: 0, kind: "schedule", handle: 1, by: 0 }],
    },
  });
  t.deepEqual(diff.kinds, [{ kind: "run", left: 0, right: 1 }]);
});

const made = (list: readonly object[], header: object = {}): Trace =>
  new Trace(
    { ...Trace.EMPTY.header, ...header },
    "",
    list.map((one, i) => ({ seq: i + 1, time: 0, ...one }) as TraceRecord),
  );

test("diffTraces: each field of the header counts, and the seed 1 is not the seed '1'", (t) => {
  const base = { engine: "1", program: "p", seed: 1, start: 0, timeZone: "UTC" };
  const fields = Object.keys(base).map((field) =>
    diffTraces(made([], base), made([], { ...base, [field]: field === "seed" ? "1" : "other" })).header.map(
      (one) => one.field,
    ),
  );
  t.deepEqual(fields, [["engine"], ["program"], ["seed"], ["start"], ["timeZone"]]);
});

test("diffTraces: five equal records come before the difference, however long the traces are", (t) => {
  for (const length of [3, 5, 100, 101, 102, 103, 105, 106, 250]) {
    const equal = Array.from({ length }, (_, i) => ({ kind: "run", handle: i + 1 }));
    const { first } = diffTraces(made([...equal, { kind: "clock" }]), made([...equal, { kind: "run", handle: 999 }]));
    const expected = Array.from({ length: Math.min(5, length) }, (_, i) => length - Math.min(5, length) + i + 1);
    t.deepEqual(
      first?.before.map(({ seq }) => seq),
      expected,
      String(length),
    );
    t.is(first?.index, length);
  }
});

test("diffTraces: at most five records follow, and eight causes lead there", (t) => {
  const chain = Array.from({ length: 12 }, (_, i) => [
    { kind: "run", handle: i + 1 },
    { kind: "schedule", handle: i + 2, by: i + 1 },
  ]).flat();
  const tail = Array.from({ length: 9 }, () => ({ kind: "print", text: "x", by: 13 }));
  const { first } = diffTraces(
    made([...chain, { kind: "run", handle: 13 }, ...tail]),
    made([...chain, { kind: "clock" }]),
  );
  t.deepEqual(
    [first?.left.records.length, first?.left.causes.length, first?.right.records.length, first?.right.causes.length],
    [5, 7, 1, 0],
  );
});
