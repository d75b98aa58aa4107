import { Console } from "node:console";
import { currentWorld, setCurrentWorld } from "../loop/current.ts";
import type { ProcessWorld as World } from "../loop/simulated-process.ts";

type Write = (chunk: unknown, encoding?: unknown, callback?: unknown) => boolean;

const textOf = (chunk: unknown): string =>
  typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString("utf8");

/** Call what belongs to the caller of `simulate`: a console that it writes to is not that of the program. */
function outside(world: World, callback: () => void): void {
  if (!world.isSilent) {
    setCurrentWorld(null);
    try {
      callback();
    } finally {
      setCurrentWorld(world);
    }
  }
}

const toOutput = (world: World, text: string): void => outside(world, () => world.loop._print(text));
const toErrors = (world: World, text: string): void =>
  outside(world, () => world.loop._reportError(text.replace(/\n$/, "")));

/** Replace the `write` of a standard stream of the process. */
function patchStream(stream: NodeJS.WriteStream, send: (world: World, text: string) => void): void {
  const write = stream.write as Write;
  stream.write = ((chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    const world = currentWorld();
    if (world === null) {
      return write.call(stream, chunk, encoding, callback);
    }
    send(world, textOf(chunk));
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") {
      process.nextTick(done as () => void);
    }
    return true;
  }) as typeof stream.write;
}

/** As much of a stream as a console needs. */
function writer(world: World, send: typeof toOutput): NodeJS.WritableStream {
  const write = (text: string): boolean => {
    send(world, text);
    return true;
  };
  const ignore = (): void => {};
  const stream = { write, on: ignore, once: ignore, removeListener: ignore, listenerCount: () => 0 };
  return stream as unknown as NodeJS.WritableStream;
}

/** The console of each simulation: it has counters, timers and an indentation of its own. */
const consoles = new WeakMap<World, Console>();

function consoleOf(world: World): Console {
  let console = consoles.get(world);
  if (console === undefined) {
    console = new Console({ stdout: writer(world, toOutput), stderr: writer(world, toErrors), colorMode: false });
    consoles.set(world, console);
  }
  return console;
}

/**
 * The global `console`, and what is written to `process.stdout` and `process.stderr`, are the output and the warnings
 * of the simulation.
 */
export function patchOutput(): void {
  patchStream(process.stdout, toOutput);
  patchStream(process.stderr, toErrors);
  const owner = globalThis.console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(owner)) {
    if (typeof method === "function" && name !== "Console" && name !== "context") {
      owner[name] = dispatching(name, method as (...args: unknown[]) => unknown);
    }
  }
}

function dispatching(name: string, method: (...args: unknown[]) => unknown) {
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const world = currentWorld();
    const simulated = world === null ? undefined : (consoleOf(world) as unknown as Record<string, unknown>)[name];
    return typeof simulated === "function" ? simulated(...args) : method.apply(this, args);
  };
  return Object.defineProperty(value, "name", { value: name });
}
