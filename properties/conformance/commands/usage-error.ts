/** A mistake on the command line or in a file it names; the message is the one line to print. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
