/**
 * What a terminal obeys instead of showing it: control characters, and marks that turn the direction of text. Newlines
 * and tabs stay.
 */
const COMMANDS = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string =>
  character === "\n" || character === "\t" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `text` with everything escaped that a terminal would obey: a message must not move the cursor or change colours. */
export const visible = (text: string): string => text.replace(COMMANDS, escaped);
