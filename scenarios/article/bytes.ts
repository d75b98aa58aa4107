/**
 * The bytes of the groups of `pattern` where it first matches in `data`, the whole match first; `null` if it does not.
 *
 * Each byte stands for the character of its number, as in Python's patterns of bytes.
 *
 * @see Python's `re.search`
 */
export function search(pattern: RegExp, data: Uint8Array): Uint8Array[] | null {
  const text = Array.from(data, (byte) => String.fromCharCode(byte)).join("");
  const match = pattern.exec(text);
  return match && Array.from(match, (group = "") => Uint8Array.from(group, (character) => character.charCodeAt(0)));
}

/** Whether `a` and `b` are the same bytes. */
export const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
