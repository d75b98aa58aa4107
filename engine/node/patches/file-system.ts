import fs from "node:fs";
import { here } from "../loop/current.ts";
import {
  type AnyFunction,
  attempt,
  completeAtOnce,
  type Functions,
  replaceFunction,
  replaceWithCallback,
} from "./complete-at-once.ts";

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
    completeAtOnce(functions, name);
    // A directory and a file that are opened as promises have further asynchronous methods of their own.
    if (name !== "open" && name !== "opendir") {
      replacePromise(promises, name, functions[`${name}Sync`]);
    }
  }
  for (const name of WITH_BUFFER) {
    completeAtOnce(functions, name, name === "read" ? withBuffer : undefined, (count, args) => [count, bufferIn(args)]);
  }
  replaceWithCallback(functions, "exists", (process, callback, [path]) => {
    const isThere = fs.existsSync(path as string);
    process.complete(() => callback(isThere));
  });
}

const bufferIn = (args: readonly unknown[]): unknown => {
  const isBuffer = (value: unknown): boolean =>
    ArrayBuffer.isView(value) || typeof value === "string" || Array.isArray(value);
  return args.find(isBuffer) ?? (args[1] as { buffer?: unknown } | undefined)?.buffer;
};

/**
 * `fs.read(fd, callback)` and `fs.read(fd, options, callback)` make a buffer where none is given; `readSync` does not.
 */
function withBuffer(args: readonly unknown[]): readonly unknown[] {
  const [fd, second] = args;
  if (ArrayBuffer.isView(second)) {
    return args;
  }
  const { buffer = Buffer.alloc(16_384), ...options } = (second ?? {}) as { readonly buffer?: Buffer };
  return [fd, buffer, options];
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
  replaceFunction(owner, name, function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    if (process === null || !args.every(isPlain)) {
      return original.apply(this, args);
    }
    return new Promise((resolve, reject) => {
      const outcome = attempt(synchronous, fs, args);
      process.complete(() => ("error" in outcome ? reject(outcome.error as Error) : resolve(outcome.result)));
    });
  });
}
