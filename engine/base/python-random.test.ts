import { readFileSync } from "node:fs";
import test from "ava";
import { type PythonRandom, pythonRandom } from "./python-random.ts";

type Draw = (random: PythonRandom) => unknown;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function shuffled(random: PythonRandom): number[] {
  const items = range(20);
  random.shuffle(items);
  return items;
}

const methods: Readonly<Record<string, Draw>> = {
  random: (r) => r.random(),
  "getrandbits(5)": (r) => r.getrandbits(5),
  "getrandbits(53)": (r) => r.getrandbits(53),
  "uniform(-3, 7)": (r) => r.uniform(-3, 7),
  "randint(-5, 1000)": (r) => r.randint(-5, 1000),
  "randint(0, 2**40)": (r) => r.randint(0, 2 ** 40),
  "randrange(3, 90, 7)": (r) => r.randrange(3, 90, 7),
  choice: (r) => r.choice("abcdefg"),
  choices: (r) => r.choices(["a", "b", "c"], { weights: [1, 2, 3], k: 3 }).join(""),
  sample: (r) => r.sample(range(100), 7),
  "sample of few": (r) => r.sample(range(8), 4),
  "triangular(1, 9, 3)": (r) => r.triangular(1, 9, 3),
  "expovariate(0.2)": (r) => r.expovariate(0.2),
  "normalvariate(10, 2)": (r) => r.normalvariate(10, 2),
  "gauss(1, 3)": (r) => r.gauss(1, 3),
  "lognormvariate(0, 0.5)": (r) => r.lognormvariate(0, 0.5),
  "gammavariate(3.5, 2)": (r) => r.gammavariate(3.5, 2),
  "gammavariate(0.5, 2)": (r) => r.gammavariate(0.5, 2),
  "betavariate(2, 3)": (r) => r.betavariate(2, 3),
  "paretovariate(3)": (r) => r.paretovariate(3),
  "weibullvariate(2, 1.5)": (r) => r.weibullvariate(2, 1.5),
  shuffle: shuffled,
};

/** Draws that the C library's elementary functions have a share in. */
const ELEMENTARY = /expo|normal|gauss|gamma|beta|pareto|weibull/;

test("PythonRandom: every method draws what CPython 3.13 drew, to the bit but for what its C library rounds the other way", (t) => {
  const recorded = readFileSync(new URL("../golden/base/python-random.jsonl", import.meta.url), "utf8");
  let compared = 0;
  const different: number[] = [];
  for (const line of recorded.trim().split("\n")) {
    const [seed, expected] = JSON.parse(line) as [string, Record<string, unknown[]>];
    for (const [name, draw] of Object.entries(methods)) {
      const random = pythonRandom(BigInt(seed));
      const drawn = range(20).map(() => draw(random));
      if (!ELEMENTARY.test(name)) {
        t.deepEqual(drawn, expected[name], `${name}, seed ${seed}`);
        continue;
      }
      for (const [i, value] of (drawn as number[]).entries()) {
        const other = expected[name]?.[i] as number;
        compared++;
        if (value !== other) {
          different.push(Math.abs(value / other - 1));
        }
      }
    }
  }
  t.deepEqual([compared, different.length, different.every((error) => error < 4e-16)], [960, 2, true]);
});

test("PythonRandom: a number and the same bigint are the same seed; a new seed begins again", (t) => {
  const random = pythonRandom(42);
  const first = random.random();
  random.gauss();
  random.seed(42n);
  t.deepEqual([first, random.random()], [0.6394267984578837, 0.6394267984578837]);
});

test("PythonRandom: bad input is refused at the call", (t) => {
  const random = pythonRandom(1);
  const refusal = (act: () => unknown): string | undefined => t.throws(act)?.message;
  t.deepEqual(
    [
      refusal(() => pythonRandom(1.5)),
      refusal(() => pythonRandom("x" as unknown as number)),
      refusal(() => random.randint(2, 1)),
      refusal(() => random.choice([])),
      refusal(() => random.sample([1], 2)),
      refusal(() => random.getrandbits(64)),
      refusal(() => random.choices([1, 2], { weights: [0, 0] })),
    ],
    [
      "pythonRandom: expected an integer as seed, got 1.5",
      'pythonRandom: expected an integer as seed, got "x"',
      "randint: expected integers low <= high, got 2 and 1",
      "choice: expected at least one item, got []",
      "sample: expected an integer from 0 to 1, got 2",
      "getrandbits: expected an integer from 0 to 53, got 64",
      "choices: expected a weight for each item, with a finite sum above 0",
    ],
  );
});
