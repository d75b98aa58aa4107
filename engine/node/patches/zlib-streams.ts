import zlib from "node:zlib";
import { here } from "../loop/current.ts";

type AnyFunction = (this: object, ...args: unknown[]) => unknown;

/** What a stream of zlib gives its work to. */
interface CompressionHandle {
  writeSync(...args: unknown[]): void;
  onerror?: AnyFunction;
}

/** What the stream behind a handle wants to be called when a piece of work is done. */
const callbacks = new WeakMap<object, AnyFunction>();

/**
 * Streams of zlib, Brotli and Zstandard: a thread of libuv does their work in Node, and reports it when libuv has it.
 * In a simulation it is done at once, and reported as a simulated event.
 */
export function patchZlibStreams(): void {
  // Each kind of handle is a class of its own; those of Zstandard came with Node 22.15.
  const make = [
    "createDeflate",
    "createBrotliCompress",
    "createBrotliDecompress",
    "createZstdCompress",
    "createZstdDecompress",
  ].map((name) => (zlib as unknown as Record<string, (() => object) | undefined>)[name]);
  const owners = new Set<Record<string, unknown>>();
  for (const create of make) {
    const handle = (create?.() as { readonly _handle?: object } | undefined)?._handle;
    const owner = handle === undefined ? null : ownerOf(handle, "write");
    if (owner !== null) {
      owners.add(owner);
    }
  }
  for (const owner of owners) {
    replaceInit(owner);
    replaceWrite(owner);
  }
}

/** The object on the prototype chain of `handle` that has the method `name` itself. */
function ownerOf(handle: object, name: string): Record<string, unknown> | null {
  for (let each: object | null = handle; each !== null; each = Object.getPrototypeOf(each) as object | null) {
    if (Object.hasOwn(each, name)) {
      return each as Record<string, unknown>;
    }
  }
  return null;
}

function replaceInit(owner: Record<string, unknown>): void {
  const original = owner["init"] as AnyFunction;
  owner["init"] = function (this: object, ...args: unknown[]): unknown {
    const callback = args.find((each) => typeof each === "function");
    if (callback !== undefined) {
      callbacks.set(this, callback as AnyFunction);
    }
    return original.apply(this, args);
  };
}

function replaceWrite(owner: Record<string, unknown>): void {
  const original = owner["write"] as AnyFunction;
  owner["write"] = function (this: object, ...args: unknown[]): unknown {
    const process = here();
    const callback = callbacks.get(this);
    if (process === null || callback === undefined) {
      return original.apply(this, args);
    }
    const handle = this as CompressionHandle;
    const { onerror } = handle;
    let failure: unknown[] | null = null;
    handle.onerror = (...details) => {
      failure = details;
    };
    try {
      handle.writeSync(...args);
    } finally {
      if (onerror === undefined) {
        delete handle.onerror;
      } else {
        handle.onerror = onerror;
      }
    }
    process.complete(() => {
      if (failure === null) {
        callback.call(this);
      } else {
        onerror?.apply(this, failure);
      }
    });
    return undefined;
  };
}
