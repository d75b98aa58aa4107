import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import test from "ava";
import { print } from "../loop/built-ins.ts";
import { getRunningLoop } from "../network/event-loop.ts";
import { simulate } from "../simulation.ts";
import { createTask } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import { fieldsOf, KINDS } from "./fields.ts";
import { filterTrace } from "./filter/filter.ts";
import { toJsonl } from "./jsonl.ts";
import type { Trace } from "./trace.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

const schema = JSON.parse(read("trace.schema.json"));
const definitions: Readonly<Record<string, Schema>> = schema.definitions;
const isValid = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

async function* broken() {
  yield* sleep(1);
  throw new RangeError("out of range");
}

async function* everything() {
  const loop = getRunningLoop();
  loop.callLater(Number.POSITIVE_INFINITY, () => {}).cancel();
  loop.callSoon(() => print("soon"));
  const task = createTask(broken());
  yield* sleep(0);
  loop._instrument?.noted("note.of", { text: "a", number: 1, truth: true });
  yield* task;
}

const linesOf = (trace: Trace): unknown[] =>
  toJsonl(trace)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("Trace schema: each line of a trace meets it, and every kind occurs", async (t) => {
  const { trace } = await simulate(everything, { name: "everything" });
  const lines = linesOf(trace);
  t.deepEqual(
    lines.filter((line) => !isValid(line)),
    [],
  );
  const kinds = new Set<string>(trace.records.map(({ kind }) => kind));
  t.deepEqual(
    [...KINDS, "note.of"].filter((kind) => !kinds.has(kind)),
    [],
  );
});

test("Trace schema: the lines of a part of a trace meet it", async (t) => {
  const lines = linesOf(filterTrace((await simulate(everything)).trace, { kinds: ["end"] }));
  t.true(lines.every((line) => isValid(line)));
  t.deepEqual((lines.at(-1) as { names: unknown }).names, { 1: "Task-1", 4: "Task-2" });
});

test("Trace schema: names the fields that are read, in their order", (t) => {
  for (const kind of KINDS) {
    const { properties = {}, required = [] } = definitions[kind]!;
    const fields = fieldsOf(kind) ?? [];
    t.deepEqual(Object.keys(properties), ["seq", "time", "kind", ...fields.map(({ name }) => name)], kind);
    t.deepEqual(
      Object.keys(properties).filter((name) => !required.includes(name)),
      fields.filter(({ optional }) => optional).map(({ name }) => name),
      kind,
    );
  }
  t.deepEqual(fieldsOf("walk"), undefined);
  t.deepEqual(fieldsOf("toString"), undefined);
});

test("Trace schema: every kind that it names stands on the format's page", (t) => {
  const page = read("trace-format.md");
  const kinds = Object.values(definitions).flatMap(({ properties = {} }) => {
    const { const: one, enum: several = [] } = (properties["kind"] ?? {}) as {
      const?: string;
      enum?: readonly string[];
    };
    return one === undefined ? several : [one];
  });
  t.true(kinds.length > 30);
  t.deepEqual(
    kinds.filter((kind) => !page.includes(`\`${kind}\``)),
    [],
  );
});

test("Trace schema: refuses records that are none", (t) => {
  for (const line of [
    { seq: 1, time: 0, kind: "step" },
    { seq: 0, time: 0, kind: "step", task: 1 },
    { seq: 1, time: -1, kind: "step", task: 1 },
    { seq: 1, time: 0, kind: "walk", task: 1 },
    { seq: 1, time: 0, kind: "step", task: 1, more: 1 },
    { seq: 1, time: 0, kind: "a.b", by: 0, detail: { list: [] } },
    { seq: 1, time: 0, kind: "random.drawn", by: 0, detail: { stream: "a", value: "b" } },
    { seq: 1, time: 0, kind: "sync.acquired", by: 0, detail: { primitive: "Lock", id: 1 } },
    { seq: 1, time: 0, kind: "network.delivered", by: 0, detail: { packet: 1, link: "a→b", more: 1 } },
    { records: 1, digest: "12" },
    { format: "other", version: 1 },
  ]) {
    t.false(isValid(line), JSON.stringify(line));
  }
});

test("Trace format: the example on its page is a run's", async (t) => {
  const example = /```\n(\{[^`]*)```/.exec(read("trace-format.md"))?.[1]?.replace(/"nap\.ts:[\d:]+"/, '"nap.ts:1:1"');
  async function* nap() {
    yield* sleep(0.1);
  }
  const { trace } = await simulate(nap, { name: "nap", start: "15:29:41" });
  t.is(example, toJsonl(trace).replace(/"place":"[^"]*"/, '"place":"nap.ts:1:1"'));
});
