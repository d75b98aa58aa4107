const CHARACTERS_AT_ONCE = 4096;

/** Bytes as text, a character for each: ASCII stays readable. */
export function toBinaryText(data: Uint8Array): string {
  let text = "";
  for (let i = 0; i < data.length; i += CHARACTERS_AT_ONCE) {
    text += String.fromCharCode(...data.subarray(i, i + CHARACTERS_AT_ONCE));
  }
  return text;
}
