const LONGEST = 80;

/** `text` without half a character at its end. */
const withoutHalf = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, "");

const asCode = (character: string): string => `#${character.charCodeAt(0)};`;

/**
 * `text` as it may stand after a colon in a Mermaid diagram: on one line, not too long, with codes for characters that
 * mean something.
 */
export function mermaidText(text: string): string {
  const short = text.length > LONGEST ? `${withoutHalf(text.slice(0, LONGEST))}…` : text;
  const line = short.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line === "" ? "-" : line.replace(/[#;<>"&{}%]/g, asCode);
}

/** `text` as it may stand for a name there: also without colons. */
export const mermaidName = (text: string): string => mermaidText(text).replaceAll(":", asCode);
