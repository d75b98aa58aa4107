import test from "ava";
import fc from "fast-check";
import { collapse } from "./collapse.ts";
import { headAndTail } from "./head-and-tail.ts";

const short = (text: string): string =>
  collapse([...text], (letter) => letter)
    .map(({ items, times }) => (times === 1 ? items.join("") : `${times}(${items.join("")})`))
    .join(" ");

test("collapse: what comes three times or more stands once, the longest stretch first", (t) => {
  t.deepEqual(["abcd", "aab", "xaaay", "ababab", "abcabcabcd", "aabaabaab", ""].map(short), [
    "abcd",
    "aab",
    "x 3(a) y",
    "3(ab)",
    "3(abc) d",
    "3(aab)",
    "",
  ]);
});

test("collapse: loses nothing", (t) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 }), (letters) => {
      const runs = collapse(letters, (letter) => letter);
      t.deepEqual(
        runs.flatMap(({ items, times }) => Array.from({ length: times }, () => items).flat()),
        letters,
      );
    }),
  );
});

test("headAndTail: returns the ends, and how much lies between", (t) => {
  fc.assert(
    fc.property(
      fc.nat({ max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (n, first, last) => {
        const items = Array.from({ length: n }, (_, i) => i);
        const { head, left, tail } = headAndTail(items, first, last);
        t.deepEqual([...head, ...items.slice(first, first + left), ...tail], items);
        t.is(tail.length, Math.min(last, Math.max(0, n - first)));
      },
    ),
  );
});
