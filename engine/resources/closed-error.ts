import { SafeError } from "../base/safe-error.ts";
/** A container or a store was closed: it takes nothing more, and what is missing will never come. */
export class ClosedError extends SafeError {
  override name = "ClosedError";
}
