/** The floor's ready queue: a ring buffer of ids. Module state for the same reason as in `timer-heap.ts`. */

let ring = new Int32Array(1024);
let head = 0;
let tail = 0;

/** Whether no task is ready. */
export function noneReady(): boolean {
  return head === tail;
}

/** Adds `id` at the end. */
export function ready(id: number): void {
  ring[tail] = id;
  tail = (tail + 1) & (ring.length - 1);
  if (tail === head) grow();
}

/** Takes the first id; the ring must not be empty. */
export function takeReady(): number {
  const id = ring[head]!;
  head = (head + 1) & (ring.length - 1);
  return id;
}

function grow(): void {
  const n = ring.length;
  const larger = new Int32Array(2 * n);
  for (let i = 0; i < n; i++) larger[i] = ring[(head + i) & (n - 1)]!;
  ring = larger;
  head = 0;
  tail = n;
}
