/** Which promise of the program was broken. */
export type CheckKind = "invariant" | "eventually";

/** @internal Ends a run in which a check failed; its cause is what the check threw. */
export class CheckFailure extends Error {
  override name = "CheckFailure";
  readonly kind: CheckKind;

  constructor(kind: CheckKind, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.kind = kind;
  }
}

/** @internal Ends a run that the exploration need not see to its end. */
export class RunAbandoned extends Error {
  override name = "RunAbandoned";
}

/** The same schedule led to different runs: the program depends on something outside of its simulation. */
export class ImpureProgramError extends Error {
  override name = "ImpureProgramError";
}
