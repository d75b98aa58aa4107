/**
 * The first and the last items of a long sequence, without keeping what lies between.
 *
 * @param first - How many of the beginning.
 * @param last - How many of the end.
 */
export function headAndTail<T>(
  items: Iterable<T>,
  first: number,
  last: number,
): { readonly head: readonly T[]; readonly left: number; readonly tail: readonly T[] } {
  const head: T[] = [];
  let tail: T[] = [];
  let left = 0;
  for (const item of items) {
    if (head.length < first) {
      head.push(item);
    } else {
      tail.push(item);
      if (tail.length >= 2 * last + 2) {
        left += tail.length - last;
        tail = tail.slice(-last);
      }
    }
  }
  const over = Math.max(0, tail.length - last);
  return { head, left: left + over, tail: tail.slice(over) };
}
