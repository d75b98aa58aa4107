import { describeValue } from "../base/describe.ts";
import type { Callback } from "./handle.ts";

/** The kinds of function whose call would only make an object that never runs. */
const COROUTINE_KINDS = new Map<object, string>(
  [async () => {}, function* () {}, async function* () {}].map((example) => [
    Object.getPrototypeOf(example) as object,
    Object.prototype.toString.call(example).slice("[object ".length, -1),
  ]),
);

/** @throws TypeError unless `callback` is a plain function. */
export function requireCallback(method: string, callback: unknown): asserts callback is Callback {
  if (typeof callback !== "function") {
    throw new TypeError(`${method}: expected a function to call, got ${describeValue(callback)}`);
  }
  const prototype = Object.getPrototypeOf(callback) as object;
  const kind = prototype === Function.prototype ? undefined : COROUTINE_KINDS.get(prototype);
  if (kind !== undefined) {
    throw new TypeError(
      `${method}: expected a plain function, got the ${kind} ${callback.name || "(anonymous)"}, which a mere call does not run; use createTask`,
    );
  }
}

/** @throws RangeError if `delay` is NaN or negative infinity, TypeError if it is not a number. */
export const requireDelay = (method: string, delay: number): void => requireTime(method, "delay", delay);

/** @throws RangeError if `when` is NaN or negative infinity, TypeError if it is not a number. */
export const requireInstant = (method: string, when: number): void => requireTime(method, "instant", when);

function requireTime(method: string, what: string, seconds: number): void {
  if (typeof seconds !== "number") {
    throw new TypeError(`${method}: expected a number of seconds as ${what}, got ${describeValue(seconds)}`);
  }
  if (!(seconds > Number.NEGATIVE_INFINITY)) {
    throw new RangeError(
      `${method}: expected a finite or positively infinite ${what} in seconds, got ${describeValue(seconds)}`,
    );
  }
}
