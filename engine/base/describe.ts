/** What a thrown value says, as strings. */
export interface ThrownText {
  /** The class of an error, such as `TypeError`; for a value that is not an object, its type. */
  readonly name: string;
  /** The message of an error; for any other value, the value as a string. */
  readonly message: string;
}

/** Stands for a value that has no string: it has no prototype, is a revoked proxy, or its `toString` throws. */
const UNPRINTABLE = "a value that cannot be converted to a string";

/** Longest description of an argument, in UTF-16 units. */
const MAX_LENGTH = 60;

/** Items of an array or an object that a description can show, and how deep it goes. */
const MAX_ITEMS = 20;
const MAX_DEPTH = 3;

/** `String(value)`, but it never throws: user code may throw or pass values whose conversion fails. */
export function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return UNPRINTABLE;
  }
}

/** `value[key]`, or `undefined` where it has no such property or reading it throws. Never throws. */
export function safeGet(value: unknown, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

/** `value instanceof type`, or false where a proxy refuses the question. Never throws. */
export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** The name and the message of whatever was thrown. Never throws, and never shows a stack. */
export function thrownText(value: unknown): ThrownText {
  if (typeof value === "function") {
    const name = safeGet(value, "name");
    return { name: "function", message: typeof name === "string" ? name : "" };
  }
  if (typeof value !== "object" || value === null) {
    return { name: typeof value, message: safeString(value) };
  }
  const name = safeGet(value, "name");
  const message = safeGet(value, "message");
  return {
    name: typeof name === "string" ? name : "Object",
    message: typeof message === "string" ? message : safeString(value),
  };
}

/** Whatever was thrown, as `Name: message`; a value that is not an error, as a string. Never throws. */
export function thrownLine(value: unknown): string {
  if (!isInstance(value, Error)) {
    return safeString(value);
  }
  const { name, message } = thrownText(value);
  return message === "" ? name : `${name}: ${message}`;
}

/**
 * An argument as an error message shows it after "got": short, on one line. Never throws, however large or strange the
 * value is.
 *
 * Strings are quoted, plain objects and arrays stand as JSON, objects with a string of their own as that, others as
 * `[object Map]`.
 */
export function describeValue(value: unknown): string {
  try {
    const text = describe(value, MAX_DEPTH);
    return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  } catch {
    return UNPRINTABLE;
  }
}

function describe(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, MAX_LENGTH + 1));
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name === "" ? "a function" : `function ${value.name}`;
    case "object":
      return value === null ? "null" : describeObject(value, depth);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describeObject(value: object, depth: number): string {
  try {
    const text = Array.isArray(value) ? describeArray(value, depth) : describeInstance(value, depth);
    return text.replace(/\s+/g, " ");
  } catch {
    // A getter or a toString that throws.
    return Object.prototype.toString.call(value);
  }
}

function describeArray(value: readonly unknown[], depth: number): string {
  const shown = depth === 0 ? [] : value.slice(0, MAX_ITEMS).map((item) => describe(item, depth - 1));
  return `[${shown.join(",")}${shown.length < value.length ? "…" : ""}]`;
}

function describeInstance(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const names = Object.keys(value);
    const shown = depth === 0 ? [] : names.slice(0, MAX_ITEMS);
    const fields = shown.map((name) => `${JSON.stringify(name)}:${describe(safeGet(value, name), depth - 1)}`);
    return `{${fields.join(",")}${shown.length < names.length ? "…" : ""}}`;
  }
  if (value instanceof Error) {
    return thrownLine(value);
  }
  return hasOwnString(value) ? String(value) : Object.prototype.toString.call(value);
}

/**
 * Whether the string form of `value` was written for it: those of JavaScript's own objects show a time zone, or bytes
 * without end.
 */
function hasOwnString(value: object): boolean {
  const method: unknown = safeGet(value, "toString");
  return typeof method === "function" && !Function.prototype.toString.call(method).endsWith("{ [native code] }");
}
