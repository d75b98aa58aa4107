import test from "ava";
import { lessThan } from "./less-than.ts";

test("lessThan: numbers, strings and big integers compare as they do, arrays item by item", (t) => {
  const pairs: [unknown, unknown][] = [
    [1, 2],
    [2, 1],
    [1, 1],
    ["a", "b"],
    ["B", "a"],
    [1n, 2n],
    [
      [1, "b"],
      [1, "c"],
    ],
    [
      [2, "a"],
      [1, "z"],
    ],
    [[1], [1, 0]],
    [[1, 0], [1]],
    [[], [1]],
    [
      [1, [2, 3]],
      [1, [2, 4]],
    ],
    [
      [1, [2]],
      [1, [2]],
    ],
  ];
  t.deepEqual(
    pairs.map(([a, b]) => lessThan(a, b)),
    [true, false, false, true, true, true, true, false, true, false, true, true, false],
  );
});

test("lessThan: items of different types do not compare, unless an item before decides", (t) => {
  const texts = [
    [1, "1"],
    [null, 1],
    [{}, {}],
    [
      [1, "a"],
      [1, 2],
    ],
    [1, 1n],
  ].map(([a, b]) => t.throws(() => lessThan(a, b), { instanceOf: TypeError })?.message.replace(/:.*/, ""));
  t.deepEqual(
    [texts, lessThan([1, "a"], [2, 2])],
    [
      [
        "'<' not supported between number and string",
        "'<' not supported between object and number",
        "'<' not supported between object and object",
        "'<' not supported between string and number",
        "'<' not supported between number and bigint",
      ],
      true,
    ],
  );
});
