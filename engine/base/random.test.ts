import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { RandomStream, RandomStreams, type Seed } from "./random.ts";

/** The first draws of a stream, one of each kind. */
function firstDraws(seed: Seed, name: string): unknown[] {
  const stream = new RandomStream(seed, name);
  return [
    stream.random(),
    stream.integer(1, 6),
    stream.integer(-1_000_000_000, 1_000_000_000),
    stream.chance(0.5),
    stream.pick(["a", "b", "c"]),
    stream.shuffled([1, 2, 3, 4, 5]).join(""),
    stream.uniform(-10, 10),
    stream.exponential(3),
    stream.normal(0, 1),
    stream.pareto(1.5, 2),
  ];
}

const draws = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.random());

test("RandomStream: the numbers of a seed and a name stay what they are from version to version", (t) => {
  t.deepEqual(
    [firstDraws(0, "program"), firstDraws("a long seed", "loss a→b")],
    [
      [
        0.11612921993255809,
        5,
        864_448_135,
        true,
        "a",
        "13254",
        5.155733548449211,
        2.126492326621962,
        0.0675203501244773,
        3.639628211614675,
      ],
      [
        0.9128625427326108,
        3,
        -136_495_360,
        true,
        "b",
        "34521",
        7.262658450995406,
        1.3789562294748317,
        0.8470100260856532,
        2.08292255577165,
      ],
    ],
  );
});

test("RandomStream: a number and its decimal string are the same seed, other strings are others", (t) => {
  const first = (seed: Seed): number => new RandomStream(seed, "x").random();
  t.deepEqual([first(7) === first("7"), first(7) === first("07"), first(-0) === first(0)], [true, false, true]);
});

test("RandomStream: the end of a seed and the beginning of a name are distinguished", (t) => {
  t.not(new RandomStream("1", "2 x").random(), new RandomStream("12", " x").random());
});

test("RandomStream: neighbouring seeds and names begin far apart, and evenly", (t) => {
  const first = Array.from({ length: 4000 }, (_, seed) => new RandomStream(seed, "program").random());
  const mean = first.reduce((sum, draw) => sum + draw) / first.length;
  const neighbours = first.slice(1).reduce((sum, draw, i) => sum + (draw - 0.5) * (first[i]! - 0.5), 0);
  const correlation = (12 * neighbours) / (first.length - 1);
  t.deepEqual([Math.abs(mean - 0.5) < 0.02, Math.abs(correlation) < 0.05], [true, true], `${mean} ${correlation}`);
});

testProp(
  "RandomStream: integer stays within its bounds, both included, up to the largest range there is",
  [fc.maxSafeInteger(), fc.nat(2 ** 31 - 1), fc.nat(), fc.nat()],
  (t, low, span, extra, seed) => {
    const high = Math.min(low + span + (extra % 2) * 2 ** 31, Number.MAX_SAFE_INTEGER);
    const stream = new RandomStream(seed, "x");
    const drawn = Array.from({ length: 20 }, () => stream.integer(low, high));
    t.deepEqual(
      drawn.filter((draw) => !(Number.isSafeInteger(draw) && draw >= low && draw <= high)),
      [],
    );
  },
);

test("RandomStream: integer is even where a remainder would favour the low numbers", (t) => {
  const stream = new RandomStream(1, "x");
  const count = 30_000;
  const thirds = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const third = Math.floor(stream.integer(0, 3 * 2 ** 30 - 1) / 2 ** 30);
    thirds[third] = thirds[third]! + 1;
  }
  t.deepEqual(
    thirds.map((times) => Math.round((times / count) * 30)),
    [10, 10, 10],
  );
});

test("RandomStream: pick and a shuffle give each item each place as often", (t) => {
  const stream = new RandomStream(1, "x");
  const places = new Map<string, number>();
  for (let i = 0; i < 9000; i++) {
    const key = stream.shuffled(["a", "b", "c"]).join("") + stream.pick([1, 2, 3]);
    places.set(key, (places.get(key) ?? 0) + 1);
  }
  const counts = [...places.values()];
  t.deepEqual([places.size, Math.min(...counts) > 400, Math.max(...counts) < 600], [18, true, true]);
});

test("RandomStream: shuffled leaves the array that it was given alone", (t) => {
  const items = [1, 2, 3, 4];
  new RandomStream(1, "x").shuffled(items);
  t.deepEqual(items, [1, 2, 3, 4]);
});

test("RandomStream: chance never comes at 0, always at 1, and else as often as it says", (t) => {
  const stream = new RandomStream(2, "x");
  const share = (probability: number): number =>
    Array.from({ length: 10_000 }, () => stream.chance(probability)).filter(Boolean).length / 10_000;
  t.deepEqual([share(0), share(1), Math.round(share(0.3) * 20) / 20], [0, 1, 0.3]);
});

