import { readFileSync } from "node:fs";
import test from "ava";
import { heapify, heappop, heappush } from "./heapq.ts";

/** What CPython 3.13 did; engine/golden/base/heap-orders.py writes it. */
interface Golden {
  readonly operations: readonly (number | "pop" | "heapify")[];
  readonly popped: readonly number[];
  readonly left: readonly number[];
}

const golden: readonly Golden[] = readFileSync(new URL("../golden/base/heap-orders.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

interface Entry {
  readonly key: number;
  readonly item: number;
}

const less = (a: Entry, b: Entry): boolean => a.key < b.key;

function run(operations: Golden["operations"]): Golden {
  const heap: Entry[] = [];
  const popped: number[] = [];
  let count = 0;
  for (const operation of operations) {
    if (operation === "pop") {
      popped.push(heappop(heap, less)?.item ?? -1);
    } else if (operation === "heapify") {
      heap.sort((a, b) => a.item - b.item);
      heapify(heap, less);
    } else {
      heappush(heap, { key: operation, item: count++ }, less);
    }
  }
  return { operations, popped, left: heap.map(({ item }) => item) };
}

test("heapq: items leave, and lie in the heap, as CPython's do, equal keys included", (t) => {
  t.deepEqual(
    golden.map(({ operations }) => run(operations)),
    golden,
  );
});

test("heapq: eight equal items leave in the order 0 2 6 5 7 4 1 3", (t) => {
  t.deepEqual(
    run([0, 0, 0, 0, 0, 0, 0, 0, "pop", "pop", "pop", "pop", "pop", "pop", "pop", "pop"]).popped,
    [0, 2, 6, 5, 7, 4, 1, 3],
  );
});

test("heapq: an empty heap returns nothing", (t) => {
  t.is(heappop([], less), undefined);
});
