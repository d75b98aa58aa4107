const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of `text` in UTF-8: what Python writes as `b"…"` or `text.encode()`. */
export const encode = (text: string): Uint8Array => encoder.encode(text);

/** The text that `bytes` are in UTF-8. @throws TypeError if they are not valid UTF-8. @see Python's `bytes.decode` */
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** @throws TypeError unless `data` is a Uint8Array. */
export function requireBytes(method: string, data: unknown): asserts data is Uint8Array {
  if (!(data instanceof Uint8Array)) {
    const hint = typeof data === "string" ? `the string ${JSON.stringify(data)}; write encode("…")` : String(data);
    throw new TypeError(`${method}: expected bytes in a Uint8Array, got ${hint}`);
  }
}
