import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { RandomStream } from "../base/random.ts";
import {
  autocorrelation,
  batchMeans,
  Histogram,
  Level,
  meanInterval,
  mser5,
  normalQuantile,
  pairedInterval,
  QuantileSketch,
  studentQuantile,
  Tally,
} from "./index.ts";

const tallyOf = (values: readonly number[], keep = false): Tally => {
  const tally = new Tally({ keep });
  for (const [i, value] of values.entries()) {
    tally.add(value, i);
  }
  return tally;
};

const rounded = (value: number, digits = 6): number => Number(value.toFixed(digits));

test("Tally: count, mean, variance, extremes and quantiles of a few observations are exact", (t) => {
  const tally = tallyOf([2, 4, 4, 4, 5, 5, 7, 9]);
  t.deepEqual(
    [tally.n, tally.sum, tally.mean, rounded(tally.variance), tally.min, tally.max, tally.median, tally.quantile(0.25)],
    [8, 40, 5, rounded(32 / 7), 2, 9, 4.5, 4],
  );
});

test("Tally: without observations there is a count and a sum, and nothing else", (t) => {
  const tally = new Tally();
  t.deepEqual(
    [tally.n, tally.sum, tally.mean, tally.variance, tally.min, tally.quantile(0.5), tally.histogram()],
    [0, 0, Number.NaN, Number.NaN, Number.NaN, Number.NaN, []],
  );
});

test("Tally: sum, mean and variance do not drift where plain sums lose everything", (t) => {
  const tally = new Tally();
  tally.add(1e16);
  for (let i = 0; i < 100_000; i++) {
    tally.add(0.1);
  }
  tally.add(-1e16);
  const offset = new Tally();
  for (let i = 0; i < 100_000; i++) {
    offset.add(1e9 + (i % 3));
  }
  t.deepEqual([rounded(tally.sum, 6), rounded(offset.variance, 3)], [10_000, 0.667]);
});

test("Tally: a histogram spreads the observations over equal bins", (t) => {
  t.deepEqual(tallyOf([0, 1, 1.9, 2, 4]).histogram(2), [
    { from: 0, to: 2, count: 3 },
    { from: 2, to: 4, count: 2 },
  ]);
});

test("Tally: slice, values and reset; a slice needs kept observations", (t) => {
  const tally = tallyOf([5, 6, 7, 8], true);
  const part = tally.slice(1, 3);
  tally.reset();
  t.deepEqual([part.values, part.mean, tally.n], [[6, 7], 6.5, 0]);
  t.throws(() => new Tally().slice(0, 1), {
    message: "Tally.slice: the observations are not kept; make the tally with { keep: true }",
  });
});

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

testProp(
  "Tally: merged parts are the whole, in whatever order, and a copy through JSON is equal",
  [fc.array(finite, { maxLength: 700 }), fc.nat(700)],
  (t, values, at) => {
    const whole = tallyOf(values);
    const [a, b] = [tallyOf(values.slice(0, at)), tallyOf(values.slice(at))];
    const copy = Tally.fromJSON(JSON.parse(JSON.stringify(b)));
    t.deepEqual(copy.toJSON(), b.toJSON());
    const merged = copy.merge(a);
    t.is(merged.n, whole.n);
    t.true(
      values.length === 0 ||
        Math.abs(merged.mean - whole.mean) <= 1e-9 * Math.max(1, Math.abs(whole.max), Math.abs(whole.min)),
    );
    t.true(values.length < 2 || Math.abs(merged.variance - whole.variance) <= 1e-9 * Math.max(1, whole.variance));
    t.is(merged.quantile(0.3), whole.quantile(0.3));
  },
  { seed: 17 },
);

