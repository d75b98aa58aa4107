import { requireArgument } from "../base/require-argument.ts";
import { Murmur3 } from "../trace/record/murmur3.ts";

/** A 128-bit hash of a string, as 32 hexadecimal digits; not for secrets. */
export function textHash(text: string): string {
  requireArgument("textHash", "a string", typeof text === "string", text);
  const words = new Int32Array(text.length);
  for (let i = 0; i < text.length; i++) {
    words[i] = text.charCodeAt(i);
  }
  const hash = new Murmur3();
  hash.update(words, words.length);
  return hash.digest();
}
