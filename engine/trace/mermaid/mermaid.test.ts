import test from "ava";
import { print } from "../../loop/built-ins.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { toMermaidGantt } from "./mermaid-gantt.ts";
import { toMermaidSequence } from "./mermaid-sequence.ts";
import { mermaidName, mermaidText } from "./mermaid-text.ts";

async function* tick() {
  for (let i = 0; i < 4; i++) {
    yield* sleep(0.25);
  }
}

async function* say(delay: number, what: string) {
  yield* sleep(delay);
  print(what);
}

async function* main() {
  const ticking = createTask(tick(), { name: "tick" });
  yield* createTask(say(1.5, "a; b #1"), { name: "say" });
  yield* ticking;
}

test("toMermaidSequence: who creates and wakes whom, and what comes again stands once", async (t) => {
  t.deepEqual(toMermaidSequence((await simulate(main)).trace).split("\n"), [
    "sequenceDiagram",
    "  participant L as the loop",
    "  participant T1 as Task-1",
    "  participant T2 as tick",
    "  participant T3 as say",
    "  Note over T1,T3: 0 s",
    "  L->>T1: creates",
    "  T1->>T2: creates",
    "  T1->>T3: creates",
    "  Note over T1: waits for say",
    "  Note over T2: sleep of 0.25 s",
    "  Note over T3: sleep of 1.5 s",
    "  loop 3 times",
    "    Note over T1,T3: 0.25 s later",
    "    L-->>T2: wakes",
    "    Note over T2: sleep of 0.25 s",
    "  end",
    "  Note over T1,T3: 1 s",
    "  L-->>T2: wakes",
    "  Note over T2: ends",
    "  Note over T1,T3: 1.5 s",
    "  L-->>T3: wakes",
    "  Note over T3: prints a#59; b #35;1",
    "  T3-->>T1: wakes",
    "  Note over T3: ends",
    "  Note over T1: ends",
    "",
  ]);
});

test("toMermaidSequence: of a long run the middle is left out, and tasks share a life line", async (t) => {
  const { trace } = await simulate(main);
  t.deepEqual(toMermaidSequence(trace, { maxEvents: 6, maxTasks: 2 }).split("\n"), [
    "sequenceDiagram",
    "  participant L as the loop",
    "  participant T1 as Task-1",
    "  participant T2 as tick",
    "  participant O as 1 other tasks",
    "  Note over T1,T2: 0 s",
    "  L->>T1: creates",
    "  T1->>T2: creates",
    "  Note over T1,T2: … 19 events left out …",
    "  O-->>T1: wakes",
    "  Note over O: say ends",
    "  Note over T1: ends",
    "",
  ]);
});

test("Mermaid: limits that are not positive integers are refused", async (t) => {
  const { trace } = await simulate(main);
  t.throws(() => toMermaidSequence(trace, { maxEvents: 0 }), {
    message: "toMermaidSequence: maxEvents: expected a positive integer, got 0",
  });
  t.throws(() => toMermaidGantt(trace, { maxTasks: 1.5 }), {
    message: "toMermaidGantt: maxTasks: expected a positive integer, got 1.5",
  });
});

test("toMermaidGantt: a section for each task, a bar for each wait", async (t) => {
  const { trace } = await simulate(main, { name: "ticks" });
  t.deepEqual(toMermaidGantt(trace, { maxBars: 3, maxTasks: 2 }).split("\n"), [
    "gantt",
    "  title ticks, 1.5 s in all, axis in s",
    "  dateFormat x",
    "  axisFormat %S.%L",
    "  section Task-1",
    "  say :0, 1500",
    "  finished :milestone, 1500, 0ms",
    "  section tick",
    "  sleep :0, 250",
    "  sleep :250, 500",
    "  sleep :500, 750",
    "  %% 1 more waits left out",
    "  finished :milestone, 1000, 0ms",
    "  %% 1 more tasks left out",
    "",
  ]);
});

test("toMermaidGantt: a short run is stretched, and names that mean something to Mermaid are written as codes", async (t) => {
  async function* short() {
    yield* createTask(say(0.0125, ""), { name: "section: one" });
  }
  t.deepEqual(
    toMermaidGantt((await simulate(short)).trace)
      .split("\n")
      .slice(1, 6),
    [
      "  title simloop, 0.0125 s in all, axis in ms",
      "  dateFormat x",
      "  axisFormat %S.%L",
      "  section Task-1",
      "  #115;ection#58; one :0, 12500",
    ],
  );
});

test("Mermaid: characters that mean something are codes, and half a character is left out", (t) => {
  t.is(mermaidText('50% "a" <b> {c}; #1 & d'), "50#37; #34;a#34; #60;b#62; #123;c#125;#59; #35;1 #38; d");
  t.is(mermaidName("a:b"), "a#58;b");
  t.is(mermaidText(" \n\t"), "-");
  const face = "\u{1f600}";
  t.is(mermaidText("x".repeat(79) + face), `${"x".repeat(79)}…`);
  t.is(mermaidText("x".repeat(78) + face), "x".repeat(78) + face);
  t.is(mermaidText("x".repeat(80)), "x".repeat(80));
  t.is(mermaidText(`${"x".repeat(78)}${face}y`), `${"x".repeat(78)}${face}…`);
});

test("toMermaidGantt: a wait too short to be seen has a bar all the same, and one without time has none", (t) => {
  const wait = (task: number, from: number, to: number): object[] => [
    { time: from, kind: "wait", task, on: "future", target: 0 },
    { time: to, kind: "wake", task, by: 0 },
  ];
  const trace = new Trace(
    Trace.EMPTY.header,
    "",
    [
      { time: 0, kind: "create", task: 1, name: "t", by: 0 },
      ...wait(1, 0, 100),
      ...wait(1, 100, 100),
      ...wait(1, 100, 100.0001),
      ...wait(1, 200, 300),
    ].map((one, i) => ({ seq: i + 1, ...one }) as TraceRecord),
  );
  t.deepEqual(toMermaidGantt(trace).split("\n").slice(4, -1), [
    "  section t",
    "  future :0, 100000",
    "  future :100000, 100001",
    "  future :200000, 300000",
  ]);
});

test("toMermaidGantt: the axis fits the length of the run", (t) => {
  const axis = (seconds: number): string => {
    const records = [{ seq: 1, time: seconds, kind: "clock" }] as const;
    return toMermaidGantt(new Trace(Trace.EMPTY.header, "", records))
      .split("\n")[3]!
      .trim();
  };
  t.deepEqual(
    [0.5, 59.999, 60, 3599.999, 3600, 86_399.999, 86_400].map(axis),
    ["%S.%L", "%S.%L", "%M:%S", "%M:%S", "%H:%M", "%H:%M", "%j %H:%M"].map((one) => `axisFormat ${one}`),
  );
});
