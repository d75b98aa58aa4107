/** A defect of simloop itself, never of the program that runs on it. */
export class InvariantError extends Error {
  override name = "InvariantError";
}

/**
 * Stop the run when something that must hold does not.
 *
 * @throws InvariantError with `message` if `condition` is false.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new InvariantError(`${message} (a defect in simloop: please report it)`);
  }
}
