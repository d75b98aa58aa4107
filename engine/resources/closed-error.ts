/** A container or a store was closed: it takes nothing more, and what is missing will never come. */
export class ClosedError extends Error {
  override name = "ClosedError";
}
