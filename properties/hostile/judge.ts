import { CancelledError, TimeoutError } from "../../engine/index.ts";
import { HostileError } from "./values.ts";

/** How JavaScript's engine complains of a value that nothing checked. */
const RAW = new RegExp(
  [
    "Cannot (read|set|convert|destructure|access|mix|delete|assign|define|add|create|use)\\b",
    "is not (a function|iterable|a constructor|an object|extensible|defined|async iterable)",
    "Invalid (array length|time value|string length|typed array|count value)",
    "Maximum call stack|Converting circular|non-object|null or undefined|called on|incompatible receiver",
    "private member|Spread syntax|Reduce of empty|must be an instance of|invariant",
  ].join("|"),
);

const nameAndMessage = (error: Error): string => `${error.name}: ${error.message}`;

/**
 * What is wrong with `error`, which a call with hostile arguments threw; `undefined` if nothing is.
 *
 * Right are: an error that the argument itself threw, and an error of simloop's own that begins with one of `names`.
 */
export function complaintAbout(error: unknown, names: readonly string[]): string | undefined {
  if (error instanceof HostileError || error instanceof TimeoutError || error instanceof CancelledError) {
    return undefined;
  }
  if (!(error instanceof Error) || typeof error.message !== "string") {
    return "threw a value that is not an error";
  }
  if (/a proxy that has been revoked|^Class constructor \S+ cannot be invoked/.test(error.message)) {
    return undefined;
  }
  const words = error.message.replace(/ got .*$/s, "");
  if (RAW.test(words)) {
    return `raw: ${nameAndMessage(error)}`;
  }
  // Other classes stand for the state of the program, such as a loop that runs already.
  const isAboutArguments = ["TypeError", "RangeError", "SyntaxError", "Error"].includes(error.name);
  if (isAboutArguments && !names.some((name) => error.message.startsWith(name))) {
    return `does not name the function: ${nameAndMessage(error)}`;
  }
  return undefined;
}
