import { safeString } from "../../base/describe.ts";
import { SafeError } from "../../base/safe-error.ts";
import { requireBytes } from "../text.ts";

/** The stream ended before what was asked for was there. @see asyncio.IncompleteReadError */
export class IncompleteReadError extends SafeError {
  override name = "IncompleteReadError";
  /** What had come by then; it is no longer in the stream. */
  readonly partial: Uint8Array;
  /** How many bytes were asked for; `null` when it was a separator. */
  readonly expected: number | null;

  constructor(partial: Uint8Array, expected: number | null) {
    requireBytes("IncompleteReadError", partial);
    super(`${partial.length} bytes read on a total of ${safeString(expected ?? "undefined")} expected bytes`);
    this.partial = partial;
    this.expected = expected;
  }
}

/** A separator was not found within the limit of the stream. @see asyncio.LimitOverrunError */
export class LimitOverrunError extends SafeError {
  override name = "LimitOverrunError";
  /**
   * How many bytes can be taken before the separator, or before where it may yet begin; they are still in the stream.
   */
  readonly consumed: number;

  constructor(message: string, consumed: number) {
    super(message);
    this.consumed = consumed;
  }
}

/**
 * The separators to look for, the shortest first.
 *
 * @throws TypeError for what is not bytes; RangeError for none, or an empty one.
 */
export function checkedSeparators(separator: Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  const separators: readonly unknown[] = Array.isArray(separator) ? separator : [separator];
  for (const each of separators) {
    requireBytes("readuntil: separator", each);
    if (each.length === 0) {
      throw new RangeError("readuntil: separator should be at least one byte long, got an empty one");
    }
  }
  if (separators.length === 0) {
    throw new RangeError("readuntil: separator should contain at least one element, got none");
  }
  return (separators as Uint8Array[]).toSorted((a, b) => a.length - b.length);
}
