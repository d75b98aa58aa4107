import crypto from "node:crypto";
import zlib from "node:zlib";
import { completeAtOnce, type Functions } from "./complete-at-once.ts";

/** Functions with a callback whose work depends on nothing but their arguments, each with a synchronous form. */
const WORK: readonly (readonly [owner: object, names: readonly string[]])[] = [
  [
    zlib,
    ["deflate", "inflate", "gzip", "gunzip", "deflateRaw", "inflateRaw", "unzip", "brotliCompress", "brotliDecompress"],
  ],
  [zlib, ["zstdCompress", "zstdDecompress"]],
  [crypto, ["scrypt", "pbkdf2", "hkdf"]],
];

/**
 * What Node lets threads do, and reports when libuv has it: compression and derived keys. Only its completion comes
 * from the real world.
 */
export function patchBackgroundWork(): void {
  for (const [owner, names] of WORK) {
    for (const name of names) {
      completeAtOnce(owner as Functions, name);
    }
  }
}
