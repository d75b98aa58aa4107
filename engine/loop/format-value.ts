import { isInstance, safeString } from "../base/describe.ts";
import { requireArgument } from "../base/require-argument.ts";

const ESCAPES = new Map<number, string>([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

const escapeByte = (byte: number, quote: string): string => {
  const escaped = ESCAPES.get(byte);
  if (escaped !== undefined) {
    return escaped;
  }
  if (byte < 0x20 || byte > 0x7e) {
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  const character = String.fromCharCode(byte);
  return character === quote ? `\\${character}` : character;
};

/**
 * Bytes as Python writes them: `b'GET /'`.
 *
 * @throws TypeError for what is not a Uint8Array.
 * @see Python's `repr` of bytes
 */
export function formatBytes(bytes: Uint8Array): string {
  requireArgument("formatBytes", "a Uint8Array", isInstance(bytes, Uint8Array), bytes);
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  return `b${quote}${Array.from(bytes, (byte) => escapeByte(byte, quote)).join("")}${quote}`;
}

/** A value as `print` shows it. */
export const formatValue = (value: unknown): string =>
  isInstance(value, Uint8Array) ? formatBytes(value) : safeString(value);
