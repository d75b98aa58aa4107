import test from "ava";
import fc from "fast-check";
import { addExact, type Digits, exactSeconds } from "./exact-seconds.ts";

const HALF_SCALE = 1074n;

/** `seconds` in units of 2 to the -1074, of which every number has a whole count. */
function exactly(seconds: number): bigint {
  let value = seconds;
  let shift = HALF_SCALE;
  while (!Number.isInteger(value)) {
    value *= 2;
    shift--;
  }
  return BigInt(value) << shift;
}

/** Twice as far from the exact value as the result may be, and the result in its unit. */
function rounding(seconds: number, digits: Digits): { readonly doubled: bigint; readonly result: bigint } {
  const { whole, fraction } = exactSeconds(seconds, digits);
  const unit = 10n ** BigInt(digits);
  const result = BigInt(whole) * unit + BigInt(fraction);
  const distance = exactly(seconds) * unit - (result << HALF_SCALE);
  return { doubled: 2n * (distance < 0n ? -distance : distance), result };
}

const binaryFractions = fc
  .tuple(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), fc.integer({ min: 0, max: 12 }))
  .map(([numerator, power]) => numerator / 2 ** power);
const times = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  binaryFractions,
);

test("Exact seconds: no multiple of the unit is nearer, and of two that are equally near the even one is taken", (t) => {
  fc.assert(
    fc.property(times, fc.constantFrom(6 as const, 9 as const), (seconds, digits) => {
      const { doubled, result } = rounding(seconds, digits);
      const one = 1n << HALF_SCALE;
      return doubled < one || (doubled === one && result % 2n === 0n);
    }),
  );
  t.pass();
});

test("Exact seconds: the fraction is never negative", (t) => {
  t.deepEqual(
    [-0.25, -1, -1e-9, 2.75, -0].map((seconds) => exactSeconds(seconds, 6)),
    [
      { whole: -1, fraction: 750_000 },
      { whole: -1, fraction: 0 },
      { whole: 0, fraction: 0 },
      { whole: 2, fraction: 750_000 },
      { whole: 0, fraction: 0 },
    ],
  );
});

test("Exact seconds: ties go to the even side, below zero as well", (t) => {
  const ties = [1, 3, 5, -1, -3].map((odd) => exactSeconds(odd / 2 ** 7, 6).fraction);
  t.deepEqual(ties, [7812, 23_438, 39_062, 992_188, 976_562]);
});

test("Exact seconds: a sum carries into the whole seconds", (t) => {
  const sum = addExact({ whole: -1, fraction: 700_000 }, { whole: 4, fraction: 300_000 }, 6);
  t.deepEqual(sum, { whole: 4, fraction: 0 });
});
