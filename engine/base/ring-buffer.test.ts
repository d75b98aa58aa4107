import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { RingBuffer } from "./ring-buffer.ts";

testProp(
  "RingBuffer: whatever is pushed and shifted, it returns what an array gives",
  [fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 60 })],
  (t, turns) => {
    const ring = new RingBuffer<number>();
    const array: number[] = [];
    const seen: unknown[] = [];
    const expected: unknown[] = [];
    let item = 0;
    for (const turn of turns) {
      for (let i = 0; i < turn; i++) {
        ring.push(item);
        array.push(item++);
      }
      for (let i = 0; i > turn; i--) {
        seen.push(ring.shift());
        expected.push(array.shift());
      }
      seen.push(ring.length);
      expected.push(array.length);
    }
    t.deepEqual(seen, expected);
  },
);

test("RingBuffer: it grows while it is wrapped round its end, and loses nothing", (t) => {
  const ring = new RingBuffer<number>();
  const shifted: (number | undefined)[] = [];
  for (let i = 0; i < 10; i++) {
    ring.push(i);
  }
  for (let i = 0; i < 8; i++) {
    shifted.push(ring.shift());
  }
  for (let i = 10; i < 100; i++) {
    ring.push(i);
  }
  while (ring.length > 0) {
    shifted.push(ring.shift());
  }
  t.deepEqual(
    shifted,
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test("RingBuffer: an empty one returns nothing and stays empty", (t) => {
  const ring = new RingBuffer<string>();
  t.deepEqual([ring.shift(), ring.length, ring.shift(), ring.length], [undefined, 0, undefined, 0]);
});
