const LONGEST = 80;

/** `text` as it may stand in a Mermaid diagram: on one line, without the characters that mean something there, not too long. */
export function mermaidText(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short
    .replace(/[#;:<>"&{}]/g, (character) => `#${character.charCodeAt(0)};`)
    .replace(/[\n\r]+/g, " ")
    .trim();
}

/** Seconds without the digits that rounding leaves: to the nanosecond. */
export const shortSeconds = (seconds: number): string =>
  Number.isFinite(seconds) ? String(Number(seconds.toFixed(9))) : "∞";
