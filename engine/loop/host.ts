/**
 * The one place where the engine asks its host to run something later, or what time it is for the host.
 *
 * Nothing here reaches a simulation: the host's clock only decides when to let the host breathe, never what happens
 * next. Only a loop on the real clock waits for the host.
 */

/** Knows where code was started from: Node's `AsyncLocalStorage`. */
export interface AsyncStorage {
  run(store: object, callback: () => void): void;
  getStore(): object | undefined;
}

interface HostGlobals {
  readonly process?: {
    nextTick?(callback: () => void): void;
    once?(event: "beforeExit", listener: () => void): void;
    removeListener?(event: "beforeExit", listener: () => void): void;
    hrtime?(): [seconds: number, nanoseconds: number];
    getBuiltinModule?(name: "node:async_hooks"): { AsyncLocalStorage: new () => AsyncStorage };
  };
  readonly performance: { now(): number };
  readonly console: { log(text: string): void; error(text: string): void };
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly setImmediate?: (callback: () => void) => void;
  readonly MessageChannel: new () => {
    port1: { onmessage: (() => void) | null; unref?(): void };
    port2: { postMessage(message: unknown): void };
  };
  queueMicrotask(callback: () => void): void;
}

const host = globalThis as unknown as HostGlobals;

const throughMessageChannel = (callback: () => void): void => {
  const channel = new host.MessageChannel();
  channel.port1.onmessage = callback;
  channel.port2.postMessage(undefined);
};

/** Run `callback` when the host has had a turn of its own: timers, I/O, rendering. */
export const afterHostTurn: (callback: () => void) => void = host.setImmediate ?? throughMessageChannel;

/** Run `callback` when no microtask is left, which in a browser takes a turn of the host. */
export const afterMicrotasks: (callback: () => void) => void =
  host.process?.nextTick === undefined ? throughMessageChannel : (callback) => host.process?.nextTick?.(callback);

const whenIdle = new Set<() => void>();

const onIdle = (): void => {
  const callbacks = [...whenIdle];
  whenIdle.clear();
  for (const callback of callbacks) {
    callback();
  }
  // What goes on thereby may come to the same end: the host asks once more only if it has had something to do.
  afterHostTurn(() => {});
};

/**
 * Run `callback` once when the host has nothing left to do and is about to exit; hosts that never exit never do.
 *
 * @returns What calls that off.
 */
export function beforeHostExits(callback: () => void): () => void {
  if (whenIdle.size === 0) {
    host.process?.once?.("beforeExit", onIdle);
  }
  whenIdle.add(callback);
  return () => {
    whenIdle.delete(callback);
    if (whenIdle.size === 0) {
      host.process?.removeListener?.("beforeExit", onIdle);
    }
  };
}

/** Longest delay that hosts know, in milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Run `callback` when `seconds` have passed, or a good while if they are many. @returns What calls that off. */
export function afterSeconds(seconds: number, callback: () => void): () => void {
  const timer = host.setTimeout(callback, Math.min(Math.ceil(seconds * 1000), LONGEST_DELAY));
  return () => host.clearTimeout(timer);
}

/** Run `callback` as a microtask. */
export const inMicrotask = (callback: () => void): void => host.queueMicrotask(callback);

/** A new storage, or `null` where the host has none. */
export function createAsyncStorage(): AsyncStorage | null {
  const hooks = host.process?.getBuiltinModule?.("node:async_hooks");
  return hooks === undefined ? null : new hooks.AsyncLocalStorage();
}

/**
 * The host's clock in milliseconds, for measuring how long the host has not had a turn.
 *
 * Node loads a good part of itself at the first look at `performance`: three milliseconds, half of what the first run
 * of a process takes.
 */
export function hostMilliseconds(): number {
  const time = host.process?.hrtime?.();
  return time === undefined ? host.performance.now() : time[0] * 1e3 + time[1] / 1e6;
}

/** Write whole lines to the host's standard output. */
export const writeOutput = (text: string): void => host.console.log(text.replace(/\n$/, ""));

/** Write a report, without its last newline, to the host's standard error. */
export const writeError = (report: string): void => host.console.error(report);
