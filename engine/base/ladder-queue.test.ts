import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { LadderQueue } from "./ladder-queue.ts";
import type { Chained } from "./rung.ts";

/** Something to queue. */
class Item implements Chained {
  _due: number;
  _behind: Chained | null = null;
  readonly name: number | string;

  constructor(when: number, name: number | string) {
    this._due = when;
    this.name = name;
  }
}

/** What is queued, as a sorted array: the simplest thing that can be right. */
class SortedArray {
  private readonly _items: Item[] = [];

  get headWhen(): number {
    return this._items[0]?._due ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this._items.length;
  }

  push(item: Item): void {
    const later = this._items.findIndex(({ _due }) => _due > item._due);
    this._items.splice(later === -1 ? this._items.length : later, 0, item);
  }

  pop(): Item | undefined {
    return this._items.shift();
  }

  peek(): Item | undefined {
    return this._items[0];
  }

  retain(keep: (item: Item) => boolean): void {
    const kept = this._items.filter(keep);
    this._items.splice(0, this._items.length, ...kept);
  }
}

type Step =
  | { readonly kind: "push"; readonly whens: readonly number[] }
  /** Pushes relative to the earliest time in the queue, as a program at that instant makes them. */
  | { readonly kind: "pushAhead"; readonly delays: readonly number[] }
  | { readonly kind: "pop"; readonly count: number }
  /** Drops the items whose number leaves this remainder. */
  | { readonly kind: "drop"; readonly modulus: number; readonly remainder: number };

const many = (times: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(times, { minLength: 1, maxLength, size: "max" });

/** Times that lie about as badly as they can: equal, a rounding apart, spread over all of the doubles, in rows. */
const times: fc.Arbitrary<readonly number[]> = fc.oneof(
  many(fc.constantFrom(0, 1, 2, 2.5), 300),
  many(
    fc.nat(200).map((n) => 1 + n * Number.EPSILON),
    300,
  ),
  many(
    fc.nat(1000).map((n) => n * Number.MIN_VALUE),
    200,
  ),
  many(fc.double({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE, noNaN: true }), 100),
  many(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1e300, 1e9, -1e9, -0)), 300),
  fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0, 1, -1, 1e-9, 0.1), fc.integer({ min: 1, max: 300 }))
    .map(([from, by, count]) => Array.from({ length: count }, (_, i) => from + i * by)),
);

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("push" as const), whens: times }),
    fc.record({ kind: fc.constant("pushAhead" as const), delays: times }),
    fc.record({ kind: fc.constant("pop" as const), count: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant("drop" as const), modulus: fc.integer({ min: 1, max: 7 }), remainder: fc.nat(6) }),
  ),
  { maxLength: 30, size: "max" },
);

const finite = (when: number): number => Math.min(Math.max(when, -Number.MAX_VALUE), Number.MAX_VALUE);

/** Do `steps` to a queue, empty it, and return all that it showed. */
function observe(queue: LadderQueue<Item> | SortedArray, steps: readonly Step[]): unknown[] {
  const seen: unknown[] = [];
  let number = 0;
  const look = (): void => {
    seen.push(queue.size, queue.headWhen + 0, queue.peek()?.name);
  };
  for (const step of steps) {
    if (step.kind === "push" || step.kind === "pushAhead") {
      const from = step.kind === "push" || queue.size === 0 ? 0 : queue.headWhen;
      for (const time of step.kind === "push" ? step.whens : step.delays) {
        queue.push(new Item(finite(from + time), number++));
        look();
      }
    } else if (step.kind === "pop") {
      for (let i = 0; i < step.count; i++) {
        const item = queue.pop();
        seen.push(item?.name, item?._behind, queue.headWhen + 0, queue.size);
      }
    } else {
      queue.retain(({ name }) => (name as number) % step.modulus !== step.remainder);
      look();
    }
  }
  while (queue.size > 0) {
    look();
    seen.push(queue.pop()?.name);
  }
  look();
  return seen;
}

testProp(
  "LadderQueue: whatever is pushed, popped and dropped, it shows what a sorted array shows",
  [steps],
  (t, steps) => {
    t.deepEqual(observe(new LadderQueue<Item>(), steps), observe(new SortedArray(), steps));
  },
  { numRuns: 60, interruptAfterTimeLimit: 20_000 },
);

test("LadderQueue: equal times leave in the order of their coming, also when a crowded bucket is spread again", (t) => {
  const queue = new LadderQueue<Item>();
  const expected: string[] = [];
  for (const when of [5, 1, 3]) {
    for (let i = 0; i < 500; i++) {
      queue.push(new Item(when, `${when} ${i}`));
      queue.push(new Item(when + 1e-12, `${when} later ${i}`));
    }
  }
  for (const when of [1, 3, 5]) {
    for (const word of [" ", " later "]) {
      expected.push(...Array.from({ length: 500 }, (_, i) => `${when}${word}${i}`));
    }
  }
  t.deepEqual(
    expected.map(() => queue.pop()?.name),
    expected,
  );
});

test("LadderQueue: one that is empty has no head and returns nothing", (t) => {
  const queue = new LadderQueue<Item>();
  const fresh = [queue.size, queue.headWhen, queue.peek(), queue.pop()];
  queue.push(new Item(1, "one"));
  queue.pop();
  t.deepEqual(
    [fresh, [queue.size, queue.headWhen, queue.peek(), queue.pop()]],
    [
      [0, Number.POSITIVE_INFINITY, undefined, undefined],
      [0, Number.POSITIVE_INFINITY, undefined, undefined],
    ],
  );
});

test("LadderQueue: retain asks once about each item, and forgets what it drops", (t) => {
  const queue = new LadderQueue<Item>();
  for (let i = 0; i < 1000; i++) {
    queue.push(new Item((i * 7919) % 1000, i));
  }
  for (let i = 0; i < 100; i++) {
    queue.pop();
  }
  const asked = new Set<Item>();
  let questions = 0;
  queue.retain((item) => {
    questions++;
    asked.add(item);
    return false;
  });
  t.deepEqual([questions, asked.size, queue.size, queue.pop()], [900, 900, 0, undefined]);
});

test("LadderQueue: a million timers that come and go in turns stay in order", (t) => {
  const queue = new LadderQueue<Item>();
  let now = 0;
  let state = 1;
  let wrong = 0;
  for (let i = 0; i < 1_000_000; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    queue.push(new Item(now + state / 2 ** 32, i));
    if (i > 1000) {
      const when = queue.headWhen;
      wrong += when < now ? 1 : 0;
      now = when;
      queue.pop();
    }
  }
  t.deepEqual([wrong, queue.size], [0, 1001]);
});
