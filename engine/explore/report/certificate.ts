import type { Breakage } from "../run/failure.ts";
import type { RunBudget } from "../run/run-budget.ts";
import type { FailedRun, Session } from "../run/session.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { type Schedule, sizeOf } from "../schedule/schedule.ts";
import { ConflictReversal } from "../strategies/reversal.ts";

/** What was tried to find a smaller counterexample than the one reported. */
export interface Certificate {
  /** Schedules with fewer deviations that were run. */
  readonly smallerSchedulesTried: number;
  /** None of them failed. */
  readonly noneFailed: boolean;
  /** They were all there are: every set of fewer reversals and other options. */
  readonly isComplete: boolean;
}

/** Runs that may be spent on each half of a certificate. */
const MOST_RUNS = 4000;

/**
 * Run the schedules with fewer deviations than `failed`, those that reverse conflicts first, until one fails or none is
 * left.
 *
 * @param progress - Keeps the number of schedules that passed, also if the exploration is stopped in the middle.
 * @returns The smaller failure that it found, or else the certificate.
 */
export async function certify(
  session: Session,
  baseline: ExecutionRecord,
  failed: FailedRun,
  budget: RunBudget,
  progress: { tried: number },
): Promise<FailedRun | Certificate> {
  const largest = sizeOf(failed.schedule) - 1;
  // The baseline run has been seen to pass.
  const tried = new Set(largest < 0 ? [] : [""]);
  progress.tried = tried.size;
  let isComplete = true;
  for (const everything of largest > 0 ? [false, true] : []) {
    const reversals = new ConflictReversal(
      { policy: session.policy, baseline },
      { everything, deepest: largest, largest },
    );
    for (let run = 1; ; run++) {
      if (run > MOST_RUNS || !(await budget.take())) {
        isComplete = false;
        break;
      }
      const chooser = reversals.next();
      if (chooser === null) {
        isComplete &&= !(everything && reversals.isCut);
        break;
      }
      const { breakage, time } = await session.run(chooser);
      if (breakage !== null) {
        return failureOf(session, reversals.tried, breakage, time);
      }
      reversals.ran(session.record);
      tried.add(reversals.key);
      progress.tried = tried.size;
    }
  }
  return { smallerSchedulesTried: tried.size, noneFailed: true, isComplete };
}

/** The failed run that followed `tried`. */
export function failureOf(
  session: Session,
  tried: ConflictReversal["tried"],
  breakage: Breakage,
  time: number,
): FailedRun {
  return { breakage, schedule: scheduleOfIds(session, tried), record: session.record.copy(), time };
}

/** A schedule in numbers, in words. */
export function scheduleOfIds({ policy }: Session, { holds, choices }: ConflictReversal["tried"]): Schedule {
  const named = new Map<string, { step: string; until: string }>();
  for (let i = 0; i < holds.length; i += 2) {
    const hold = { step: policy.names.textOf(holds[i]!), until: policy.names.textOf(holds[i + 1]!) };
    named.set(`${hold.step}>${hold.until}`, hold);
  }
  return { holds: [...named.values()], choices: [...choices].map(([name, option]) => ({ name, option })) };
}
