import fs from "node:fs";
import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<string, AnyFunction | undefined>;

/**
 * Functions of `fs` that have a synchronous form of the same arguments, with a callback and, most of them, as promises.
 */
const NAMES = [
  "access",
  "appendFile",
  "chmod",
  "chown",
  "close",
  "copyFile",
  "cp",
  "fchmod",
  "fchown",
  "fdatasync",
  "fstat",
  "fsync",
  "ftruncate",
  "futimes",
  "lchown",
  "link",
  "lstat",
  "lutimes",
  "mkdir",
  "mkdtemp",
  "open",
  "opendir",
  "readFile",
  "readdir",
  "readlink",
  "realpath",
  "rename",
  "rm",
  "rmdir",
  "stat",
  "statfs",
  "symlink",
  "truncate",
  "unlink",
  "utimes",
  "writeFile",
];

/** Functions that also hand the buffer back, with the place of the buffer among their arguments. */
const WITH_BUFFER = ["read", "write", "readv", "writev"];

/**
 * The asynchronous forms of `fs`: the work is done at once, on the real files, and reported as a simulated event. A
 * thread of libuv does it in Node, and reports it when libuv has it.
 *
 * File handles of `fs.promises.open` and watchers are not among them.
 */
export function patchFileSystem(): void {
  const functions = fs as unknown as Functions;
  const promises = fs.promises as unknown as Functions;
  for (const name of NAMES) {
    replaceCallback(functions, name, (result) => (result === undefined ? [] : [result]));
    // A directory and a file that are opened as promises have further asynchronous methods of their own.
    if (name !== "open" && name !== "opendir") {
      replacePromise(promises, name, functions[`${name}Sync`]);
    }
  }
  for (const name of WITH_BUFFER) {
    replaceCallback(functions, name, (count, args) => [count, bufferIn(args)]);
  }
  const { exists, existsSync } = fs;
  define(functions, "exists", exists as AnyFunction, (process, args) => {
    const callback = args.at(-1) as (isThere: boolean) => void;
    const isThere = existsSync(args[0] as string);
    process.complete(() => callback(isThere));
  });
}

const bufferIn = (args: readonly unknown[]): unknown => {
  const isBuffer = (value: unknown): boolean =>
    ArrayBuffer.isView(value) || typeof value === "string" || Array.isArray(value);
  const direct = args.find(isBuffer);
  return direct ?? (args[1] as { buffer?: unknown } | undefined)?.buffer;
};

/** Result of a call that is made at once. */
type Outcome = { readonly error: unknown } | { readonly result: unknown };

function attempt(work: AnyFunction, args: readonly unknown[]): Outcome {
  try {
    return { result: work.apply(fs, args as unknown[]) };
  } catch (error) {
    return { error };
  }
}

/** Node refuses arguments of a wrong type at the call. What the operation itself fails with has a system call. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  !("syscall" in error) &&
  /^ERR_(?:INVALID|OUT)_/.test(String((error as { code?: unknown }).code));

function replaceCallback(
  owner: Functions,
  name: string,
  resultsOf: (result: unknown, args: readonly unknown[]) => readonly unknown[],
): void {
  const original = owner[name];
  const synchronous = owner[`${name}Sync`];
  if (original === undefined || synchronous === undefined) {
    return;
  }
  define(owner, name, original, (process, all) => {
    const callback = all.at(-1) as AnyFunction;
    const args = withBuffer(name, all.slice(0, -1));
    const outcome = attempt(synchronous, args);
    if ("error" in outcome) {
      if (isRefusal(outcome.error)) {
        throw outcome.error;
      }
      process.complete(() => callback.call(undefined, outcome.error));
    } else {
      const results = resultsOf(outcome.result, args);
      process.complete(() => callback.call(undefined, null, ...results));
    }
  });
}

/**
 * `fs.read(fd, callback)` and `fs.read(fd, options, callback)` make a buffer where none is given; `readSync` does not.
 */
function withBuffer(name: string, args: readonly unknown[]): unknown[] {
  const [fd, second] = args;
  if (name !== "read" || ArrayBuffer.isView(second)) {
    return [...args];
  }
  const { buffer = Buffer.alloc(16_384), ...options } = (second ?? {}) as { readonly buffer?: Buffer };
  return [fd, buffer, options];
}

function define(
  owner: Functions,
  name: string,
  original: AnyFunction,
  simulated: (process: SimulatedProcess, args: readonly unknown[]) => void,
): void {
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    return process === null || typeof args.at(-1) !== "function"
      ? original.apply(this, args)
      : simulated(process, args);
  };
  Object.defineProperty(value, "name", { value: name });
  for (const key of Object.getOwnPropertySymbols(original)) {
    Object.defineProperty(value, key, Object.getOwnPropertyDescriptor(original, key)!);
  }
  for (const key of Object.keys(original)) {
    // `realpath.native`.
    (value as unknown as Record<string, unknown>)[key] = (original as unknown as Record<string, unknown>)[key];
  }
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}

/** A stream or an iterable as the data of `writeFile`, and a file handle as the file, have no synchronous form. */
const isPlain = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  ArrayBuffer.isView(value) ||
  value instanceof URL ||
  Object.getPrototypeOf(value) === Object.prototype ||
  Object.getPrototypeOf(value) === null;

function replacePromise(owner: Functions, name: string, synchronous: AnyFunction | undefined): void {
  const original = owner[name];
  if (original === undefined || synchronous === undefined) {
    return;
  }
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    if (process === null || !args.every(isPlain)) {
      return original.apply(this, args);
    }
    return new Promise((resolve, reject) => {
      const outcome = attempt(synchronous, args);
      process.complete(() => ("error" in outcome ? reject(outcome.error as Error) : resolve(outcome.result)));
    });
  };
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}
