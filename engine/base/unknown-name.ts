/**
 * The edit distance of two strings: insertions, deletions, replacements, and swaps of neighbours (optimal string
 * alignment).
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + Number(a[row - 1] !== b[column - 1]);
      let least = Math.min(current[column - 1]! + 1, last[column]! + 1, replaced);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, beforeLast[column - 2]! + 1);
      }
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

/** Longer names are not misspelt options: comparing them would only take time. */
const LONGEST_NAME = 64;

/** Edits that a name of that many characters may be away from the one that was meant. */
const tolerance = (length: number): number => Math.min(3, Math.max(1, Math.floor((length * 9) / 20)));

/**
 * Which of `known` was probably meant by `name`; `undefined` if none is similar. Case does not count, and of equally
 * similar names the first wins.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) {
    return undefined;
  }
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    const allowed = tolerance(Math.max(name.length, candidate.length));
    if (distance < least && distance <= allowed && distance < Math.min(name.length, candidate.length)) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/**
 * What a message says about a name that does not exist: `unknown option 'sead'; did you mean 'seed'?`, or, where
 * nothing is similar, `unknown option 'x' (known: seed, start)`.
 *
 * @param kind - What the name should have named: `"option"`, `"host"`.
 */
export function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const all = [...known];
  const nearest = nearestName(name, all);
  if (nearest !== undefined) {
    return `unknown ${kind} '${name}'; did you mean '${nearest}'?`;
  }
  return all.length === 0 ? `unknown ${kind} '${name}'` : `unknown ${kind} '${name}' (known: ${all.join(", ")})`;
}
