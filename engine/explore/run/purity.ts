import { errorText } from "../../trace/record/error-text.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { ImpureProgramError } from "./check-failure.ts";
import { type Breakage, failureClass } from "./failure.ts";

/** What two runs of one schedule must have in common. */
export interface Witness {
  readonly record: ExecutionRecord;
  /** The hash of all events of the run; empty if it was not taken. */
  readonly digest: string;
  readonly breakage: Breakage | null;
}

const CAUSES =
  "so the program depends on something outside of its simulation (state that it keeps between runs, the real clock, Math.random, a UUID)";

/**
 * @throws ImpureProgramError if two runs of one schedule differ: in their steps, their times, their verdict, or
 * anything else that is traced.
 */
export function requireSameRun(a: Witness, b: Witness, what: string): void {
  requireSameSteps(a.record, b.record, what);
  requireSameVerdict(a.breakage, b.breakage, what);
  if (a.digest !== b.digest && a.digest !== "" && b.digest !== "") {
    throw new ImpureProgramError(
      `${what} took the same steps twice, but did something different in them, ${CAUSES}; ` +
        "compare what it prints, sends, chooses and draws in the traces of two runs: simloop check",
    );
  }
}

/** @throws ImpureProgramError unless both runs of one schedule passed, or failed with the same error. */
export function requireSameVerdict(a: Breakage | null, b: Breakage | null, what: string): void {
  if ((a === null) !== (b === null)) {
    throw new ImpureProgramError(
      "explore: the same schedule failed once and passed once; does the program keep state between runs?",
    );
  }
  if (a !== null && b !== null) {
    const [one, two] = [describe(a), describe(b)];
    if (one !== two) {
      throw new ImpureProgramError(`${what} failed in two different ways, ${CAUSES}: ${one} against ${two}`);
    }
  }
}

function describe(breakage: Breakage): string {
  const { message } = errorText(breakage.error);
  return `${failureClass(breakage)} ${JSON.stringify(message)}`;
}

/** @throws ImpureProgramError if two runs of one schedule are not the same, in so many steps. */
export function requireSameSteps(
  a: ExecutionRecord,
  b: ExecutionRecord,
  what: string,
  length: number = Math.max(a.length, b.length),
): void {
  for (let step = 0; step < length; step++) {
    const [one, two] = [a, b].map((record) => (step < record.length ? record.names[step]?.text : "the end"));
    if (one !== two || (step < Math.min(a.length, b.length) && a.times[step] !== b.times[step])) {
      throw new ImpureProgramError(
        `${what} led to two different runs, ${CAUSES}: they part at step ${step + 1}, ${one} at ${a.times[step]} s against ${two} at ${b.times[step]} s`,
      );
    }
  }
}
