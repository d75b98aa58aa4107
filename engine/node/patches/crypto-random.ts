import crypto from "node:crypto";
import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

type BytesCallback = (error: Error | null, bytes: Buffer) => void;

/** Fill `bytes` from the random stream `crypto` of the run. */
function fill<T extends Uint8Array>({ world }: SimulatedProcess, bytes: T): T {
  const stream = world.loop.random("crypto");
  for (let i = 0; i < bytes.length; i += 4) {
    const word = stream.integer(0, 2 ** 32 - 1);
    for (let j = 0; j < 4 && i + j < bytes.length; j++) {
      bytes[i + j] = (word >>> (8 * j)) & 255;
    }
  }
  return bytes;
}

const viewOf = (view: ArrayBufferView | ArrayBufferLike, offset: number, size: number): Uint8Array =>
  ArrayBuffer.isView(view)
    ? new Uint8Array(view.buffer, view.byteOffset + offset, size)
    : new Uint8Array(view, offset, size);

/** A version 4 UUID. @see RFC 9562 */
function uuid(process: SimulatedProcess): ReturnType<typeof crypto.randomUUID> {
  const bytes = fill(process, Buffer.alloc(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  ) as ReturnType<typeof crypto.randomUUID>;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Replace `owner[name]`: `simulated` makes the answer of a simulation, or `undefined` where Node's own function is to
 * be called.
 */
function replace(
  owner: object,
  name: string,
  simulated: (process: SimulatedProcess, args: unknown[]) => unknown,
): void {
  const holder = owner as Record<string, AnyFunction>;
  const original = holder[name]!;
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    const answer = process === null ? undefined : simulated(process, args);
    return answer === undefined ? original.apply(this, args) : answer;
  };
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: true });
}

const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 0;

function randomBytes(process: SimulatedProcess, [size, callback]: unknown[]): unknown {
  if (!isSize(size)) {
    return undefined;
  }
  const bytes = fill(process, Buffer.alloc(size));
  if (typeof callback !== "function") {
    return bytes;
  }
  process.complete(() => (callback as BytesCallback)(null, bytes));
  return null;
}

function randomFillSync(process: SimulatedProcess, [view, offset = 0, size]: unknown[]): unknown {
  const from = offset as number;
  const { byteLength } = view as ArrayBufferView;
  if (!(isSize(from) && from <= byteLength && (size === undefined || (isSize(size) && from + size <= byteLength)))) {
    return undefined;
  }
  fill(process, viewOf(view as ArrayBufferView, from, (size as number | undefined) ?? byteLength - from));
  return view;
}

function randomFill(process: SimulatedProcess, args: unknown[]): unknown {
  const callback = args.at(-1);
  if (typeof callback !== "function" || randomFillSync(process, args.slice(0, -1)) === undefined) {
    return undefined;
  }
  process.complete(() => (callback as BytesCallback)(null, args[0] as Buffer));
  return null;
}

function randomInt(process: SimulatedProcess, args: unknown[]): unknown {
  const callback = typeof args.at(-1) === "function" ? (args.at(-1) as (error: null, value: number) => void) : null;
  const bounds = callback === null ? args : args.slice(0, -1);
  const [low, high] = bounds.length === 1 || bounds[1] === undefined ? [0, bounds[0]] : bounds;
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || (high as number) <= (low as number)) {
    return undefined;
  }
  const range = (high as number) - (low as number);
  const stream = process.world.loop.random("crypto");
  const value =
    (low as number) + (range <= 2 ** 32 ? stream.integer(0, range - 1) : Math.floor(stream.random() * range));
  if (callback === null) {
    return value;
  }
  process.complete(() => callback(null, value));
  return null;
}

/**
 * Random bytes, numbers and UUIDs of `node:crypto` and of the Web Crypto API; keys that are generated and signatures
 * stay random.
 */
export function patchCryptoRandom(): void {
  replace(crypto, "randomBytes", randomBytes);
  replace(crypto, "pseudoRandomBytes", randomBytes);
  replace(crypto, "randomFillSync", randomFillSync);
  replace(crypto, "randomFill", randomFill);
  replace(crypto, "randomInt", randomInt);
  replace(crypto, "randomUUID", uuid);
  const web = Object.getPrototypeOf(crypto.webcrypto) as object;
  const getRandomValues = (process: SimulatedProcess, [view]: unknown[]): unknown =>
    ArrayBuffer.isView(view) && view.byteLength <= 65536 ? randomFillSync(process, [view]) : undefined;
  replace(web, "getRandomValues", getRandomValues);
  replace(web, "randomUUID", uuid);
}
