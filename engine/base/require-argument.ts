import { describeValue, safeGet } from "./describe.ts";

/**
 * Refuse an argument at the call: `function: expected X, got Y`.
 *
 * @param what - The function, and where it helps the argument: `toSvg`, `toHtml: sources`.
 * @param expected - What it takes: `a string`.
 * @throws TypeError unless `isRight`.
 */
export function requireArgument(what: string, expected: string, isRight: boolean, value: unknown): asserts isRight {
  if (!isRight) {
    throw new TypeError(`${what}: expected ${expected}, got ${describeValue(value)}`);
  }
}

/** Whether `value` is an object, and not an array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What `typeof` gives, or `"array"`. */
type FieldType = "number" | "string" | "object" | "function" | "array";

const hasType = (value: unknown, type: FieldType): boolean =>
  type === "array" ? Array.isArray(value) : typeof value === type && value !== null;

/**
 * Refuse an object that lacks what it is used for.
 *
 * @param expected - What is taken: `a job { setting, from, to }`.
 * @param fields - The fields that it must have, with their types.
 * @throws TypeError unless `value` is an object with these fields.
 */
export function requireFields(
  what: string,
  expected: string,
  value: unknown,
  fields: Readonly<Record<string, FieldType>>,
): void {
  const isObjectLike = (typeof value === "object" && value !== null) || typeof value === "function";
  const isRight = isObjectLike && Object.entries(fields).every(([name, type]) => hasType(safeGet(value, name), type));
  requireArgument(what, expected, isRight, value);
}
