import { describeValue } from "../base/describe.ts";
import type { AsyncProgram, Program } from "../simulation.ts";
import { type RaceCounts, RaceCoverage } from "./causality/race-coverage.ts";
import { traceHash } from "./causality/trace-hash.ts";
import { checkedExploreOptions, type ExploreOptions } from "./options.ts";
import { failureOf } from "./report/certificate.ts";
import { ExploreReport, type Failure } from "./report/report.ts";
import { isSimpler } from "./report/shrink.ts";
import { smallestFailure } from "./report/smallest-failure.ts";
import { FIFO } from "./run/chooser.ts";
import { HostTurns } from "./run/host-turns.ts";
import { Profile } from "./run/profile.ts";
import { requireSameRun, type Witness } from "./run/purity.ts";
import { seedNumber } from "./run/quick-random.ts";
import { RunBudget } from "./run/run-budget.ts";
import type { ExploredRun } from "./run/run-once.ts";
import type { FailedRun, Session } from "./run/session.ts";
import { ExplorationStopped, StopClock } from "./run/stop-clock.ts";
import { requireReached } from "./schedule/reached.ts";
import { DEFAULT_SCHEDULE, type Schedule, scheduleOf } from "./schedule/schedule.ts";
import { formatToken, parseToken, requireFresh } from "./schedule/token.ts";
import { sessionOf } from "./session-of.ts";
import { createStrategy } from "./strategies/index.ts";
import type { Strategy } from "./strategies/strategy.ts";

/** A run may get this much longer than the baseline run before the default schedule takes over. */
const STRETCH = 10;
const LEAST_FAIR = 1000;
/** After so many runs the baseline run is made again, and then after four times as many. */
const FIRST_LOOK = 16;
/**
 * Real milliseconds between the first baseline run and the last, so that a program that reads the clock reads another
 * time.
 */
const CLOCK_STEP = 3;
/** What the last runs of an exploration may take when its time is up: this part of it, and at least so many seconds. */
const GRACE = 0.1;
const LEAST_GRACE = 1;

/**
 * Look for an order of events in which `program` fails, and find the smallest.
 *
 * The program is run again and again, each time with other choices where a real system could decide otherwise. A
 * failure is an error that leaves the program, an unhandled error, a broken `always`, a deadlock, a leak, a run that
 * does not end.
 *
 * @param program - A coroutine function without parameters, as for `simulate`. It must make all its state anew.
 * @throws TypeError, RangeError for malformed options; ImpureProgramError if the program depends on something outside;
 * the signal's reason.
 */
export async function explore(
  program: Program<unknown> | AsyncProgram<unknown>,
  options: ExploreOptions = {},
): Promise<ExploreReport> {
  if (typeof program !== "function") {
    throw new TypeError(`explore: expected a coroutine function (main, not main()), got ${describeValue(program)}`);
  }
  return await new Explorer(program, options).explore();
}

/** One exploration. */
class Explorer {
  private readonly _options: ExploreOptions;
  private readonly _limits: ReturnType<typeof checkedExploreOptions>;
  private readonly _clock: StopClock;
  private readonly _session: Session;
  private readonly _fingerprint: string;
  private readonly _interleavings = new Set<number>();
  private readonly _sightings = new Map<string, number>();
  private readonly _turns: HostTurns;
  private _baseline!: Witness;
  private _knowsTouches = false;
  private _coverage: RaceCoverage | null = null;
  private _schedule: Schedule | null = null;
  private _searched = 0;
  /** Runs made when the baseline run was made last. */
  private _looked = 0;
  private _phase: "search" | "shrink" | "certify" = "search";

  constructor(program: Program<unknown> | AsyncProgram<unknown>, options: ExploreOptions) {
    this._options = options;
    this._limits = checkedExploreOptions(options);
    const { signal, stopSignal } = options;
    this._clock = new StopClock({ signal, stopSignal, time: this._limits.time });
    const { session, fingerprint } = sessionOf(program, options, this._clock, () => this._tell());
    this._session = session;
    this._fingerprint = fingerprint;
    for (const label of options.mustReach ?? []) {
      this._sightings.set(label, 0);
    }
    this._turns = new HostTurns(() => this._tell());
  }

