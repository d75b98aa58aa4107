import { OUTCOMES } from "./event-codes.ts";
import type { TraceRecord } from "./record.ts";

/** What may stand in a field of a record. */
export interface Field {
  readonly name: string;
  /** In words, for messages. */
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
  readonly optional?: true;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isWholeFrom =
  (least: number) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= least;

const whole = (name: string, least: number): Field => ({
  name,
  expected: `a whole number from ${least} on`,
  isValid: isWholeFrom(least),
});
const text = (name: string): Field => ({ name, expected: "a text", isValid: isText });

const seq = whole("seq", 1);
const time: Field = {
  name: "time",
  expected: "a number of seconds that is not negative",
  isValid: (value) => typeof value === "number" && value >= 0,
};
const by = whole("by", 0);
const task = whole("task", 1);
const handle = whole("handle", 1);

const FIELDS: Readonly<Record<Exclude<TraceRecord["kind"], `${string}.${string}`>, readonly Field[]>> = {
  clock: [],
  create: [task, text("name"), by, { ...text("host"), optional: true }, { ...text("place"), optional: true }],
  wake: [task, by],
  step: [task],
  wait: [task, text("on"), whole("target", 0)],
  yield: [task],
  end: [
    task,
    {
      name: "outcome",
      expected: `one of ${OUTCOMES.join(", ")}`,
      isValid: (value) => (OUTCOMES as readonly unknown[]).includes(value),
    },
    {
      name: "error",
      expected: 'an object with texts "name" and "message"',
      isValid: (value) => isObject(value) && isText(value["name"]) && isText(value["message"]),
      optional: true,
    },
  ],
  schedule: [handle, by, { ...text("host"), optional: true }],
  timer: [
    handle,
    {
      name: "when",
      expected: "a number of seconds, or null for never",
      isValid: (value) => value === null || typeof value === "number",
    },
    by,
    { ...text("host"), optional: true },
  ],
  cancel: [handle, by],
  run: [handle],
  print: [text("text"), by],
};

const NOTE_FIELDS: readonly Field[] = [
  by,
  {
    name: "detail",
    expected: "an object of texts, numbers, true and false",
    isValid: (value) =>
      isObject(value) && Object.values(value).every((one) => ["string", "number", "boolean"].includes(typeof one)),
  },
];

/** The fields that every record begins with, before and after its kind. */
export const COMMON_FIELDS: readonly Field[] = [seq, time];

/** The kinds of the loop itself; those of the rooms above have a dot. */
export const KINDS: readonly string[] = Object.keys(FIELDS);

/** The fields of a kind in their order, those of all records left out; `undefined` if there is no such kind. */
export const fieldsOf = (kind: string): readonly Field[] | undefined =>
  kind.includes(".") ? NOTE_FIELDS : Object.hasOwn(FIELDS, kind) ? FIELDS[kind as keyof typeof FIELDS] : undefined;
