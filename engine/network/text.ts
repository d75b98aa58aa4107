import { describeValue, isInstance } from "../base/describe.ts";
import { requireArgument } from "../base/require-argument.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The bytes of `text` in UTF-8: what Python writes as `b"…"` or `text.encode()`.
 *
 * @throws TypeError if it is not a string
 */
export function encode(text: string): Uint8Array {
  requireArgument("encode", "a string", typeof text === "string", text);
  return encoder.encode(text);
}

/** The text that `bytes` are in UTF-8. @throws TypeError if they are not valid UTF-8. @see Python's `bytes.decode` */
export function decode(bytes: Uint8Array): string {
  const isBinary = ArrayBuffer.isView(bytes) || isInstance(bytes, ArrayBuffer);
  requireArgument("decode", "a Uint8Array", isBinary, bytes);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new TypeError("decode: expected valid UTF-8", { cause: error });
  }
}

/** @throws TypeError unless `data` is a Uint8Array. */
export function requireBytes(method: string, data: unknown): asserts data is Uint8Array {
  if (!(data instanceof Uint8Array)) {
    const hint =
      typeof data === "string" ? `the string ${describeValue(data)}; write encode("…")` : describeValue(data);
    throw new TypeError(`${method}: expected bytes in a Uint8Array, got ${hint}`);
  }
}
