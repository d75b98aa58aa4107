import { isObject } from "../base/require-argument.ts";
import { OUTCOMES } from "./event-codes.ts";
import type { TraceRecord } from "./record.ts";

/** What may stand in a field of a record. */
export interface Field {
  readonly name: string;
  /** What stands there, for messages: `a string`. */
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
  readonly optional?: true;
}

const isString = (value: unknown): boolean => typeof value === "string";
const isWholeFrom =
  (least: number) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= least;

const whole = (name: string, least: number): Field => ({
  name,
  expected: least === 0 ? "a non-negative integer" : "a positive integer",
  isValid: isWholeFrom(least),
});
const string = (name: string): Field => ({ name, expected: "a string", isValid: isString });

const seq = whole("seq", 1);
const time: Field = {
  name: "time",
  expected: "a non-negative number of seconds",
  isValid: (value) => typeof value === "number" && value >= 0,
};
const by = whole("by", 0);
const task = whole("task", 1);
const handle = whole("handle", 1);

const FIELDS: Readonly<Record<Exclude<TraceRecord["kind"], `${string}.${string}`>, readonly Field[]>> = {
  clock: [],
  create: [task, string("name"), by, { ...string("host"), optional: true }, { ...string("place"), optional: true }],
  wake: [task, by],
  step: [task],
  wait: [task, string("on"), whole("target", 0)],
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
      expected: 'an object with strings "name" and "message"',
      isValid: (value) => isObject(value) && isString(value["name"]) && isString(value["message"]),
      optional: true,
    },
  ],
  schedule: [handle, by, { ...string("host"), optional: true }],
  timer: [
    handle,
    {
      name: "when",
      expected: "a number of seconds, or null for never",
      isValid: (value) => value === null || typeof value === "number",
    },
    by,
    { ...string("host"), optional: true },
  ],
  cancel: [handle, by],
  run: [handle],
  print: [string("text"), by],
};

const NOTE_FIELDS: readonly Field[] = [
  by,
  {
    name: "detail",
    expected: "an object of strings, numbers and booleans",
    isValid: (value) =>
      isObject(value) && Object.values(value).every((one) => ["string", "number", "boolean"].includes(typeof one)),
  },
];

/** The fields that every record begins with, before and after its kind. */
export const COMMON_FIELDS: readonly Field[] = [seq, time];

/** The kinds of the loop itself; those of the layers above have a dot. */
export const KINDS: readonly string[] = Object.keys(FIELDS);

/** The fields of a kind in their order, those of all records left out; `undefined` for an unknown kind. */
export const fieldsOf = (kind: string): readonly Field[] | undefined =>
  kind.includes(".") ? NOTE_FIELDS : Object.hasOwn(FIELDS, kind) ? FIELDS[kind as keyof typeof FIELDS] : undefined;
