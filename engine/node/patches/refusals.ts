import childProcess from "node:child_process";
import cluster from "node:cluster";
import fs from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import tls from "node:tls";
import workerThreads from "node:worker_threads";
import { here } from "../loop/current.ts";

const HOSTS = 'run it as a program of a host: getRunningLoop().network.host("name").boot(async () => { … })';
const PLAIN =
  "use the protocol without TLS within the simulation (http:, net.connect): what TLS protects is not observable there";

/** For each module, the functions and classes that need the real world, and what to do instead. */
const REFUSED: readonly (readonly [name: string, owner: object, members: readonly string[], remedy: string])[] = [
  ["child_process", childProcess, ["spawn", "exec", "execFile", "fork"], HOSTS],
  ["worker_threads", workerThreads, ["Worker"], HOSTS],
  ["cluster", cluster, ["fork"], HOSTS],
  ["tls", tls, ["connect", "createServer"], PLAIN],
  ["https", https, ["request", "get", "createServer"], PLAIN],
  ["http2", http2, ["connect", "createServer", "createSecureServer"], "use HTTP/1.1 (node:http, fetch)"],
  ["fs", fs, ["watch", "watchFile"], "let the program that writes the file say so, with an event or a message"],
  ["fs.promises", fs.promises, ["watch"], "let the program that writes the file say so, with an event or a message"],
];

/** A call that a simulation cannot carry out: it would wait for the real world forever. */
export class UnsupportedError extends Error {
  override name = "UnsupportedError";
  readonly code = "ERR_SIMLOOP_UNSUPPORTED";

  constructor(call: string, remedy: string) {
    super(`${call}: expected a call that a simulation can carry out, got one that waits for the real world; ${remedy}`);
  }
}

const FRAMES = 50;

/**
 * Whether a hook of the module loader calls, such as one that translates TypeScript in a worker and waits for it
 * without the event loop. Code of a module is called by `Module._compile` or `ModuleJob.run`, a hook by other functions
 * of the loader.
 */
function isLoader(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const frames = new Error("where").stack?.split("\n") ?? [];
  Error.stackTraceLimit = limit;
  const caller = frames.find((frame) => frame.includes("node:internal/modules/"));
  return caller !== undefined && !/\b(?:_compile|ModuleJob\w*\.run|runMain\w*|executeUserEntryPoint)\b/.test(caller);
}

function refuse(moduleName: string, owner: object, member: string, remedy: string): void {
  const original = (owner as Record<string, unknown>)[member];
  if (typeof original !== "function") {
    return;
  }
  const check = (): void => {
    if (here() !== null && !isLoader()) {
      throw new UnsupportedError(`${moduleName}.${member}`, remedy);
    }
  };
  const value: unknown = new Proxy(original, {
    apply(target, receiver, args): unknown {
      check();
      return Reflect.apply(target, receiver, args);
    },
    construct(target, args, newTarget): object {
      check();
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  Object.defineProperty(owner, member, { value, configurable: true, writable: true, enumerable: true });
}

/**
 * Child processes, workers, TLS, HTTP/2 and watched files are refused at the call in a simulation, with what to do
 * instead.
 */
export function patchRefusals(): void {
  for (const [moduleName, owner, members, remedy] of REFUSED) {
    for (const member of members) {
      refuse(moduleName, owner, member, remedy);
    }
  }
}
