/** Marks that turn the direction of text, and characters that cannot be seen; newlines and tabs stay. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with everything escaped that would turn or hide other text on the page. */
export const visibleText = (text: string): string =>
  text.replace(HIDDEN, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
