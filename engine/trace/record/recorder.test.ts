import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import type { Instrument, NoteShape, ObservedTask } from "../../base/instrument.ts";
import { random } from "../../loop/built-ins.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { parseJsonl } from "../file/parse.ts";
import { filterTrace } from "../filter/filter.ts";
import type { TraceFilter } from "../filter/filter-rules.ts";
import { jsonlLines, toJsonl } from "../jsonl.ts";
import { Trace } from "../trace.ts";
import { ENGINE_VERSION } from "../version.ts";
import { Recorder } from "./recorder.ts";
import { digestOf, isIntact } from "./verify.ts";

const task = (id: number, name = `Task-${id}`): ObservedTask => ({
  id,
  getName: () => name,
  createdAt: () => `file:///home/me/program.ts:${id}:7`,
});

type Step = (instrument: Instrument, clock: { now: number }) => void;

const id = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 9_990, max: 10_010 }),
  fc.integer({ min: 2 ** 27 - 2, max: 2 ** 27 + 2 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);
const text = fc.oneof(fc.string({ unit: "binary" }), fc.constant("\ud800"), fc.constant("a\u0000"), fc.string());
const symbol = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("sleep", "future", "Lock", "Queue", "loss a→b") },
  text,
  fc.integer({ min: 0, max: 40 }).map((n) => `symbol ${n}`),
  fc.constantFrom(100, 20_000).map((n) => "\u0001é".repeat(n)),
);
const SHAPE: NoteShape = { kind: "network.sent", keys: ["packet", "link", "data", "isRetransmission"] };
const number = fc.oneof(fc.double({ noNaN: false }), fc.integer(), fc.constantFrom(-0, 1e21, 5e-324));
const someTask = fc
  .tuple(id, text, fc.option(text, { nil: undefined }))
  .map(([one, name, host]) => ({ ...task(one, name), host }));
const detail = fc.dictionary(text, fc.oneof(text, number, fc.boolean()));
const when = fc.double({ min: 0, noNaN: true });

