import { type AsyncProgram, type Program, type SimulationResult, simulate } from "../simulation.ts";
import type { TraceMode } from "../trace/record/recorder.ts";
import type { ExploreOptions } from "./options.ts";
import { type Deviation, explain } from "./report/explain.ts";
import { failureLines } from "./report/report.ts";
import type { FailureKind } from "./run/failure.ts";
import { HoldChooser } from "./run/hold-chooser.ts";
import { requireSameSteps } from "./run/purity.ts";
import type { Session } from "./run/session.ts";
import { requireReached } from "./schedule/reached.ts";
import type { Schedule } from "./schedule/schedule.ts";
import { requireProgram, sessionOfToken } from "./session-of.ts";

/** Options of {@link replay}: those of the exploration that made the token. */
export interface ReplayOptions
  extends Omit<
    ExploreOptions,
    | "runs"
    | "time"
    | "strategy"
    | "token"
    | "shard"
    | "mustReach"
    | "onProgress"
    | "firstRun"
    | "shrinkRuns"
    | "stopSignal"
  > {
  /**
   * Ignore what the token names and the program does not come to, and by what version and options it was made; false by
   * default.
   */
  readonly lenient?: boolean;
  /** What is recorded; `"full"` by default. */
  readonly trace?: TraceMode;
  /** Takes what the program prints. */
  readonly output?: (text: string) => void;
}

/** Result of a replay: the simulation and the verdict on it. */
export interface ReplayResult extends SimulationResult<unknown> {
  /** Whether the run failed, as the exploration understands it. */
  readonly verdict: "ok" | "failed";
  /** What broke, if anything did. */
  readonly failure: { readonly kind: FailureKind; readonly error: unknown } | undefined;
  /** The steps in the order in which they ran. */
  readonly order: readonly string[];
  /** In what the schedule differs from the baseline run; empty if the run passes. */
  readonly deviations: readonly Deviation[];
  /** The failure in words, as in the report of an exploration; empty without a failure. */
  readonly explanation: string;
}

/**
 * Run `program` in exactly the order that `token` stands for.
 *
 * @param options - Those of the exploration: the seed, what varies, and what is simulated.
 * @throws TokenError if the token is malformed, was made by another version or with other options, or names steps that
 * the program no longer takes; ImpureProgramError if the program depends on something outside, so that two runs of the
 * token differ.
 */
export async function replay(
  program: Program<unknown> | AsyncProgram<unknown>,
  token: string,
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  requireProgram("replay", program, options);
  const { trace, output, ...rest } = options;
  const { session, schedule, baseline } = await sessionOfToken("replay", program, token, rest);
  const { breakage, time, meanings } = await session.followTelling(schedule);
  if (options.lenient !== true) {
    requireReached(schedule, session.record, baseline.order());
  }
  const record = session.record.copy();
  const explanation = breakage === null ? null : await explain(session, { schedule, record }, baseline, meanings);
  const result = await simulateInOrder(session, schedule, { trace, output });
  // In its record there is also how the program is ended, if it fails.
  requireSameSteps(record, session.record, "replay: the schedule of the token", record.length);
  return {
    ...result,
    ...(breakage === null ? {} : { error: breakage.error }),
    verdict: breakage === null ? "ok" : "failed",
    failure: breakage ?? undefined,
    order: record.order(),
    deviations: explanation?.deviations ?? [],
    explanation:
      breakage === null || explanation === null
        ? ""
        : failureLines({ ...breakage, time, step: record.order().at(-1) ?? "", explanation }).join("\n"),
  };
}

/** The same run through `simulate`, which records it. */
function simulateInOrder(
  { policy, settings }: Session,
  schedule: Schedule,
  { trace, output }: { readonly trace: TraceMode | undefined; readonly output: ReplayOptions["output"] | undefined },
): Promise<SimulationResult<unknown>> {
  policy.begin(new HoldChooser(policy).followSchedule(schedule), settings.fairAfter);
  return simulate(settings.program, {
    ...settings.options,
    ordering: policy,
    ...(trace === undefined ? {} : { trace }),
    ...(output === undefined ? {} : { output }),
  });
}
