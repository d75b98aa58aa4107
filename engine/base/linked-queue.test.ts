import test from "ava";
import { type Linked, LinkedQueue } from "./linked-queue.ts";

class Item implements Linked {
  _front: Linked | null = null;
  _back: Linked | null = null;
  readonly key: number;

  constructor(key: number) {
    this.key = key;
  }
}

const keys = (queue: LinkedQueue<Item>): number[] => [...queue].map(({ key }) => key);

test("LinkedQueue: items leave from anywhere, and one that is not there leaves without effect", (t) => {
  const queue = new LinkedQueue<Item>();
  const [a, b, c, d] = [1, 2, 3, 4].map((key) => new Item(key)) as [Item, Item, Item, Item];
  for (const item of [a, b, c]) {
    queue.append(item);
  }
  queue.prepend(d);
  queue.remove(b);
  queue.remove(b);
  queue.remove(d);
  t.deepEqual([keys(queue), queue.size, queue.first?.key, queue.last?.key], [[1, 3], 2, 1, 3]);
  queue.remove(c);
  queue.remove(a);
  t.deepEqual([keys(queue), queue.size, queue.first, queue.last], [[], 0, null, null]);
});

test("LinkedQueue: an order puts an item behind its equals, a place in front of what stands there", (t) => {
  const queue = new LinkedQueue<Item>();
  for (const key of [2, 1, 2.1, 3, 1.1]) {
    queue.insert(new Item(key), (a, b) => Math.floor(a.key) < Math.floor(b.key));
  }
  queue.insertAt(new Item(9), 1);
  queue.insertAt(new Item(10), 99);
  t.deepEqual(keys(queue), [1, 9, 1.1, 2, 2.1, 3, 10]);
});
