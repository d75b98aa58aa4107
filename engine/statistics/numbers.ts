import { describeValue } from "../base/describe.ts";

/** @throws TypeError unless `value` is a number, RangeError if it is NaN or infinite. */
export function requireFinite(method: string, what: string, value: unknown): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(`${method}: expected a number as ${what}, got ${describeValue(value)}`);
  }
  if (!Number.isFinite(value)) {
    throw new RangeError(`${method}: expected a finite ${what}, got ${describeValue(value)}`);
  }
}

/** @throws TypeError or RangeError unless `value` is an integer from `min` to `max`. */
export function requireInteger(method: string, what: string, value: unknown, min: number, max: number): void {
  requireFinite(method, what, value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(
      `${method}: expected an integer from ${min} to ${max} as ${what}, got ${describeValue(value)}`,
    );
  }
}

/** @throws TypeError or RangeError unless `value` is above 0 and below 1. */
export function requireOpenShare(method: string, what: string, value: unknown): asserts value is number {
  requireFinite(method, what, value);
  if (!(value > 0 && value < 1)) {
    throw new RangeError(
      `${method}: expected a ${what} above 0 and below 1, such as 0.95, got ${describeValue(value)}`,
    );
  }
}
