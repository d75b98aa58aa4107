import { safeGet, safeString } from "./describe.ts";

/** An `Error` whose construction never fails: its message may be a value that has no string. */
export class SafeError extends Error {
  constructor(message?: string, options?: ErrorOptions) {
    const text = message === undefined ? undefined : safeString(message);
    const cause = safeGet(options, "cause");
    super(text, cause === undefined ? undefined : { cause });
  }
}
