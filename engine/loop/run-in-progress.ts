/** Thrown when a simulation reaches the instant at which its world stops. */
export class HorizonReached extends Error {
  override name = "HorizonReached";
}

/** Where a run is to stop, if not at its end. */
export interface Bounds {
  /** At this instant. */
  readonly until?: number;
  /** Before this step. */
  readonly atStep?: number;
  /** After one pass. */
  readonly onePass?: boolean;
}

/** A run in progress: how to report its end, and where it is to stop; `Infinity` for nowhere. */
export interface Run extends Required<Bounds> {
  resolve(): void;
  reject(error: unknown): void;
}

/** A new run, and the promise of its end. */
export function beginRun({
  until = Number.POSITIVE_INFINITY,
  atStep = Number.POSITIVE_INFINITY,
  onePass = false,
}: Bounds): { readonly run: Run; readonly ended: Promise<void> } {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const ended = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { run: { resolve, reject, until, atStep, onePass }, ended };
}