/** Any event, as a call to an instrument. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.double({ min: 0, max: 1e7, noNaN: true }).map(
    (delay): Step =>
      (instrument, clock) => {
        clock.now += delay;
        instrument.clockAdvanced(clock.now);
      },
  ),
  id.map(
    (one): Step =>
      (instrument) =>
        instrument.handleScheduled(one),
  ),
  fc.tuple(id, when, symbol).map(
    ([one, time, host]): Step =>
      (instrument) => {
        instrument.handleScheduled(one, host);
        instrument.timerScheduled(one, time, host);
      },
  ),
  fc.tuple(id, when).map(
    ([one, time]): Step =>
      (instrument) =>
        instrument.timerScheduled(one, time),
  ),
  id.map(
    (one): Step =>
      (instrument) =>
        instrument.handleCancelled(one),
  ),
  id.map(
    (one): Step =>
      (instrument) =>
        instrument.handleRun(one),
  ),
  someTask.map(
    (one): Step =>
      (instrument) =>
        instrument.taskCreated(one),
  ),
  someTask.map(
    (one): Step =>
      (instrument) =>
        instrument.taskStepped(one),
  ),
  someTask.map(
    (one): Step =>
      (instrument) =>
        instrument.taskWoken(one),
  ),
  fc.constant<Step>((instrument) => instrument.outsideActs()),
  someTask.map(
    (one): Step =>
      (instrument) =>
        instrument.taskYielded(one),
  ),
  someTask.map(
    (one): Step =>
      (instrument) =>
        instrument.taskRenamed(one),
  ),
  fc.tuple(symbol, fc.double({ noNaN: true, noDefaultInfinity: true })).map(
    ([stream, value]): Step =>
      (instrument) =>
        instrument.drawn(stream, value),
  ),
  fc.tuple(symbol, fc.nat(), fc.nat()).map(
    ([point, option, of]): Step =>
      (instrument) =>
        instrument.chosen(point, option, of),
  ),
  fc.tuple(symbol, id, fc.constantFrom("waited", "acquired", "released"), id, fc.integer({ min: -1 })).map(
    ([kind, one, event, waiting, items]): Step =>
      (instrument) =>
        instrument.primitiveChanged({ kind, id: one }, event, waiting, items),
  ),
  fc.tuple(fc.constantFrom("finished", "failed", "cancelled", "cut off"), fc.anything()).map(
    ([outcome, error]): Step =>
      (instrument) =>
        instrument.runEnded(outcome, error),
  ),
  fc.tuple(someTask, symbol, id).map(
    ([one, kind, target]): Step =>
      (instrument) =>
        instrument.taskSuspended(one, kind, target),
  ),
  fc.tuple(someTask, fc.constantFrom("finished", "failed", "cancelled"), fc.oneof(text, fc.anything())).map(
    ([one, outcome, error]): Step =>
      (instrument) =>
        instrument.taskEnded(one, outcome, error),
  ),
  text.map(
    (one): Step =>
      (instrument) =>
        instrument.printed(one),
  ),
  fc
    .tuple(number, fc.option(symbol, { nil: undefined }), fc.option(fc.uint8Array(), { nil: undefined }), fc.boolean())
    .map(
      ([packet, link, data, isTrue]): Step =>
        (instrument) =>
          instrument.notedAs(SHAPE, [packet, link, data, isTrue || undefined]),
    ),
  fc.tuple(text, detail).map(
    ([kind, one]): Step =>
      (instrument) =>
        instrument.noted(kind, one),
  ),
);

function record(recorder: Recorder, steps: readonly Step[]): Recorder {
  const clock = { now: 0 };
  for (const step of steps) {
    step(recorder, clock);
  }
  return recorder;
}

function streamed(steps: readonly Step[], filter?: TraceFilter): { readonly text: string; readonly digest: string } {
  const pieces: Uint8Array[] = [];
  const recorder = new Recorder({ mode: "full", filter, sink: (piece) => pieces.push(piece.slice()) });
  record(recorder, steps);
  recorder.finish();
  return { text: Buffer.concat(pieces).toString("utf8"), digest: recorder.digest() };
}

async function* clock(name: string, delay: number) {
  yield* sleep(delay);
  return name;
}

test("Recorder: writes every event of a run, with who did it", async (t) => {
  async function* main() {
    const other = createTask(clock("other", 0.1), { name: "other" });
    yield* sleep(0);
    yield* other;
  }
  const { trace } = await simulate(main, { name: "two tasks", seed: 7 });
  const place = /,"place":"recorder.test.ts:\d+:\d+"/;
  t.deepEqual(
    toJsonl(trace)
      .split("\n")
      .map((line) => line.replace(place, "")),
    [
      '{"format":"simloop-trace","version":1,"engine":"0.1.0","program":"two tasks","seed":7,"start":"2000-01-01T00:00:00","timeZone":"UTC"}',
      '{"seq":1,"time":0,"kind":"create","task":1,"name":"Task-1","by":0}',
      '{"seq":2,"time":0,"kind":"wake","task":1,"by":0}',
      '{"seq":3,"time":0,"kind":"step","task":1}',
      '{"seq":4,"time":0,"kind":"create","task":2,"name":"other","by":1}',
      '{"seq":5,"time":0,"kind":"wake","task":2,"by":1}',
      '{"seq":6,"time":0,"kind":"yield","task":1}',
      '{"seq":7,"time":0,"kind":"step","task":2}',
      '{"seq":8,"time":0,"kind":"timer","handle":3,"when":0.1,"by":2}',
      '{"seq":9,"time":0,"kind":"wait","task":2,"on":"sleep","target":3}',
      '{"seq":10,"time":0,"kind":"step","task":1}',
      '{"seq":11,"time":0,"kind":"wait","task":1,"on":"task","target":2}',
      '{"seq":12,"time":0.1,"kind":"clock"}',
      '{"seq":13,"time":0.1,"kind":"run","handle":3}',
      '{"seq":14,"time":0.1,"kind":"wake","task":2,"by":3}',
      '{"seq":15,"time":0.1,"kind":"step","task":2}',
      '{"seq":16,"time":0.1,"kind":"wake","task":1,"by":2}',
      '{"seq":17,"time":0.1,"kind":"end","task":2,"outcome":"finished"}',
      '{"seq":18,"time":0.1,"kind":"step","task":1}',
      '{"seq":19,"time":0.1,"kind":"schedule","handle":4,"by":1}',
      '{"seq":20,"time":0.1,"kind":"end","task":1,"outcome":"finished"}',
      '{"seq":21,"time":0.1,"kind":"run","handle":4}',
      '{"seq":22,"time":0.1,"kind":"run.ended","by":0,"detail":{"outcome":"finished"}}',
      `{"records":22,"digest":"${trace.digest}"}`,
      "",
    ],
  );
});

test("Recorder: a place is the file without its directories, the line and the column", (t) => {
  const recorder = record(new Recorder({ mode: "full" }), [(one) => one.taskCreated(task(5))]);
  t.deepEqual(recorder.trace.records, [
    { seq: 1, time: 0, kind: "create", task: 5, name: "Task-5", by: 0, place: "program.ts:5:7" },
  ]);
});

test("Recorder: errors, prints and notes keep what they say and nothing of the machine", (t) => {
  const failure = Object.assign(new TypeError("no such thing"), { stack: "at /home/me" });
  const recorder = record(new Recorder({ mode: "full" }), [
    (one) => one.taskEnded(task(1), "failed", failure),
    (one) => one.taskEnded(task(2), "failed", undefined),
    (one) => one.printed('line "1"\n'),
    (one) => one.noted("link.dropped", { from: "a", bytes: 3, lost: true, ratio: Number.NaN, zero: -0 }),
    (one) => one.noted("print", {}),
  ]);
  t.deepEqual(recorder.trace.records, [
    {
      seq: 1,
      time: 0,
      kind: "end",
      task: 1,
      outcome: "failed",
      error: { name: "TypeError", message: "no such thing" },
    },
    { seq: 2, time: 0, kind: "end", task: 2, outcome: "failed", error: { name: "undefined", message: "undefined" } },
    { seq: 3, time: 0, kind: "print", text: 'line "1"\n', by: 0 },
    {
      seq: 4,
      time: 0,
      kind: "link.dropped",
      by: 0,
      detail: { from: "a", bytes: 3, lost: true, ratio: "NaN", zero: 0 },
    },
    { seq: 5, time: 0, kind: "note.print", by: 0, detail: {} },
  ]);
});

test("Recorder: an error that throws when it is looked at does no harm", (t) => {
  const trap = {
    get message(): string {
      throw new Error("trap");
    },
  };
  const recorder = record(new Recorder({ mode: "full" }), [
    (one) => one.taskEnded(task(1), "failed", trap),
    (one) => one.runEnded("failed", Object.create(null)),
  ]);
  t.deepEqual(
    recorder.trace.records.map((one) => ("error" in one ? one.error : "detail" in one && one.detail)),
    [
      { name: "Object", message: "[object Object]" },
      { outcome: "failed", name: "Object", message: "a value that cannot be converted to a string" },
    ],
  );
});

test("Recorder: the digest is the same in every mode, and that of the records", (t) => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const full = record(new Recorder({ mode: "full" }), steps);
      const { digest, text: lines } = streamed(steps);
      t.is(digest, full.digest());
      t.is(record(new Recorder({ mode: "digest" }), steps).digest(), digest);
      t.is(digestOf(full.trace), digest);
      t.is(lines, toJsonl(full.trace));
    }),
  );
});

test("Recorder: a filter keeps the same events while they come, in memory and in a file, as afterwards", (t) => {
  const filters = fc.record(
    {
      kinds: fc.subarray([
        "clock",
        "create",
        "wake",
        "step",
        "wait",
        "end",
        "timer",
        "print",
        "sync.",
        "random.drawn",
        "task.",
      ]),
      tasks: fc.subarray([1, 2, 3, 5, 8, "a\u0000", ""]),
      from: fc.constantFrom(0, 1e5),
      to: fc.constantFrom(1e6, 1e9),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), filters, (steps, filter) => {
      const full = record(new Recorder({ mode: "full" }), steps);
      const filtered = filterTrace(full.trace, filter);
      const kept = record(new Recorder({ mode: "full", filter }), steps);
      t.deepEqual(kept.trace.records, filtered.records);
      t.is(kept.digest(), full.digest());
      t.is(toJsonl(kept.trace), toJsonl(filtered));
      t.is(streamed(steps, filter).text, toJsonl(filtered));
      t.is(kept.events, full.trace.records.length);
    }),
  );
});

test("Recorder: names that are first used at the end of a block are known in the next", (t) => {
  const steps = Array.from(
    { length: 20_000 },
    (_, i): Step =>
      (instrument) =>
        instrument.drawn(`stream ${i}`, i),
  );
  const filter = { kinds: ["random."] };
  const full = record(new Recorder({ mode: "full" }), steps);
  t.is(toJsonl(record(new Recorder({ mode: "full", filter }), steps).trace), toJsonl(full.trace));
  t.is(streamed(steps, filter).text, toJsonl(full.trace));
});

test("Recorder: a filter that lets little through keeps little", (t) => {
  const recorder = new Recorder({ mode: "full", filter: { kinds: ["print"] } });
  for (let i = 1; i <= 100_000; i++) {
    recorder.handleRun(i);
    if (i % 10_000 === 0) {
      recorder.printed(`${i}`);
    }
  }
  t.deepEqual(
    recorder.trace.records.map(({ seq }) => seq),
    Array.from({ length: 10 }, (_, i) => 10_001 * (i + 1)),
  );
  t.is(recorder.events, 100_010);
});

test("Recorder: what is written to a file is read back the same", (t) => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const { trace } = record(new Recorder({ mode: "full" }), steps);
      const read = parseJsonl(toJsonl(trace));
      t.deepEqual(read.records, trace.records);
      t.deepEqual(read.header, trace.header);
      t.true(isIntact(read));
    }),
  );
});

test("Recorder: a run of many blocks, with texts longer than one, is the same in every mode", (t) => {
  const long = "né".repeat(20_000);
  const steps: Step[] = [];
  for (let i = 1; i <= 30_000; i++) {
    steps.push((one) => one.timerScheduled(i, i / 3));
    if (i % 5_000 === 0) {
      steps.push((one) => one.printed(long));
      steps.push((one) => one.clockAdvanced(i));
    }
  }
  const { trace } = record(new Recorder({ mode: "full" }), steps);
  t.is(trace.records.length, 30_012);
  t.is(streamed(steps).text, toJsonl(trace));
  t.true(isIntact(trace));
});

test("Recorder: each event of a run counts for the digest, and so does their order", (t) => {
  const steps: Step[] = [
    (one) => one.taskCreated(task(1, "a")),
    (one) => one.taskCreated(task(1, "b")),
    (one) => one.taskWoken(task(1)),
    (one) => one.taskStepped(task(1)),
    (one) => one.taskStepped(task(2)),
    (one) => one.taskSuspended(task(1), "future", 1),
    (one) => one.taskSuspended(task(1), "lock", 1),
    (one) => one.taskSuspended(task(1), "future", 2),
    (one) => one.taskEnded(task(1), "finished"),
    (one) => one.taskEnded(task(1), "cancelled"),
    (one) => one.taskEnded(task(1), "failed", new Error("a")),
    (one) => one.taskEnded(task(1), "failed", new Error("b")),
    (one) => one.clockAdvanced(1),
    (one) => one.clockAdvanced(1 + Number.EPSILON),
    (one) => one.handleScheduled(1),
    (one) => one.timerScheduled(1, 1),
    (one) => one.timerScheduled(1, 2),
    (one) => one.handleCancelled(1),
    (one) => one.handleRun(1),
    (one) => one.printed("a"),
    (one) => one.printed("a\u0000"),
    (one) => one.noted("a.b", { c: 1 }),
    (one) => one.noted("a.b", { c: "1" }),
    (one) => one.noted("a.b", { d: 1 }),
  ];
  const digests = new Set<string>();
  for (const first of steps) {
    digests.add(record(new Recorder({ mode: "digest" }), [first]).digest());
    for (const second of steps) {
      digests.add(record(new Recorder({ mode: "digest" }), [first, second]).digest());
    }
  }
  t.is(digests.size, steps.length + steps.length ** 2);
});

async function* drawing() {
  for (let i = 0; i < 5; i++) {
    yield* sleep(random().random());
  }
}

test("Digest: the same seed leads to the same one, another seed another one", async (t) => {
  const [first, second, other] = [
    await simulate(drawing, { seed: 1, trace: "full" }),
    await simulate(drawing, { seed: 1, trace: "digest" }),
    await simulate(drawing, { seed: 2, trace: "digest" }),
  ];
  t.is(first.digest, second.digest);
  t.not(first.digest, other.digest);
});

test("Digest: a program that remembers something from one run to the next is caught", async (t) => {
  let runs = 0;
  async function* impure() {
    runs++;
    yield* sleep(runs);
  }
  t.not((await simulate(impure)).digest, (await simulate(impure)).digest);
});

test("Digest: a program that draws from Math.random is caught", async (t) => {
  async function* impure() {
    yield* sleep(Math.random());
  }
  t.not((await simulate(impure)).digest, (await simulate(impure)).digest);
});

test("Trace: the records are made anew at every reading, or once when all are asked for", (t) => {
  const recorder = record(new Recorder({ mode: "full" }), [(one) => one.handleRun(1)]);
  const { trace } = recorder;
  recorder.handleRun(2);
  t.deepEqual([...trace], [{ seq: 1, time: 0, kind: "run", handle: 1 }]);
  t.is(trace.records, trace.records);
  t.is(recorder.trace.records.length, 2);
});

test("Trace: a recorder that keeps no events returns an empty one, with the digest", (t) => {
  const recorder = record(new Recorder({ mode: "digest" }), [(one) => one.handleRun(1)]);
  t.deepEqual(recorder.trace.records, []);
  t.is(recorder.trace.digest, recorder.digest());
  t.is([...jsonlLines(Trace.EMPTY)].length, 2);
});

test("Trace: its header names the version in package.json", (t) => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  t.is(ENGINE_VERSION, version);
});

test("Digest: a negative zero is a zero, in memory, in a file and in the digest", (t) => {
  const [plain, negative] = [0, -0].map((zero) =>
    record(new Recorder({ mode: "full" }), [
      (one) => one.clockAdvanced(zero),
      (one) => one.timerScheduled(1, zero),
      (one) => one.drawn("s", zero),
      (one) => one.noted("a.b", { zero }),
    ]),
  ) as [Recorder, Recorder];
  t.is(negative.digest(), plain.digest());
  t.is(toJsonl(negative.trace), toJsonl(plain.trace));
  t.true(isIntact(parseJsonl(toJsonl(negative.trace))));
});
