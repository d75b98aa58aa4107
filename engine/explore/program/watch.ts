import { describeValue } from "../../base/describe.ts";
import { exploringPolicy } from "./annotations.ts";

/**
 * Show the value of `read` in a debugger, under the name `label`. What `shared` wraps is shown without it.
 *
 * Outside of a debugger it does nothing, and `read` is not called. It must not change anything.
 *
 * @throws TypeError if the label is not a string or `read` not a function.
 */
export function watch(label: string, read: () => unknown): void {
  if (typeof label !== "string" || label === "") {
    throw new TypeError(`watch: expected a label, got ${describeValue(label)}`);
  }
  if (typeof read !== "function") {
    throw new TypeError(`watch: expected a function that returns a value, got ${describeValue(read)}`);
  }
  exploringPolicy()?.shown.set(label, read);
}
