const CHARACTERS_AT_ONCE = 4096;
const decoder = new TextDecoder();

/** Bytes as text, a character for each: ASCII stays readable. */
export function toBinaryText(data: Uint8Array): string {
  if (isAscii(data)) {
    return decoder.decode(data);
  }
  let text = "";
  for (let i = 0; i < data.length; i += CHARACTERS_AT_ONCE) {
    // With `apply`, for spreading would go through an iterator, byte by byte.
    text += String.fromCharCode.apply(null, data.subarray(i, i + CHARACTERS_AT_ONCE) as unknown as number[]);
  }
  return text;
}

function isAscii(data: Uint8Array): boolean {
  for (let i = 0; i < data.length; i++) {
    if ((data[i] as number) > 0x7f) {
      return false;
    }
  }
  return true;
}
