import os from "node:os";
import { currentWorld, here } from "../loop/current.ts";
import { ProcessExit } from "../loop/process-exit.ts";

/** Replace `owner[name]` by a function that answers `simulated` in a simulation. */
function answer(owner: object, name: string, simulated: (hostName: string) => unknown): void {
  const holder = owner as Record<string, (...args: unknown[]) => unknown>;
  const original = holder[name];
  if (original !== undefined) {
    holder[name] = Object.assign(function (this: unknown, ...args: unknown[]): unknown {
      const process = here();
      return process === null ? original.apply(this, args) : simulated(process.host.name);
    }, original);
  }
}

/** Replace the number `name` of the process. */
function answerNumber(name: "pid" | "ppid", simulated: number): void {
  const own = process[name];
  Object.defineProperty(process, name, {
    get: () => (here() === null ? own : simulated),
    configurable: true,
    enumerable: true,
  });
}

const MEGABYTE = 2 ** 20;

/**
 * `process.exit` ends the run; what differs from process to process and from machine to machine is the same in all
 * simulations.
 */
export function patchProcess(): void {
  const { exit } = process;
  process.exit = ((code?: number | string | null): never => {
    const world = currentWorld();
    if (world === null) {
      return exit.call(process, code);
    }
    if (code !== undefined && code !== null) {
      process.exitCode = Number(code);
    }
    if (!world.isSilent) {
      (process as unknown as NodeJS.EventEmitter).emit("exit", Number(process.exitCode ?? 0));
    }
    const error = new ProcessExit(Number(process.exitCode ?? 0));
    world.fail(error);
    throw error;
  }) as typeof process.exit;
  answerNumber("pid", 1);
  answerNumber("ppid", 0);
  const memory = { rss: 64, heapTotal: 32, heapUsed: 16, external: 1, arrayBuffers: 1 };
  answer(process, "memoryUsage", () =>
    Object.fromEntries(Object.entries(memory).map(([name, size]) => [name, size * MEGABYTE])),
  );
  answer(process, "cpuUsage", () => ({ user: 0, system: 0 }));
  answer(os, "hostname", (name) => name);
  answer(os, "uptime", () => here()?.world.loop.time());
  answer(os, "loadavg", () => [0, 0, 0]);
  answer(os, "freemem", () => 1024 * MEGABYTE);
}
