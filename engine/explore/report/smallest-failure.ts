import { requireSameRun, requireSameVerdict, type Witness } from "../run/purity.ts";
import type { RunBudget } from "../run/run-budget.ts";
import type { FailedRun, Session } from "../run/session.ts";
import { ExplorationStopped, type StopClock } from "../run/stop-clock.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { sizeOf } from "../schedule/schedule.ts";
import { type Certificate, certify } from "./certificate.ts";
import { type Explanation, explain } from "./explain.ts";
import { Shrinker } from "./shrink.ts";

/** A failing run made small: its schedule, what was tried to find a smaller one, and its explanation. */
export interface SmallestFailure {
  readonly failed: FailedRun;
  readonly certificate: Certificate;
  readonly explanation: Explanation;
  /** Runs that shrinking took. */
  readonly replays: number;
}

/** What {@link SmallestFailureSearch} works with. */
export interface FailureTools {
  readonly session: Session;
  readonly baseline: ExecutionRecord;
  readonly clock: StopClock;
  /** Runs that it may take. */
  readonly budget: RunBudget;
  readonly onPhase: (phase: "shrink" | "certify") => void;
  /** Real seconds that the explanation may take when the time is up. */
  readonly grace: number;
}

/**
 * Shrink `found`, look for smaller failures than that, and explain the smallest; as far as the budget and the time go.
 */
export async function smallestFailure(found: FailedRun, tools: FailureTools): Promise<SmallestFailure> {
  const { session, clock, onPhase } = tools;
  const before = session.runs;
  onPhase("shrink");
  await unlessStopped(() => requireReplay(session, found));
  let failed = await shrink(found, tools);
  const replays = session.runs - before;
  onPhase("certify");
  let certificate = await certified(failed, tools);
  while ("record" in certificate) {
    failed = await shrink(certificate, tools);
    certificate = await certified(failed, tools);
  }
  clock.grant(tools.grace);
  const explained = await unlessStopped(() => explainAgain(failed, tools));
  return {
    failed: explained?.failed ?? failed,
    certificate,
    explanation: explained?.explanation ?? (await explain(null, failed, tools.baseline, new Map())),
    replays,
  };
}

async function shrink(failed: FailedRun, { session, budget }: FailureTools): Promise<FailedRun> {
  const shrinker = new Shrinker(session, failed, budget);
  await unlessStopped(() => shrinker.shrink());
  return shrinker.best;
}

async function certified(
  failed: FailedRun,
  { session, baseline, budget }: FailureTools,
): Promise<FailedRun | Certificate> {
  const progress = { tried: 0 };
  const certificate = await unlessStopped(() => certify(session, baseline, failed, budget, progress));
  return certificate ?? { smallerSchedulesTried: progress.tried, noneFailed: true, isComplete: false };
}

/** Run the schedule twice more, to note what its options mean and that the program is pure, and explain it. */
async function explainAgain(
  failed: FailedRun,
  { session, baseline }: FailureTools,
): Promise<{ failed: FailedRun; explanation: Explanation }> {
  session.settings = { ...session.settings, wantsPlaces: true };
  const first = await session.followTelling(failed.schedule, { wantsDigest: true });
  const witness: Witness = { ...first, record: session.record.copy() };
  requireSameVerdict(failed.breakage, first.breakage, WHAT);
  const second = await session.follow(failed.schedule, { wantsDigest: true });
  requireSameRun(witness, { ...second, record: session.record }, WHAT);
  const breakage = first.breakage ?? failed.breakage;
  return {
    failed: { ...failed, breakage },
    explanation: await explain(sizeOf(failed.schedule) === 0 ? null : session, failed, baseline, first.meanings),
  };
}

const WHAT = "explore: the schedule of a failing run";

/** @throws ImpureProgramError unless the schedule of a failed run repeats the failure. */
async function requireReplay(session: Session, found: FailedRun): Promise<void> {
  const { breakage, digest } = await session.follow(found.schedule);
  requireSameRun({ ...found, digest: "" }, { record: session.record, breakage, digest }, WHAT);
}

async function unlessStopped<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExplorationStopped) {
      return null;
    }
    throw error;
  }
}