test("RandomStream: the distributions have the means that were asked for", (t) => {
  const stream = new RandomStream(3, "x");
  const meanOf = (draw: () => number): number => {
    let sum = 0;
    for (let i = 0; i < 20_000; i++) {
      sum += draw();
    }
    return Math.round((sum / 20_000) * 10) / 10;
  };
  t.deepEqual(
    {
      uniform: meanOf(() => stream.uniform(2, 4)),
      exponential: meanOf(() => stream.exponential(0.5)),
      normal: meanOf(() => stream.normal(-1, 2)),
      pareto: meanOf(() => stream.pareto(5, 4)),
    },
    { uniform: 3, exponential: 0.5, normal: -1, pareto: 5 },
  );
});

test("RandomStreams: a name has one stream, whose draws shift no other", (t) => {
  const alone = draws(new RandomStreams(5).stream("b"), 3);
  const streams = new RandomStreams(5);
  const first = streams.stream("a");
  draws(first, 100);
  t.deepEqual([streams.stream("a") === first, draws(streams.stream("b"), 3)], [true, alone]);
});

test("RandomStream: a draw that makes no sense is refused, and says what was expected", (t) => {
  const stream = new RandomStream(1, "x");
  const refusal = (draw: () => unknown): string | undefined => t.throws(draw, { instanceOf: RangeError })?.message;
  t.deepEqual(
    [
      refusal(() => stream.integer(2, 1)),
      refusal(() => stream.integer(0.5, 1)),
      refusal(() => stream.integer(0, Number.NaN)),
      refusal(() => stream.integer(0, 2 ** 32)),
      refusal(() => stream.integer(0, 2 ** 53)),
      refusal(() => stream.chance(1.5)),
      refusal(() => stream.chance(Number.NaN)),
      refusal(() => stream.pick([])),
      refusal(() => stream.exponential(-1)),
      refusal(() => stream.exponential(Number.NaN)),
      refusal(() => stream.normal(0, -1)),
      refusal(() => stream.pareto(0, 1)),
      refusal(() => stream.pareto(1, -1)),
    ],
    [
      "integer: expected low <= high, integers less than 2^32 apart, got 2 and 1",
      "integer: expected low <= high, integers less than 2^32 apart, got 0.5 and 1",
      "integer: expected low <= high, integers less than 2^32 apart, got 0 and NaN",
      "integer: expected low <= high, integers less than 2^32 apart, got 0 and 4294967296",
      "integer: expected low <= high, integers less than 2^32 apart, got 0 and 9007199254740992",
      "chance: expected a probability from 0 to 1, got 1.5",
      "chance: expected a probability from 0 to 1, got NaN",
      "pick: expected at least one item, got none",
      "exponential: expected a mean that is not negative, got -1",
      "exponential: expected a mean that is not negative, got NaN",
      "normal: expected a deviation that is not negative, got -1",
      "pareto: expected a shape above 0, got 0",
      "pareto: expected a scale that is not negative, got -1",
    ],
  );
});

test("RandomStream: the further distributions have the means and the variances that they should have", (t) => {
  const stream = new RandomStream(11, "x");
  const near = (draw: () => number, mean: number, variance: number): boolean => {
    const count = 20_000;
    const drawn = Array.from({ length: count }, draw);
    const average = drawn.reduce((sum, each) => sum + each, 0) / count;
    const spread = drawn.reduce((sum, each) => sum + (each - average) ** 2, 0) / count;
    return Math.abs(average - mean) < 5 * Math.sqrt(variance / count) && Math.abs(spread / variance - 1) < 0.15;
  };
  t.deepEqual(
    {
      triangular: near(() => stream.triangular(0, 6, 3), 3, 1.5),
      gamma: near(() => stream.gamma(3, 2), 6, 12),
      smallGamma: near(() => stream.gamma(0.5, 2), 1, 2),
      erlang: near(() => stream.erlang(4, 2), 2, 1),
      weibull: near(() => stream.weibull(2, 1), 0.886227, 0.214602),
      lognormal: near(() => stream.lognormal(5, 2), 5, 4),
      beta: near(() => stream.beta(2, 3), 0.4, 0.04),
      poisson: near(() => stream.poisson(3.5), 3.5, 3.5),
      manyPoisson: near(() => stream.poisson(250), 250, 250),
      binomial: near(() => stream.binomial(10, 0.3), 3, 2.1),
      geometric: near(() => stream.geometric(0.25), 4, 12),
      discrete: near(
        () =>
          stream.discrete([
            [1, 0.5],
            [3, 0.5],
          ]),
        2,
        1,
      ),
      empirical: near(() => stream.empirical([0, 1]), 0.5, 1 / 12),
    },
    {
      triangular: true,
      gamma: true,
      smallGamma: true,
      erlang: true,
      weibull: true,
      lognormal: true,
      beta: true,
      poisson: true,
      manyPoisson: true,
      binomial: true,
      geometric: true,
      discrete: true,
      empirical: true,
    },
  );
  t.throws(() => stream.discrete([["a", 0.5]]), {
    message: "discrete: expected probabilities that are not negative and add up to 1, got a sum of 0.5",
  });
  t.throws(() => stream.erlang(0, 1), { instanceOf: RangeError });
  t.throws(() => stream.triangular(0, 1, 2), { instanceOf: RangeError });
});