testProp(
  "QuantileSketch: quantiles lie within 1/256 of the value of that rank",
  [
    fc.array(
      fc.double({ min: -1e5, max: 1e5, noNaN: true }).map((x) => Math.trunc(x * 1e3) / 1e3),
      { minLength: 1, maxLength: 300 },
    ),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ],
  (t, values, p) => {
    const sketch = new QuantileSketch();
    for (const value of values) {
      sketch.add(value);
    }
    const exact = values.toSorted((a, b) => a - b)[Math.floor(p * (values.length - 1))]!;
    const estimate = sketch.quantile(p);
    t.true(
      Math.abs(estimate - exact) <= QuantileSketch.relativeError * Math.abs(exact) + 1e-12,
      `${estimate} for ${exact}`,
    );
  },
  { seed: 17 },
);

test("QuantileSketch: magnitudes far below the largest count as the smallest covered one, in every order", (t) => {
  const values = [1e-12, 1, 1e12, 3e-5, 7, 1e3];
  const of = (list: readonly number[]): unknown => {
    const sketch = new QuantileSketch();
    for (const value of list) {
      sketch.add(value);
    }
    return sketch.toJSON();
  };
  t.deepEqual(of(values), of(values.toReversed()));
  t.deepEqual(of(values), of([1e12, 1e3, 7, 1, 3e-5, 1e-12]));
});

test("Level: mean over time, share of the time at each value, extremes", (t) => {
  const level = new Level();
  level.set(2, 1);
  level.set(1, 4);
  level.advance(10);
  t.deepEqual(
    [
      level.mean,
      level.max,
      level.min,
      level.duration,
      [...level.shares()],
      level.share(2),
      level.quantile(0.5),
      rounded(level.variance),
    ],
    [
      1.2,
      2,
      0,
      10,
      [
        [0, 0.1],
        [1, 0.6],
        [2, 0.3],
      ],
      0.3,
      1,
      0.36,
    ],
  );
});

test("Level: reset forgets the past and keeps the value; slice is what was between two instants", (t) => {
  const level = new Level({ keep: true });
  level.set(3, 2);
  level.set(5, 4);
  level.advance(6);
  const part = level.slice(1, 5);
  level.reset();
  level.advance(7);
  t.deepEqual([part.mean, part.duration, level.mean, level.min], [(0 + 3 * 2 + 5) / 4, 4, 5, 5]);
});

test("Level: a clock makes times unnecessary; merged levels weigh by their durations", (t) => {
  let now = 0;
  const level = new Level({ clock: () => now, initial: 1 });
  now = 2;
  level.set(0);
  now = 4;
  const other = new Level({ initial: 4 });
  other.advance(12);
  t.deepEqual([level.mean, Level.fromJSON(JSON.parse(JSON.stringify(level))).merge(other).mean], [0.5, 50 / 16]);
});

test("Level and Tally: bad input is refused at the call", (t) => {
  const refusal = (act: () => unknown): string | undefined => t.throws(act)?.message;
  t.deepEqual(
    [
      refusal(() => new Tally().add(Number.NaN)),
      refusal(() => new Tally().add("5" as unknown as number)),
      refusal(() => new Tally().quantile(1.5)),
      refusal(() => new Level().set(1)),
      refusal(() => new Level({ start: 5 }).set(1, 4)),
      refusal(() => new Histogram({ from: 1, to: 1, bins: 3 })),
      refusal(() => meanInterval([1, 2], { confidence: 95 })),
      refusal(() => pairedInterval([1], [1, 2])),
      refusal(() => batchMeans([1, 2, 3])),
      refusal(() => autocorrelation([1, 2], 2)),
    ],
    [
      "Tally.add: expected a finite value, got NaN",
      'Tally.add: expected a number as value, got "5"',
      "Tally.quantile: expected a share from 0 to 1, got 1.5",
      "Level.set: expected a time, or a level that was made with a clock",
      "Level: expected a time from 5 s (the last change) on, got 4",
      "Histogram: expected from < to, got 1 and 1",
      "meanInterval: expected a confidence above 0 and below 1, such as 0.95, got 95",
      "pairedInterval: expected as many observations of each, got 1 and 2",
      "batchMeans: expected at least 40 values, got 3",
      "autocorrelation: expected an integer from 0 to 1 as largest lag, got 2",
    ],
  );
});

