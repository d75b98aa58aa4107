/** Consecutive items, as often as they came one after another. */
export interface Run<T> {
  readonly items: readonly T[];
  readonly times: number;
}

/** Longest sequence that is recognized when it comes again. */
const LONGEST = 24;
const FEWEST_TIMES = 3;

/** How often the `length` keys from `start` on come one after another. */
function timesFrom(keys: readonly string[], start: number, length: number): number {
  let at = start + length;
  while (at < keys.length && keys[at] === keys[at - length]) {
    at++;
  }
  return Math.floor((at - start) / length);
}

function bestRunFrom(keys: readonly string[], start: number): { length: number; times: number } {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= LONGEST && start + 2 * length <= keys.length; length++) {
    const times = timesFrom(keys, start, length);
    if (times >= FEWEST_TIMES && length * times > best.length * best.times) {
      best = { length, times };
    }
  }
  return best;
}

/**
 * Put together what comes again and again: sequences of up to 24 items that stand three times or more one after
 * another.
 *
 * @param keyOf - Items with equal keys count as the same.
 */
export function collapse<T>(items: readonly T[], keyOf: (item: T) => string): Run<T>[] {
  const keys = items.map(keyOf);
  const runs: Run<T>[] = [];
  let plain: T[] = [];
  for (let at = 0; at < items.length; ) {
    const { length, times } = bestRunFrom(keys, at);
    if (times === 1) {
      plain.push(items[at++] as T);
      continue;
    }
    if (plain.length > 0) {
      runs.push({ items: plain, times: 1 });
      plain = [];
    }
    runs.push({ items: items.slice(at, at + length), times });
    at += length * times;
  }
  return plain.length > 0 ? [...runs, { items: plain, times: 1 }] : runs;
}
