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
 * An argument as an error message shows it after "got": short, on one line. Never throws.
 *
 * Strings are quoted, plain objects and arrays stand as JSON, other objects as `[object Map]`.
 */
export function describeValue(value: unknown): string {
  try {
    const text = describe(value);
    return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  } catch {
    return UNPRINTABLE;
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name === "" ? "a function" : `function ${value.name}`;
    case "object":
      return value === null ? "null" : (describePlain(value) ?? Object.prototype.toString.call(value));
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

/** A plain object or an array as JSON; `undefined` for others, whose JSON would mislead. */
function describePlain(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
    return undefined;
  }
  try {
    return JSON.stringify(value);
  } catch {
    // A cycle, a getter that throws, a bigint.
    return undefined;
  }
}
