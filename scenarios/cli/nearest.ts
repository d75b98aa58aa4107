/** How many of the letters of a name may be wrong: a third, and two in a short one. */
const tolerance = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/**
 * The number of letters to insert, remove, replace or swap with their neighbour to get from `a` to `b`.
 *
 * @see "optimal string alignment", a form of the Damerau-Levenshtein distance
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index]!;

/** Those of `names` that `name` may have been meant for, the likeliest first, at most three. */
export function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate) }))
    .filter(({ candidate, distance }) => distance <= tolerance(candidate) || isPartOf(wanted, candidate))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

const isPartOf = (part: string, whole: string): boolean => part.length >= 3 && whole.includes(part);
