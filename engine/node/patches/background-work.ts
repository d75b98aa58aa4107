import crypto from "node:crypto";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { here } from "../loop/current.ts";

type AnyFunction = (...args: unknown[]) => unknown;
type Callback = (error: unknown, ...results: unknown[]) => void;

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
 * Do the work at once, and call back in the simulation before the loop polls next; arguments that Node refuses are
 * refused at the call.
 */
function replace(owner: Record<string, unknown>, name: string): void {
  const original = owner[name] as AnyFunction | undefined;
  const synchronous = owner[`${name}Sync`] as AnyFunction | undefined;
  if (original === undefined || synchronous === undefined) {
    return;
  }
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    const callback = args.at(-1);
    if (process === null || typeof callback !== "function") {
      return original.apply(this, args);
    }
    let outcome: unknown[];
    try {
      outcome = [null, synchronous.apply(this, args.slice(0, -1))];
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) {
        throw error;
      }
      outcome = [error];
    }
    process.complete(() => (callback as Callback)(outcome[0], ...outcome.slice(1)));
    return undefined;
  };
  Object.defineProperty(value, "name", { value: name });
  const custom = (original as unknown as Record<symbol, unknown>)[promisify.custom];
  if (custom !== undefined) {
    Object.defineProperty(value, promisify.custom, { value: custom });
  }
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}

/**
 * What Node lets threads do, and reports when libuv has it: compression and derived keys. Only its completion comes
 * from the real world.
 */
export function patchBackgroundWork(): void {
  for (const [owner, names] of WORK) {
    for (const name of names) {
      replace(owner as Record<string, unknown>, name);
    }
  }
}
