/**
 * The floor's timer queue: a 4-ary heap on typed arrays, ordered by (time, sequence), so first come, first served among
 * equals. Module state instead of a class, because the floor shall show what V8 allows at most.
 */

let times = new Float64Array(1024);
let sequences = new Float64Array(1024);
let ids = new Int32Array(1024);
let size = 0;
let nextSequence = 0;

/** The number of pending entries. */
export function heapSize(): number {
  return size;
}

/** The least time; the heap must not be empty. */
export function topTime(): number {
  return times[0]!;
}

/** Whose turn it is at `topTime()`. */
export function topId(): number {
  return ids[0]!;
}

/** Adds `id` at time `t`. */
export function push(t: number, id: number): void {
  if (size === times.length) grow();
  let i = size++;
  // A new entry has the largest sequence: to compare times alone keeps ties in order.
  while (i > 0) {
    const parent = (i - 1) >> 2;
    if (times[parent]! <= t) break;
    times[i] = times[parent]!;
    sequences[i] = sequences[parent]!;
    ids[i] = ids[parent]!;
    i = parent;
  }
  times[i] = t;
  sequences[i] = nextSequence++;
  ids[i] = id;
}

/** Removes the top entry. */
export function pop(): void {
  const n = --size;
  if (n > 0) siftDown(times[n]!, sequences[n]!, ids[n]!, n);
}

/** Removes the top entry and adds `id` at time `t`, in one pass through the heap. */
export function replaceTop(t: number, id: number): void {
  siftDown(t, nextSequence++, id, size);
}

/** Places an entry, starting from the root of a heap of `n` entries. */
function siftDown(t: number, sequence: number, id: number, n: number): void {
  const T = times;
  const S = sequences;
  const I = ids;
  let i = 0;
  for (;;) {
    const first = 4 * i + 1;
    if (first >= n) break;
    const end = first + 4 < n ? first + 4 : n;
    let least = first;
    let leastTime = T[first]!;
    for (let k = first + 1; k < end; k++) {
      const time = T[k]!;
      if (time < leastTime || (time === leastTime && S[k]! < S[least]!)) {
        least = k;
        leastTime = time;
      }
    }
    if (t < leastTime || (t === leastTime && sequence < S[least]!)) break;
    T[i] = leastTime;
    S[i] = S[least]!;
    I[i] = I[least]!;
    i = least;
  }
  T[i] = t;
  S[i] = sequence;
  I[i] = id;
}

function grow(): void {
  const capacity = 2 * times.length;
  const oldTimes = times;
  const oldSequences = sequences;
  const oldIds = ids;
  times = new Float64Array(capacity);
  sequences = new Float64Array(capacity);
  ids = new Int32Array(capacity);
  times.set(oldTimes);
  sequences.set(oldSequences);
  ids.set(oldIds);
}
