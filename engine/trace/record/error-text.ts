import { isInstance, thrownText } from "../../base/describe.ts";
import { PlacedError } from "../../base/errors.ts";
import type { TraceError } from "../record.ts";

/**
 * The name and the message of whatever was thrown, as a trace records them. Never throws.
 *
 * Leaves out the places in source files that simloop put into the message: they differ between machines.
 */
export function errorText(error: unknown): TraceError {
  const text = thrownText(error);
  return isInstance(error, PlacedError) ? { ...text, message: error._placeless } : text;
}
