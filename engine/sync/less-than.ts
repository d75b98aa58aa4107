const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

/**
 * Python's `<` on numbers, strings and arrays, which compare element by element.
 *
 * @throws TypeError for values of different or other types: give the queue a comparison of your own.
 */
export function lessThan(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const differs = a.findIndex((item, i) => i >= b.length || !sameItem(item, b[i]));
    return differs === -1 ? a.length < b.length : differs < b.length && lessThan(a[differs], b[differs]);
  }
  if (typeof a === "number" && typeof b === "number") {
    return a < b;
  }
  if (typeof a === "string" && typeof b === "string") {
    return a < b;
  }
  if (typeof a === "bigint" && typeof b === "bigint") {
    return a < b;
  }
  throw new TypeError(
    `'<' not supported between ${typeOf(a)} and ${typeOf(b)}: give PriorityQueue a comparison (a, b) => boolean`,
  );
}

const sameItem = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, i) => sameItem(item, b[i])) : a === b;
