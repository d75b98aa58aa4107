import { isInstance, safeGet, thrownText } from "../base/describe.ts";
import { DeadlockError, LimitError } from "../base/errors.ts";
import { requireFields } from "../base/require-argument.ts";
import { isUsersFrame } from "../loop/place.ts";

/** What a failure is, without what differs from seed to seed. */
export interface Signature {
  /** `"deadlock"`, `"limit"` for a run that went past one of its limits, or `"error"`. */
  readonly kind: string;
  /** The class of the error, such as `TypeError`. */
  readonly name: string;
  /** The message of the error, whole. */
  readonly message: string;
  /**
   * The calls in the user's files that the error came from, innermost first, such as `deposit (bank.ts:12:7)`; with
   * exploration, the deviations as well.
   */
  readonly frames: readonly string[];
}

/** How many calls count: those further out are mostly the same. */
const FRAMES = 3;

/** Numbers of every form, and addresses. */
const NUMBER = /0x[\da-f]+|\b[\da-f]{8,}\b|[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;

/** The signature of whatever a run failed with. */
export function signatureOf(error: unknown): Signature {
  const kind = isInstance(error, DeadlockError) ? "deadlock" : isInstance(error, LimitError) ? "limit" : "error";
  return { kind, ...thrownText(error), frames: kind === "error" ? framesOf(error) : [] };
}

/** Failures with the same key are taken for the same. */
export function signatureKey(signature: Signature): string {
  requireFields("signatureKey", "a signature { kind, name, message, frames }", signature, {
    kind: "string",
    name: "string",
    message: "string",
    frames: "array",
  });
  const { kind, name, message, frames } = signature;
  return [kind, name, firstLine(message).replace(NUMBER, "#"), ...frames].join("\n");
}

const firstLine = (text: string): string => text.split("\n", 1)[0]!;

function framesOf(error: unknown): string[] {
  const stack = safeGet(error, "stack");
  if (typeof stack !== "string") {
    return [];
  }
  const frames: string[] = [];
  for (const line of stack.split("\n")) {
    const [, call = "", location = ""] =
      /^\s+at (?:(?:async |new )*(\S+) .*?\()?(?:async )?([^\s()]+:\d+:\d+)\)?$/.exec(line) ?? [];
    if (location !== "" && isUsersFrame(location)) {
      // Without the directory, which differs from machine to machine.
      const place = location.replace(/^.*[\\/]/, "").replace(/\?[^:]*/, "");
      // Without the object, which V8 names in some versions only.
      frames.push(call === "" ? place : `${call.replace(/^.*\./, "")} (${place})`);
    }
    if (frames.length === FRAMES) {
      break;
    }
  }
  return frames;
}
