import { PlacedError } from "../../base/errors.ts";
import type { TraceError } from "../record.ts";

const isText = (value: unknown): value is string => typeof value === "string";

/** The name and the message of an error, whatever was thrown, without places in source files where simloop put them there. Never throws. */
export function errorText(error: unknown): TraceError {
  try {
    if (typeof error === "object" && error !== null) {
      const { name, message: told } = error as { name?: unknown; message?: unknown };
      const message = error instanceof PlacedError ? error._placeless : told;
      return { name: isText(name) ? name : "Object", message: isText(message) ? message : String(error) };
    }
    return { name: typeof error, message: typeof error === "function" ? error.name : String(error) };
  } catch {
    return { name: "unknown", message: "an error that has no text" };
  }
}
