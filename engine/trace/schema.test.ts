import { readFileSync } from "node:fs";
import test from "ava";
import { print } from "../loop/program.ts";
import { getRunningLoop } from "../network/event-loop.ts";
import { simulate } from "../simulation.ts";
import { createTask } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import { fieldsOf, KINDS } from "./fields.ts";
import { toJsonl } from "./jsonl.ts";

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

const schema: Schema = JSON.parse(read("trace.schema.json"));
const definitions = schema.definitions ?? {};

function isOfType(type: string, value: unknown): boolean {
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  return type === "integer" ? Number.isInteger(value) : type === "null" ? value === null : typeof value === type;
}

function isValidObject(part: Schema, value: Readonly<Record<string, unknown>>): boolean {
  const { properties = {}, required = [], additionalProperties = true } = part;
  return (
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, field]) => {
      const own = properties[name] ?? additionalProperties;
      return typeof own === "boolean" ? own : isValid(own, field);
    })
  );
}

/** Whether `value` meets the schema, as far as its keywords are used in ours. */
function isValid(part: Schema, value: unknown): boolean {
  if (part.$ref !== undefined) {
    return isValid(definitions[part.$ref.replace("#/definitions/", "")] as Schema, value);
  }
  const types = part.type === undefined ? [] : [part.type].flat();
  return (
    (part.oneOf === undefined || part.oneOf.filter((one) => isValid(one, value)).length === 1) &&
    (types.length === 0 || types.some((type) => isOfType(type, value))) &&
    (!("const" in part) || part.const === value) &&
    (part.enum?.includes(value) ?? true) &&
    (part.pattern === undefined || new RegExp(part.pattern).test(String(value))) &&
    (part.minimum === undefined || (value as number) >= part.minimum) &&
    (part.type !== "object" || isValidObject(part, value as Readonly<Record<string, unknown>>))
  );
}

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

test("Trace schema: each line of a trace meets it, and every kind occurs", async (t) => {
  const { trace } = await simulate(everything, { name: "everything" });
  const lines: unknown[] = toJsonl(trace)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.deepEqual(
    lines.filter((line) => !isValid(schema, line)),
    [],
  );
  const kinds = new Set<string>(trace.records.map(({ kind }) => kind));
  t.deepEqual(
    [...KINDS, "note.of"].filter((kind) => !kinds.has(kind)),
    [],
  );
});

test("Trace schema: names the fields that are read, in their order", (t) => {
  for (const kind of KINDS) {
    const { properties = {}, required = [] } = definitions[kind] as Schema;
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

test("Trace schema: refuses records that are none", (t) => {
  for (const line of [
    { seq: 1, time: 0, kind: "step" },
    { seq: 0, time: 0, kind: "step", task: 1 },
    { seq: 1, time: -1, kind: "step", task: 1 },
    { seq: 1, time: 0, kind: "walk", task: 1 },
    { seq: 1, time: 0, kind: "step", task: 1, more: 1 },
    { seq: 1, time: 0, kind: "a.b", by: 0, detail: { list: [] } },
    { records: 1, digest: "12" },
    { format: "other", version: 1 },
  ]) {
    t.false(isValid(schema, line), JSON.stringify(line));
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
