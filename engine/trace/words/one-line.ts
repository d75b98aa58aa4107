/** What would break a line, change how a terminal shows the rest of it, or turn it round; and halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `text` as it may stand on a line of its own, control characters as in a string of JavaScript: `a\nb`. */
export const oneLine = (text: string): string => text.replace(UNSAFE, escaped);

/** A name as it is shown: in quotes if it would not be seen, or not as it is. */
export function shownName(name: string): string {
  const line = oneLine(name);
  return line === name && name.trim() !== "" ? name : `"${line}"`;
}
