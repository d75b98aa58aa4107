import test from "ava";
import { describeValue, isInstance, safeGet, safeString, thrownLine, thrownText } from "./describe.ts";

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const withGetter = (name: string): Error =>
  Object.defineProperty(new Error("told"), name, {
    get() {
      throw new Error("no");
    },
  });

/** Values that user code may throw, and that `String`, a property or `instanceof` fails on. */
const hostile: readonly [what: string, value: unknown][] = [
  ["no prototype", Object.create(null)],
  ["a revoked proxy", revoked()],
  ["a throwing toString", { toString: () => BigInt("no") }],
  ["a toString that returns an object", { toString: () => ({}) }],
  ["a symbol for a message", Object.assign(new Error("told"), { message: Symbol("m") })],
  ["a message without a prototype", Object.assign(new Error("told"), { message: Object.create(null) })],
  ["a name without a prototype", Object.assign(new Error("told"), { name: Object.create(null) })],
  ["a getter for message that throws", withGetter("message")],
  ["a getter for name that throws", withGetter("name")],
  ["an error whose conversions throw", Object.assign(new Error("told"), { [Symbol.toPrimitive]: () => [] })],
];

test("describe: whatever was thrown has a name, a message and a line", (t) => {
  for (const [what, value] of hostile) {
    const { name, message } = thrownText(value);
    t.true([name, message, thrownLine(value), safeString(value), describeValue(value)].every(isString), what);
    t.notThrows(() => [safeGet(value, "name"), isInstance(value, TypeError)], what);
  }
});

test("describe: errors keep their words, other values are named by their type", (t) => {
  t.deepEqual(
    [
      new TypeError("bad"),
      Object.assign(new Error("x"), { message: "" }),
      "text",
      5n,
      Symbol("s"),
      null,
      undefined,
      -0,
      { name: "N" },
      isString,
    ].map((value) => [thrownText(value), thrownLine(value)]),
    [
      [{ name: "TypeError", message: "bad" }, "TypeError: bad"],
      [{ name: "Error", message: "" }, "Error"],
      [{ name: "string", message: "text" }, "text"],
      [{ name: "bigint", message: "5" }, "5"],
      [{ name: "symbol", message: "Symbol(s)" }, "Symbol(s)"],
      [{ name: "object", message: "null" }, "null"],
      [{ name: "undefined", message: "undefined" }, "undefined"],
      [{ name: "number", message: "0" }, "0"],
      [{ name: "N", message: "[object Object]" }, "[object Object]"],
      [{ name: "function", message: "isString" }, String(isString)],
    ],
  );
});

test("describe: an argument is shown short, on one line", (t) => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  t.deepEqual(
    [
      "a\nb",
      10n,
      -0,
      NaN,
      null,
      undefined,
      [1, "b"],
      { a: 1 },
      new Map(),
      cycle,
      isString,
      () => 0,
      "x".repeat(99),
    ].map(describeValue),
    [
      '"a\\nb"',
      "10n",
      "-0",
      "NaN",
      "null",
      "undefined",
      '[1,"b"]',
      '{"a":1}',
      "[object Map]",
      "[[[[…]]]]",
      "function isString",
      "a function",
      `"${"x".repeat(59)}…`,
    ],
  );
});

function isString(value: unknown): boolean {
  return typeof value === "string";
}
