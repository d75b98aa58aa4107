const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/;
const HEXADECIMAL_WORD = /^[0-9a-f]{1,4}$/i;

function parseIPv4(text: string): Uint8Array | null {
  const parts = text.split(".");
  const isValid = parts.length === 4 && parts.every((part) => DECIMAL_BYTE.test(part) && Number(part) < 256);
  return isValid ? Uint8Array.from(parts, Number) : null;
}

/** The words of one side of `::`, or `null` if one is malformed. The last may be an IPv4 address, which makes two. */
function parseWords(text: string, mayEndInIPv4: boolean): number[] | null {
  const words: number[] = [];
  const parts = text === "" ? [] : text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = mayEndInIPv4 && index === parts.length - 1 ? parseIPv4(part) : null;
    if (embedded !== null) {
      const [a, b, c, d] = embedded as unknown as [number, number, number, number];
      words.push(a * 256 + b, c * 256 + d);
    } else if (HEXADECIMAL_WORD.test(part)) {
      words.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return words;
}

function parseIPv6(text: string): Uint8Array | null {
  const sides = text.split("::");
  if (sides.length > 2) {
    return null;
  }
  const isShort = sides.length === 2;
  const head = parseWords(sides[0]!, !isShort);
  const tail = isShort ? parseWords(sides[1]!, true) : [];
  if (head === null || tail === null) {
    return null;
  }
  const missing = 8 - head.length - tail.length;
  if (isShort ? missing < 1 : missing !== 0) {
    return null;
  }
  const words = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

/** The canonical text of 16 bytes: lower case, the longest run of at least two zero words as `::`. @see RFC 5952 */
function formatIPv6(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! * 256 + bytes[2 * i + 1]!);
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (words[end] === 0) {
      end++;
    }
    if (end - i > longest) {
      [start, longest] = [i, end - i];
    }
  }
  const hexadecimal = words.map((word) => word.toString(16));
  return start < 0
    ? hexadecimal.join(":")
    : `${hexadecimal.slice(0, start).join(":")}::${hexadecimal.slice(start + longest).join(":")}`;
}

/** The bytes of an IP address, or `null` if `text` is none. */
export const parseAddress = (text: string): Uint8Array | null =>
  text.includes(":") ? parseIPv6(text) : parseIPv4(text);

/** The text of an IP address in canonical form. */
export const formatAddress = (bytes: Uint8Array): string => (bytes.length === 4 ? bytes.join(".") : formatIPv6(bytes));
