import timersPromises from "node:timers/promises";
import { here } from "../loop/current.ts";
import { real } from "../loop/real.ts";
import { SimulatedImmediate } from "../loop/simulated-immediate.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { SimulatedTimeout } from "../loop/simulated-timeout.ts";

interface Options {
  readonly ref?: boolean;
  readonly signal?: AbortSignal;
}

/** Node's own error for what a signal called off; its class cannot be imported. */
class AbortError extends Error {
  override name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(signal: AbortSignal | undefined) {
    super("The operation was aborted", { cause: signal?.reason });
  }
}

/** Whether Node would refuse `options`; it then says so itself. */
const areRefused = (options: unknown): boolean => {
  const { ref, signal } = (options ?? {}) as { ref?: unknown; signal?: unknown };
  return (
    (options !== undefined && (typeof options !== "object" || options === null)) ||
    (ref !== undefined && typeof ref !== "boolean") ||
    (signal !== undefined && !(signal instanceof AbortSignal))
  );
};

/** A promise that `start` resolves later, unless the signal calls that off. */
function cancellable(
  signal: AbortSignal | undefined,
  start: (resolve: (value: unknown) => void) => () => void,
): Promise<unknown> {
  if (signal?.aborted === true) {
    return Promise.reject(new AbortError(signal));
  }
  let onAbort: (() => void) | undefined;
  const promise = new Promise((resolve, reject) => {
    const cancel = start(resolve);
    if (signal !== undefined) {
      onAbort = () => {
        cancel();
        reject(new AbortError(signal));
      };
      signal.addEventListener("abort", onAbort, { once: true });
    }
  });
  return onAbort === undefined ? promise : promise.finally(() => signal?.removeEventListener("abort", onAbort!));
}

function setTimeout(delay?: number, value?: unknown, options: Options = {}): Promise<unknown> {
  const process = here();
  if (process === null || areRefused(options)) {
    return real.promises.setTimeout(delay, value, options);
  }
  return cancellable(options.signal, (resolve) => {
    const timer = new SimulatedTimeout(process, resolve, delay, [value], false, options.ref ?? true);
    return () => timer.close();
  });
}

function setImmediate(value?: unknown, options: Options = {}): Promise<unknown> {
  const process = here();
  if (process === null || areRefused(options)) {
    return real.promises.setImmediate(value, options);
  }
  return cancellable(options.signal, (resolve) => {
    const immediate = new SimulatedImmediate(process, resolve as (...args: unknown[]) => unknown, [value]);
    if (options.ref === false) {
      immediate.unref();
    }
    return () => immediate._cancel();
  });
}

function setInterval(delay?: number, value?: unknown, options: Options = {}): AsyncIterable<unknown> {
  const process = here();
  if (process === null || areRefused(options)) {
    return real.promises.setInterval(delay, value, options);
  }
  return intervals(process, delay, value, options);
}

/** A call, for the compiler takes what was seen once for settled. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** @see lib/timers/promises.js */
async function* intervals(process: SimulatedProcess, delay: unknown, value: unknown, options: Options) {
  const { signal, ref = true } = options;
  if (signal?.aborted === true) {
    throw new AbortError(signal);
  }
  let missed = 0;
  let wake: ((error?: Promise<never>) => void) | undefined;
  const notify = (error?: Promise<never>): void => {
    const call = wake;
    wake = undefined;
    call?.(error);
  };
  const interval = new SimulatedTimeout(
    process,
    () => {
      missed++;
      notify();
    },
    delay,
    [],
    true,
    ref,
  );
  const onAbort = (): void => {
    interval.close();
    notify(Promise.reject(new AbortError(signal)));
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    while (!isAborted(signal)) {
      if (missed === 0) {
        await new Promise<unknown>((resolve) => {
          wake = resolve;
        });
      }
      for (; missed > 0; missed--) {
        yield value;
      }
    }
    throw new AbortError(signal);
  } finally {
    interval.close();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** What stands for `node:timers/promises`. */
export const simulatedPromises = { setTimeout, setImmediate, setInterval };

/** `node:timers/promises`, `scheduler` included. */
export function patchTimersPromises(): void {
  Object.assign(timersPromises, simulatedPromises);
  const { scheduler } = timersPromises;
  const { wait, yield: giveWay } = scheduler;
  const prototype = Object.getPrototypeOf(scheduler) as object;
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  };
  define("wait", function (this: typeof scheduler, delay: number, options?: Options): Promise<unknown> {
    return here() === null ? wait.call(this, delay, options) : setTimeout(delay, undefined, options);
  });
  define("yield", function (this: typeof scheduler): Promise<unknown> {
    return here() === null ? giveWay.call(this) : setImmediate();
  });
}