test("Histogram: values outside of the bins are counted apart; equal histograms merge", (t) => {
  const make = (): Histogram => new Histogram({ from: 0, to: 10, bins: 5 });
  const histogram = make();
  for (const value of [-1, 0, 1.9, 2, 9.99, 10]) {
    histogram.add(value);
  }
  const merged = make().merge(histogram).merge(histogram);
  t.deepEqual(
    [merged.bins.map(({ count }) => count), merged.below, merged.above, merged.n],
    [[4, 2, 0, 0, 2], 2, 2, 12],
  );
});

test("Quantiles: Student's and the normal distribution's are those of the tables", (t) => {
  t.deepEqual(
    [
      [0.975, 1],
      [0.975, 2],
      [0.975, 9],
      [0.995, 30],
      [0.95, 1000],
      [0.025, 4],
    ].map(([p, freedom]) => rounded(studentQuantile(p!, freedom!), 6)),
    [12.706205, 4.302653, 2.262157, 2.749996, 1.646379, -2.776445],
  );
  t.deepEqual(
    [0.5, 0.975, 0.995, 0.001, 1e-9].map((p) => rounded(normalQuantile(p), 9)),
    [0, 1.959963985, 2.575829304, -3.090232306, -5.997807015],
  );
});

test("meanInterval: the interval of a known example", (t) => {
  const { mean, halfWidth, low, high, n } = meanInterval([1, 2, 3, 4, 5]);
  t.deepEqual([mean, rounded(halfWidth), rounded(low), rounded(high), n], [3, 1.963243, 1.036757, 4.963243, 5]);
});

test("meanInterval: nominal 95 % intervals contain the truth in 95 % of 10,000 repetitions", (t) => {
  const stream = new RandomStream(17, "coverage");
  let covered = 0;
  for (let i = 0; i < 10_000; i++) {
    const { low, high } = meanInterval(Array.from({ length: 10 }, () => stream.normal(3, 2)));
    covered += Number(low <= 3 && high >= 3);
  }
  t.true(covered >= 9350 && covered <= 9650, `${covered}`);
});

/** A first-order autoregressive series, with a beginning far from its mean. */
function series(length: number, correlation: number, first: number): number[] {
  const stream = new RandomStream(17, "series");
  let x = first;
  return Array.from({ length }, () => {
    x = correlation * x + stream.normal(0, 1);
    return x + 10;
  });
}

test("autocorrelation: that of an autoregressive series decays geometrically", (t) => {
  t.deepEqual(
    autocorrelation(series(50_000, 0.6, 0), 3).map((r) => rounded(r, 1)),
    [1, 0.6, 0.4, 0.2],
  );
});

test("batchMeans: intervals of a correlated series contain its mean about as often as they claim, those for independent values do not", (t) => {
  const stream = new RandomStream(5, "batches");
  const covered = { batches: 0, overlapping: 0, naive: 0 };
  for (let i = 0; i < 400; i++) {
    let x = 0;
    const values = Array.from({ length: 1000 }, () => {
      x = 0.8 * x + stream.normal(0, 1);
      return x;
    });
    const has = ({ low, high }: { low: number; high: number }): number => Number(low <= 0 && high >= 0);
    covered.batches += has(batchMeans(values, { batches: 10 }));
    covered.overlapping += has(batchMeans(values, { batches: 10, overlapping: true }));
    covered.naive += has(meanInterval(values));
  }
  t.deepEqual(
    [covered.batches > 360, covered.overlapping > 350, covered.naive < 250],
    [true, true, true],
    JSON.stringify(covered),
  );
});

test("mser5: the warm-up of a series that begins far from its mean is found", (t) => {
  const { truncate, mean, isTooShort } = mser5(series(2000, 0.9, 200));
  t.deepEqual(
    [truncate >= 25 && truncate <= 80, Math.abs(mean - 10) < 0.7, isTooShort],
    [true, true, false],
    `${truncate} ${mean}`,
  );
});
