import { thrownText } from "../../base/describe.ts";
import { SafeError } from "../../base/safe-error.ts";
/** Which promise of the program was broken. */
export type CheckKind = "invariant" | "eventually";

/** @internal Ends a run in which a check failed; its cause is what the check threw. */
export class CheckFailure extends SafeError {
  override name = "CheckFailure";
  readonly kind: CheckKind;

  constructor(kind: CheckKind, cause: unknown) {
    super(thrownText(cause).message, { cause });
    this.kind = kind;
  }
}

/** @internal Ends a run that the exploration need not see to its end. */
export class RunAbandoned extends SafeError {
  override name = "RunAbandoned";
}

/** The same schedule led to different runs: the program depends on something outside of its simulation. */
export class ImpureProgramError extends SafeError {
  override name = "ImpureProgramError";
}
