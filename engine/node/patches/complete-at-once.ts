import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
/** The functions of a module, by name. */
export type Functions = Record<string, AnyFunction | undefined>;

/** Result of work that was done at once. */
export type Outcome = { readonly error: unknown } | { readonly result: unknown };

/** Do `work` at once. */
export function attempt(work: AnyFunction, receiver: unknown, args: readonly unknown[]): Outcome {
  try {
    return { result: work.apply(receiver, args as unknown[]) };
  } catch (error) {
    return { error };
  }
}

/** Node refuses arguments at the call; what the work itself fails with is a plain error. */
const isRefusal = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError;

/** Put `value` in the place of the function `name`, with the properties of that: those for `promisify`, and others. */
export function replaceFunction(owner: Functions, name: string, value: AnyFunction): void {
  const original = owner[name];
  Object.defineProperty(value, "name", { value: name });
  for (const key of [...Object.getOwnPropertySymbols(original), ...Object.keys(original as object)]) {
    Object.defineProperty(value, key, Object.getOwnPropertyDescriptor(original, key)!);
  }
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}

/** In a simulation, calls of the function `name` with a callback are made by `simulated`. */
export function replaceWithCallback(
  owner: Functions,
  name: string,
  simulated: (process: SimulatedProcess, callback: AnyFunction, args: readonly unknown[], receiver: unknown) => void,
): void {
  const original = owner[name]!;
  replaceFunction(owner, name, function (this: unknown, ...args: unknown[]): unknown {
    const process = here();
    const callback = args.at(-1);
    return process === null || typeof callback !== "function"
      ? original.apply(this, args)
      : simulated(process, callback as AnyFunction, args.slice(0, -1), this);
  });
}

/**
 * In a simulation, let the synchronous form of the function `name` do the work at once, and call back before the loop
 * polls next; arguments that Node refuses are refused at the call. Nothing happens if this version of Node lacks one of
 * the two.
 *
 * @param argumentsOf - The arguments of the synchronous form.
 * @param resultsOf - What the callback gets beside the error.
 */
export function completeAtOnce(
  owner: Functions,
  name: string,
  argumentsOf: (args: readonly unknown[]) => readonly unknown[] = (args) => args,
  resultsOf: (result: unknown, args: readonly unknown[]) => readonly unknown[] = (result) =>
    result === undefined ? [] : [result],
): void {
  const synchronous = owner[`${name}Sync`];
  if (owner[name] === undefined || synchronous === undefined) {
    return;
  }
  replaceWithCallback(owner, name, (process, callback, given, receiver) => {
    const args = argumentsOf(given);
    const outcome = attempt(synchronous, receiver, args);
    if ("error" in outcome && isRefusal(outcome.error)) {
      throw outcome.error;
    }
    const results = "error" in outcome ? [outcome.error] : [null, ...resultsOf(outcome.result, args)];
    process.complete(() => callback.apply(undefined, results));
  });
}
