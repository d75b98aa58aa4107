import test from "ava";
import fc from "fast-check";
import { ExactSum } from "./exact-sum.ts";
import { Moments } from "./moments.ts";

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 });
const SEED = { seed: 1 };

test("ExactSum: does not depend on the order of the summands, nor on their grouping", (t) => {
  fc.assert(
    fc.property(fc.array(number), fc.nat(20), (values, at) => {
      const forward = new ExactSum();
      const first = new ExactSum();
      const second = new ExactSum();
      for (const value of values) {
        forward.add(value);
      }
      for (const value of values.slice(0, at)) {
        first.add(value);
      }
      for (const value of values.slice(at).reverse()) {
        second.add(value);
      }
      second.merge(new ExactSum(first.toJSON()));
      t.is(second.toJSON(), forward.toJSON());
    }),
    SEED,
  );
});

test("ExactSum: small numbers survive beside large ones", (t) => {
  const sum = new ExactSum();
  for (const value of [1e100, 1, -1e100, 0.5]) {
    sum.add(value);
  }
  t.is(sum.over(3), 0.5);
});

test("ExactSum: the mean of numbers is exact to the last digit or the one before", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1 }), (values) => {
      const sum = new ExactSum();
      for (const value of values) {
        sum.add(value);
      }
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      t.true(Math.abs(sum.over(values.length) - mean) <= Math.abs(mean) * 2 ** -52);
    }),
    SEED,
  );
});

test("Moments: count, mean, variance and range of a few numbers", (t) => {
  const moments = new Moments();
  for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) {
    moments.add(value);
  }
  const { n, mean, variance, min, max } = moments;
  t.deepEqual([n, mean, variance, min, max], [8, 5, 32 / 7, 2, 9]);
});

test("Moments: a large common offset does not spoil the variance", (t) => {
  const moments = new Moments();
  for (const value of [1e9 + 1, 1e9 + 2, 1e9 + 3]) {
    moments.add(value);
  }
  t.is(moments.variance, 1);
});
