import { DeadlockError, LimitError } from "../../base/errors.ts";
import { CheckFailure } from "./check-failure.ts";

/** In what way a run failed. */
export type FailureKind =
  | "error"
  | "unhandled"
  | "invariant"
  | "eventually"
  | "deadlock"
  | "leak"
  | "steps"
  | "outcome"
  | "notLinearizable"
  | "session";

/** What went wrong in a run. */
export interface Breakage {
  readonly kind: FailureKind;
  /**
   * What the program, or the check, threw; for kinds without an error of the program's own, one that says what is
   * wrong.
   */
  readonly error: unknown;
}

/** Two failures that are the same to the shrinker: same kind, same class of error. */
export const failureClass = ({ kind, error }: Breakage): string =>
  `${kind}:${error instanceof Error ? error.name : typeof error}`;

/** A promise about the end of a run was broken. */
export class OutcomeError extends Error {
  override name = "OutcomeError";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a run that ended with `error` broke. */
export function breakageOf(error: unknown): Breakage {
  if (error instanceof CheckFailure) {
    const { cause } = error;
    return { kind: cause instanceof OutcomeError ? cause.kind : error.kind, error: cause };
  }
  if (error instanceof OutcomeError) {
    return { kind: error.kind, error };
  }
  if (error instanceof DeadlockError) {
    return { kind: "deadlock", error };
  }
  return { kind: error instanceof LimitError ? "steps" : "error", error };
}
