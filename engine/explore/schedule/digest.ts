import { byText } from "./schedule.ts";

/**
 * A string that two values have in common if they hold the same: as JSON, but for what JSON leaves out or confuses. The
 * order in which something was put into an object, a Map or a Set does not matter, that of a list does.
 */
export const digestOf = (value: unknown): string => (typeof value === "string" ? value : valueText(value));

/** A value in words, as in a program where that is possible. */
export function valueText(value: unknown): string {
  return textOf(value, []);
}

function textOf(value: unknown, around: readonly object[]): string {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value !== "object" || value === null) {
    return Object.is(value, -0) ? "0" : String(value);
  }
  return around.includes(value) ? "[circular]" : objectText(value, [...around, value]);
}

function objectText(value: object, around: readonly object[]): string {
  const list = (items: Iterable<unknown>): string[] => Array.from(items, (item) => textOf(item, around));
  const pairs = (entries: Iterable<readonly [unknown, unknown]>): string[] =>
    Array.from(entries, ([key, held]) => `${textOf(key, around)}:${textOf(held, around)}`).sort(byText);
  if (Array.isArray(value)) {
    return `[${list(value).join()}]`;
  }
  if (value instanceof Map) {
    return `Map{${pairs(value).join()}}`;
  }
  if (value instanceof Set) {
    return `Set{${list(value).sort(byText).join()}}`;
  }
  if (value instanceof Error) {
    return String(value);
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return textOf(value.toJSON(), around);
  }
  return `{${pairs(Object.entries(value)).join()}}`;
}
