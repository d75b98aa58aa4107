import { describeValue } from "./describe.ts";

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
