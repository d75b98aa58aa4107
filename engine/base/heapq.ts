/** Whether `a` sorts before `b`. Only this is asked, as Python's `heapq` only asks `<`. */
export type Less<T> = (a: T, b: T) => boolean;

function siftDown<T>(heap: T[], start: number, from: number, less: Less<T>): void {
  const item = heap[from] as T;
  let position = from;
  while (position > start) {
    const above = (position - 1) >> 1;
    const parent = heap[above] as T;
    if (!less(item, parent)) {
      break;
    }
    heap[position] = parent;
    position = above;
  }
  heap[position] = item;
}

function siftUp<T>(heap: T[], from: number, less: Less<T>): void {
  const end = heap.length;
  const item = heap[from] as T;
  let position = from;
  let child = 2 * position + 1;
  while (child < end) {
    const right = child + 1;
    if (right < end && !less(heap[child] as T, heap[right] as T)) {
      child = right;
    }
    heap[position] = heap[child] as T;
    position = child;
    child = 2 * position + 1;
  }
  heap[position] = item;
  siftDown(heap, from, position, less);
}

/**
 * Add `item` to a heap.
 *
 * These three functions make the comparisons and moves of CPython's `heapq`, one for one, because the order in
 * which equal items leave depends on them.
 *
 * @see heapq.heappush
 */
export function heappush<T>(heap: T[], item: T, less: Less<T>): void {
  heap.push(item);
  siftDown(heap, 0, heap.length - 1, less);
}

/** Take the smallest item out of a heap; `undefined` from an empty one. @see heapq.heappop */
export function heappop<T>(heap: T[], less: Less<T>): T | undefined {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) {
    return last;
  }
  const first = heap[0];
  heap[0] = last;
  siftUp(heap, 0, less);
  return first;
}

/** Put an array into heap order, in place and in linear time. @see heapq.heapify */
export function heapify<T>(heap: T[], less: Less<T>): void {
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) {
    siftUp(heap, i, less);
  }
}
