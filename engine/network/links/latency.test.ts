import test from "ava";
import { RandomStream } from "../../base/random.ts";
import { happeningText, latencyText } from "./choice-text.ts";
import { type Latency, samplerOf } from "./latency.ts";
import { BETWEEN_HOSTS, type LinkOptions, linkCharacter } from "./link-options.ts";

/** What `latency` gives, drawn from a stream of its own. */
function drawn(latency: Latency, count = 4): readonly number[] {
  const sampler = samplerOf("test", latency);
  const random = new RandomStream(1, "latency");
  return Array.from({ length: count }, () => (typeof sampler === "number" ? sampler : sampler(random)));
}

/** The same drawn by hand. */
function byHand(draw: (random: RandomStream) => number, count = 4): readonly number[] {
  const random = new RandomStream(1, "latency");
  return Array.from({ length: count }, () => draw(random));
}

test("Latency: each form draws what it says", (t) => {
  t.deepEqual(drawn(0.25, 2), [0.25, 0.25]);
  t.deepEqual(
    drawn({ uniform: [1, 3] }),
    byHand((random) => random.uniform(1, 3)),
  );
  t.deepEqual(
    drawn({ exponential: 2 }),
    byHand((random) => random.exponential(2)),
  );
  t.deepEqual(
    drawn({ exponential: 2, min: 5 }),
    byHand((random) => 5 + random.exponential(2)),
  );
  t.deepEqual(
    drawn({ pareto: [3, 0.1] }),
    byHand((random) => random.pareto(3, 0.1)),
  );
  t.deepEqual(
    drawn((random) => random.uniform(0, 9)),
    byHand((random) => random.uniform(0, 9)),
  );
  const normal = drawn({ normal: [0.1, 1] }, 50);
  t.deepEqual(
    normal,
    byHand((random) => Math.max(0, random.normal(0.1, 1)), 50),
  );
  t.true(normal.includes(0));
});

test("Latency: only what is drawn between two bounds has a range", (t) => {
  const rangeOf = (latency: Latency): unknown => {
    const sampler = samplerOf("test", latency);
    return typeof sampler === "number" ? sampler : sampler.range;
  };
  t.deepEqual([rangeOf({ uniform: [1, 3] }), rangeOf({ exponential: 1 }), rangeOf(5)], [[1, 3], undefined, 5]);
});

/** Whether `samplerOf` refuses a latency. */
function isRefused(latency: unknown): boolean {
  try {
    samplerOf("test", latency as Latency);
    return false;
  } catch (error) {
    return error instanceof RangeError && error.message.startsWith("test: expected seconds");
  }
}

test("Latency: what makes no sense is refused, field by field", (t) => {
  const odd: readonly unknown[] = [-1e-9, Number.NaN, Infinity, "1", null, undefined, {}, [], [1, 2], true, 1n];
  const pairs = [[1], [1, 2, 3], [Number.NaN, 1], [1, Number.NaN], [0, Infinity], ["0", 1], 5, null];
  const distributions = [
    ...pairs.flatMap((pair) => [{ uniform: pair }, { normal: pair }, { pareto: pair }]),
    { uniform: [-1, 1] },
    { uniform: [2, 1] },
    { normal: [-1, 1] },
    { normal: [1, -1] },
    { pareto: [0, 1] },
    { pareto: [1, 0] },
    ...[-1, Number.NaN, Infinity, "1", null].flatMap((value) => [
      { exponential: value },
      { exponential: 1, min: value },
    ]),
    { uniform: [0, 1], min: 0 },
    { uniform: [0, 1], exponential: 1 },
    { exponential: 1, mean: 2 },
    { min: 1 },
    { gamma: [1, 1] },
  ];
  t.deepEqual(
    [...odd, ...distributions].filter((each) => !isRefused(each)),
    [],
  );
  const fine = [0, 1e9, { uniform: [1, 1] }, { normal: [0, 0] }, { exponential: 0 }, { exponential: 1, min: 0 }];
  t.deepEqual(fine.filter(isRefused), []);
});

test("Link options: bounds belong to what is allowed, and nothing beyond them is", (t) => {
  const refusal = (options: object): string => {
    try {
      linkCharacter("link", options as LinkOptions, BETWEEN_HOSTS);
      return "fine";
    } catch (error) {
      return String(error);
    }
  };
  const odd = [-1, Number.NaN, Number.NEGATIVE_INFINITY, "1", null, true, [], {}, 1n];
  for (const [name, fine, wrong] of [
    ["bandwidth", [1e-9, 1, Infinity], [0]],
    ["queueBytes", [1, 0.5, Infinity], [0]],
    ["loss", [0, 0.5, 1], [1.000001, Infinity]],
    ["duplicate", [0, 1], [2]],
    ["reorder", [0, 1], [2]],
    ["corrupt", [0, 1], [2]],
    ["mtu", [68, 1500, 65_536], [67, 65_537, 1500.5, 0, Infinity]],
  ] as const) {
    t.deepEqual(
      fine.map((value) => refusal({ [name]: value })).filter((text) => text !== "fine"),
      [],
      name,
    );
    for (const value of [...wrong, ...odd]) {
      t.regex(refusal({ [name]: value }), new RegExp(`^RangeError: link: expected ${name} to be .*, got `), name);
    }
  }
  t.is(refusal({ mtu: undefined, latency: undefined, loss: undefined }), "fine");
});

test("Links: an exploration says which latency it took, and what it let happen", (t) => {
  t.deepEqual(
    [
      latencyText(1, 0.05, [0.01, 0.1]),
      latencyText(2, 0.05, [0.01, 0.1]),
      latencyText(1, 0.05, undefined),
      latencyText(2, 0.123456789012, undefined),
      happeningText("loss", true),
      happeningText("reorder", false),
      happeningText("teleport", true),
    ],
    [
      "the packet takes the shortest latency, 0.01 s, instead of 0.05 s",
      "the packet takes the longest latency, 0.1 s, instead of 0.05 s",
      "the packet takes one of the shortest latencies instead of 0.05 s",
      "the packet takes one of the longest latencies instead of 0.123456789 s",
      "the packet is lost",
      "the packet is not out of line",
      "the packet is teleport",
    ],
  );
});