  async explore(): Promise<ExploreReport> {
    if (this._options.token !== undefined) {
      const token = parseToken(this._options.token);
      requireFresh(token, this._fingerprint);
      this._schedule = token.schedule;
    }
    try {
      return await this._search();
    } catch (error) {
      if (!(error instanceof ExplorationStopped)) {
        throw error;
      }
      return this._searched === 0
        ? this._report({ note: "the exploration was stopped before its first run was over" })
        : await this._end({});
    }
  }

  private async _search(): Promise<ExploreReport> {
    const first = await this._runBaseline();
    if (first !== null) {
      return await this._failed(first, "fifo", 1);
    }
    const { record } = this._baseline;
    if (record.forks === 0 && record.choices.length === 0) {
      const isComplete = this._limits.strategy === "exhaustive";
      return await this._end({ isComplete, note: "the program never reaches a choice point: there is only one order" });
    }
    this._coverage = new RaceCoverage(record, !this._knowsTouches);
    const strategy = this._createStrategy();
    if (strategy.isExhaustive === true) {
      this._session.settings = { ...this._session.settings, fairAfter: Number.POSITIVE_INFINITY };
    }
    let nextLook = FIRST_LOOK;
    for (let run = 1; ; run++) {
      // The baseline run has been counted.
      const isRepeat = run === 1 && strategy.repeatsBaseline === true;
      const isSpent = !isRepeat && this._searched >= this._limits.runs;
      if (this._clock.isOver || (isSpent && strategy.isExhaustive !== true)) {
        return await this._end({ isComplete: strategy.isSatisfied === true });
      }
      const number = (this._limits.firstRun + run - 1) * this._limits.shard.of + this._limits.shard.index;
      const chooser = strategy.next(number);
      if (chooser === null || isSpent) {
        return await this._end({
          isComplete: strategy.isSatisfied === true || (chooser === null && strategy.isExhaustive === true),
        });
      }
      const outcome = await this._session.run(chooser);
      if (!isRepeat) {
        this._count(outcome);
      }
      strategy.ran?.(this._session.record, outcome.isAbandoned);
      if (this._schedule !== null) {
        requireReached(this._schedule, this._session.record, record.order());
      }
      if (outcome.breakage !== null) {
        return await this._failed(this._keep(outcome, strategy), strategy.chosenBy ?? strategy.name, number + 1);
      }
      if (run === nextLook) {
        await this._requireBaseline();
        nextLook *= 4;
      }
      await this._turns.maybe();
    }
  }

  private _createStrategy(): Strategy {
    const { policy } = this._session;
    const { record } = this._baseline;
    return createStrategy(this._limits.strategy, {
      policy,
      names: policy.names,
      profile: new Profile(record),
      baseline: record,
      seed: seedNumber(this._options.seed ?? 0),
      schedule: this._schedule,
      isLabelled: record.isLabelled,
      knowsTouches: this._knowsTouches,
    });
  }

  /**
   * The baseline run must still be what it was: a program that keeps something between runs may change only after many.
   */
  private async _requireBaseline(): Promise<void> {
    const again = await this._session.run(FIFO, { wantsDigest: true });
    requireSameRun(this._baseline, { ...again, record: this._session.record }, BASELINE);
    this._looked = this._session.runs;
  }

  /** The baseline run, twice; what it gives is the measure for all others. @returns The run if it fails. */
  private async _runBaseline(): Promise<FailedRun | null> {
    const session = this._session;
    const outcome = await session.run(FIFO, { wantsDigest: true });
    this._baseline = { ...outcome, record: session.record.copy() };
    const { record } = this._baseline;
    this._knowsTouches = record.isLabelled || record.usesPrimitives;
    this._count(outcome);
    await this._requireBaseline();
    const { breakage, time } = outcome;
    if (breakage !== null) {
      return { breakage, schedule: DEFAULT_SCHEDULE, record, time };
    }
    const fairAfter = Math.max(LEAST_FAIR, STRETCH * record.length);
    session.settings = {
      ...session.settings,
      baseline: { left: outcome.left, digests: outcome.digests },
      fairAfter,
      wantsPlaces: false,
      options: {
        ...session.settings.options,
        maxSteps: Math.min(this._limits.maxSteps, Math.max(20_000, 10 * fairAfter)),
      },
    };
    return null;
  }

