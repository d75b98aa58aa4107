import * as fc from "fast-check";

/** What hostile values throw when they are touched: the caller's own error, which a function may pass on. */
export class HostileError extends Error {
  override name = "HostileError";
}

const throwing = (): never => {
  throw new HostileError("touched");
};

/** Makes the value anew for every call: functions may change what they are given. */
type Maker = () => unknown;

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** A proxy each of whose traps throws. */
const throwingProxy = (target: object): object => new Proxy(target, new Proxy({}, { get: () => throwing }));

function cyclic(): object {
  const value: Record<string, unknown> = { list: [] };
  value["self"] = value;
  (value["list"] as unknown[]).push(value);
  return value;
}

const primitives: readonly unknown[] = [
  ...[Number.NaN, -0, 0, 1, -1, 2, 0.5, 1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53],
  ...["", "a", "r", "127.0.0.1", "x".repeat(100_000), "\ud800", Symbol("s"), Symbol.iterator, 10n, -1n],
  ...[null, undefined, true, false],
];

const makers: readonly Maker[] = [
  ...primitives.map((value) => () => value),
  () => () => {},
  () => () => throwing(),
  () => function* empty() {},
  () => async function* empty() {},
  () => async () => {},
  () => class Hostile {},
  () => (function* begun() {})(),
  () => (async function* begun() {})(),
  () => throwingProxy({}),
  () => throwingProxy(() => {}),
  revokedProxy,
  cyclic,
  () => Object.create(null),
  () => ({}),
  () => Object.freeze({}),
  () => [],
  () => [null],
  () => [Symbol("s")],
  () => [[[]]],
  () => new Array(1000),
  () => ({ length: 1e9 }),
  () => ({ length: -1 }),
  ...["name", "length", "seed", "message", "then", "constructor", "next"].map(
    (name) => () => Object.defineProperty({}, name, { get: throwing, enumerable: true }),
  ),
  () => ({ toString: throwing, valueOf: throwing }),
  () => ({ toString: () => Symbol("s") }),
  () => ({ [Symbol.iterator]: throwing }),
  () => ({ [Symbol.iterator]: 5 }),
  () => ({ [Symbol.toStringTag]: "Generator" }),
  () => new Date(Number.NaN),
  () => /x/g,
  () => new Error("e"),
  () => Object.assign(new Error("e"), { message: Symbol("m") }),
  () => new Uint8Array(3),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => new WeakMap(),
];

/** An argument that no caller should pass, as a function that makes it; sometimes one that is right by chance. */
export const hostile: fc.Arbitrary<Maker> = fc.oneof(
  { weight: 3, arbitrary: fc.nat(makers.length - 1).map((i) => makers[i]!) },
  {
    weight: 1,
    arbitrary: fc
      .anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
        maxDepth: 2,
      })
      .map((value) => () => value),
  },
);

/** What a failure shows of arguments. Never throws. */
export function show(value: unknown): string {
  try {
    return fc.stringify(value).slice(0, 80);
  } catch {
    return "(cannot be shown)";
  }
}