  /** The failed run of the last execution, with its schedule. */
  private _keep({ breakage, time }: ExploredRun, strategy: Strategy): FailedRun {
    const record = this._session.record.copy();
    const derived = { breakage: breakage!, schedule: scheduleOf(record), record, time };
    const { tried } = strategy;
    if (tried === undefined || tried === null) {
      return derived;
    }
    const followed = failureOf(this._session, tried, derived.breakage, time);
    return isSimpler(followed, derived) ? followed : derived;
  }

  /** Shrink the failure, look for a smaller one, and report it. */
  private async _failed(found: FailedRun, strategy: string, run: number): Promise<ExploreReport> {
    const { _session: session, _clock: clock } = this;
    if (found.schedule !== DEFAULT_SCHEDULE) {
      await this._lookAgain();
    }
    const { failed, certificate, explanation, replays } = await smallestFailure(found, {
      session,
      baseline: this._baseline.record,
      clock,
      budget: new RunBudget(this._limits.shrinkRuns, clock, () => this._turns.maybe()),
      onPhase: (phase) => {
        this._phase = phase;
      },
      grace: this._grace,
    });
    const failure: Failure = {
      kind: failed.breakage.kind,
      error: failed.breakage.error,
      token: formatToken(failed.schedule, this._fingerprint),
      deviations: explanation.deviations,
      certificate,
      time: failed.time,
      step: failed.record.names[failed.record.length - 1]?.text ?? "",
      run,
      strategy,
      replays,
      explanation,
    };
    return this._report({ failure });
  }

  /** The search is over without a failure: make sure that the program has been the same all the time. */
  private async _end(end: { isComplete?: boolean; note?: string }): Promise<ExploreReport> {
    await this._turns.wait(CLOCK_STEP - this._clock.seconds * 1000);
    if (this._session.runs > this._looked || this._searched === 1) {
      await this._lookAgain();
    }
    return this._report(end);
  }

  /** {@link _requireBaseline} within a short time of grace, if there is not more. */
  private async _lookAgain(): Promise<void> {
    this._clock.grant(this._grace);
    try {
      await this._requireBaseline();
    } catch (error) {
      if (!(error instanceof ExplorationStopped)) {
        throw error;
      }
    }
  }

  private get _grace(): number {
    return Math.max(LEAST_GRACE, this._limits.time * GRACE);
  }

  private _count(outcome: ExploredRun): void {
    this._searched++;
    if (!outcome.isAbandoned) {
      this._interleavings.add(traceHash(this._session.record, this._knowsTouches));
      this._coverage?.saw(this._session.record);
    }
    for (const [label, isSeen] of this._session.policy.sightings) {
      this._sightings.set(label, (this._sightings.get(label) ?? 0) + Number(isSeen));
    }
  }

  private get _races(): RaceCounts {
    return this._coverage?.counts ?? { pairs: 0, reversed: 0 };
  }

  private _tell(): void {
    this._options.signal?.throwIfAborted();
    this._options.onProgress?.({
      runs: this._searched,
      interleavings: this._interleavings.size,
      races: this._races,
      seconds: this._clock.seconds,
      steps: this._session.stepsInProgress,
      phase: this._phase,
    });
  }

  private _report(end: { failure?: Failure; isComplete?: boolean; note?: string }): ExploreReport {
    const verdict = end.failure !== undefined ? "failed" : end.isComplete === true ? "verified" : "ok";
    return new ExploreReport({
      verdict,
      runs: this._searched,
      executions: this._session.runs,
      interleavings: this._interleavings.size,
      races: this._races,
      interleavingHashes: this._interleavings,
      strategy: this._limits.strategy,
      seed: this._options.seed ?? 0,
      failure: end.failure,
      reached: [...this._sightings].filter(([, times]) => times > 0).map(([label]) => label),
      unreached: [...this._sightings].filter(([, times]) => times === 0).map(([label]) => label),
      note: end.note,
    });
  }
}

const BASELINE = "explore: the default schedule";
