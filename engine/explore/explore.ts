import { hostMilliseconds } from "../loop/host.ts";
import { requireSeed } from "../loop/options.ts";
import type { Program } from "../simulation.ts";
import { type RaceCounts, RaceCoverage } from "./causality/race-coverage.ts";
import { traceHash } from "./causality/trace-hash.ts";
import { checkedExploreOptions, type ExploreOptions } from "./options.ts";
import { type Certificate, certify, failureOf } from "./report/certificate.ts";
import { explain } from "./report/explain.ts";
import { ExploreReport, type Failure } from "./report/report.ts";
import { isSimpler, Shrinker } from "./report/shrink.ts";
import { ImpureProgramError } from "./run/check-failure.ts";
import { FIFO } from "./run/chooser.ts";
import { type Breakage, failureClass } from "./run/failure.ts";
import { HostTurns } from "./run/host-turns.ts";
import { Profile } from "./run/profile.ts";
import { seedNumber } from "./run/quick-random.ts";
import type { RunOutcome } from "./run/run-once.ts";
import { RunPolicy } from "./run/run-policy.ts";
import { type FailedRun, Session } from "./run/session.ts";
import { requireReached } from "./schedule/reached.ts";
import type { RunRecord } from "./schedule/run-record.ts";
import { PLAIN, type Schedule, scheduleOf } from "./schedule/schedule.ts";
import { formatToken, parseToken, requireFresh } from "./schedule/token.ts";
import { fingerprintOf, variationOf } from "./schedule/variation.ts";
import { createStrategy } from "./strategies/index.ts";
import type { Strategy } from "./strategies/strategy.ts";

/** Runs that shrinking may take. */
const MOST_SHRINKS = 1000;
/** A run may get this much longer than the plain one before its order becomes plain again. */
const STRETCH = 10;
const LEAST_FAIR = 1000;
/** After so many runs the plain one is made again, and then after four times as many. */
const FIRST_LOOK = 16;

/**
 * Look for an order of events in which `program` fails, and find the smallest.
 *
 * The program is run again and again, each time with other choices where reality could decide otherwise. A failure is an error that leaves the
 * program, an error that nobody handles, a broken `always`, a deadlock, a leak, a run that does not end.
 *
 * @param program - A coroutine function without parameters, as for `simulate`. It must make all its state anew.
 * @throws TypeError, RangeError for malformed options; ImpureProgramError if the program depends on something outside; the signal's reason.
 */
export async function explore(program: Program<unknown>, options: ExploreOptions = {}): Promise<ExploreReport> {
  if (typeof program !== "function") {
    throw new TypeError(`explore: expected a coroutine function (main, not main()), got ${String(program)}`);
  }
  return await new Explorer(program, options).explore();
}

/** The settings that a schedule depends on. */
export function sessionOf(
  program: Program<unknown>,
  options: ExploreOptions,
): { session: Session; fingerprint: string } {
  const variation = variationOf(options.vary, options.hardening);
  const { maxSteps } = checkedExploreOptions(options);
  const simulation: Record<string, unknown> = { ...options, maxSteps };
  for (const key of [
    "runs",
    "time",
    "strategy",
    "token",
    "vary",
    "hardening",
    "shard",
    "sometimes",
    "onProgress",
    "firstRun",
    "stop",
  ]) {
    delete simulation[key];
  }
  const { seed = 0, start = null, timeZone = null, until = null, maxTime = null } = options;
  requireSeed(seed);
  const session = new Session(new RunPolicy(variation), {
    program,
    options: simulation,
    plain: null,
    fairAfter: maxSteps / 2,
    wantsPlaces: true,
  });
  return { session, fingerprint: fingerprintOf(variation, { seed, start, timeZone, until, maxTime, maxSteps }) };
}

/** One exploration. */
class Explorer {
  private readonly _options: ExploreOptions;
  private readonly _limits: ReturnType<typeof checkedExploreOptions>;
  private readonly _session: Session;
  private readonly _fingerprint: string;
  private readonly _traces = new Set<number>();
  private readonly _sightings = new Map<string, number>();
  private readonly _turns: HostTurns;
  private readonly _began = hostMilliseconds();
  private _plain!: RunRecord;
  private _isLabelled = false;
  private _coverage: RaceCoverage | null = null;
  private _schedule: Schedule | null = null;
  private _searched = 0;
  private _phase: "search" | "shrink" | "certify" = "search";

  constructor(program: Program<unknown>, options: ExploreOptions) {
    this._options = options;
    this._limits = checkedExploreOptions(options);
    const { session, fingerprint } = sessionOf(program, options);
    this._session = session;
    this._fingerprint = fingerprint;
    for (const label of options.sometimes ?? []) {
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
    const first = await this._runPlain();
    if (first !== null) {
      return await this._failed(first, "fifo", 1);
    }
    const { forks, choices } = this._plain;
    if (forks === 0 && choices.length === 0) {
      return this._report({ note: "the program never reaches a choice point: there is only one order" });
    }
    this._coverage = new RaceCoverage(this._plain, !this._isLabelled);
    const { strategy: name, runs, shard, firstRun } = this._limits;
    const strategy = createStrategy(name, {
      policy: this._session.policy,
      names: this._session.policy.names,
      profile: new Profile(this._plain),
      plain: this._plain,
      seed: seedNumber(this._options.seed ?? 0),
      schedule: this._schedule,
      isLabelled: this._isLabelled,
    });
    if (strategy.isExhaustive === true) {
      this._session.settings = { ...this._session.settings, fairAfter: Number.POSITIVE_INFINITY };
    }
    let nextLook = FIRST_LOOK;
    for (let run = 1; run < runs && !this._isTimeUp(); run++) {
      const number = (firstRun + run - 1) * shard.of + shard.index;
      const chooser = strategy.next(number);
      if (chooser === null) {
        await this._requirePlain();
        return this._report({ isComplete: strategy.isExhaustive === true });
      }
      const outcome = await this._session.run(chooser);
      this._count(outcome);
      strategy.ran?.(this._session.record, outcome.isAbandoned);
      if (this._schedule !== null) {
        requireReached(this._schedule, this._session.record, this._plain.order());
      }
      if (outcome.breakage !== null) {
        return await this._failed(this._keep(outcome, strategy), strategy.name, number + 1);
      }
      if (run === nextLook) {
        await this._requirePlain();
        nextLook *= 4;
      }
      await this._turns.maybe();
    }
    await this._requirePlain();
    return this._report({});
  }

  /** The plain run must still be what it was: a program that keeps something between runs may change only after many. */
  private async _requirePlain(): Promise<void> {
    const { breakage } = await this._session.run(FIFO);
    requireSame(this._plain, this._session.record, "explore: the plain schedule");
    if (breakage !== null) {
      throw passedAndFailed();
    }
  }

  /** The plain run, twice; what it gives is the measure for all others. @returns The run if it fails. */
  private async _runPlain(): Promise<FailedRun | null> {
    const session = this._session;
    const outcome = await session.run(FIFO);
    this._plain = session.record.copy();
    this._isLabelled = this._plain.isLabelled;
    this._count(outcome);
    const again = await session.run(FIFO);
    requireSame(this._plain, session.record, "explore: the plain schedule");
    const { breakage, time } = outcome;
    if (classOf(breakage) !== classOf(again.breakage)) {
      throw passedAndFailed();
    }
    if (breakage !== null) {
      return { breakage, schedule: PLAIN, record: this._plain, time };
    }
    const fairAfter = Math.max(LEAST_FAIR, STRETCH * this._plain.length);
    session.settings = {
      ...session.settings,
      plain: { left: again.left, digests: again.digests },
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
  private _keep({ breakage, time }: RunOutcome, strategy: Strategy): FailedRun {
    const record = this._session.record.copy();
    const derived = { breakage: breakage as FailedRun["breakage"], schedule: scheduleOf(record), record, time };
    const { tried } = strategy;
    if (tried === undefined || tried === null) {
      return derived;
    }
    const followed = failureOf(this._session, tried, derived.breakage, time);
    return isSimpler(followed, derived) ? followed : derived;
  }

  /** Shrink the failure, look for a smaller one, and tell. */
  private async _failed(found: FailedRun, strategy: string, run: number): Promise<ExploreReport> {
    const session = this._session;
    if (found.schedule !== PLAIN) {
      await this._requirePlain();
    }
    session.runs = 0;
    this._phase = "shrink";
    await this._requireReplay(found);
    let failed = await new Shrinker(session, found, MOST_SHRINKS).shrink();
    const replays = session.runs;
    this._phase = "certify";
    let certificate = await this._certify(failed);
    while (!("noneFailed" in certificate)) {
      failed = await new Shrinker(session, certificate, MOST_SHRINKS).shrink();
      certificate = await this._certify(failed);
    }
    session.settings = { ...session.settings, wantsPlaces: true };
    const { breakage, meanings } = await session.followTelling(failed.schedule);
    if (breakage === null) {
      throw passedAndFailed();
    }
    const token = formatToken(failed.schedule, this._fingerprint);
    const explanation = await explain(session, failed, this._plain, meanings);
    const failure: Failure = {
      kind: breakage.kind,
      error: breakage.error,
      token,
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

  private async _certify(failed: FailedRun): Promise<FailedRun | Certificate> {
    return await certify(this._session, this._plain, failed, async () => {
      await this._turns.maybe();
      return !this._isTimeUp();
    });
  }

  /** A failing run must fail again when its schedule is followed. */
  private async _requireReplay(found: FailedRun): Promise<void> {
    const { breakage } = await this._session.follow(found.schedule);
    requireSame(
      found.record,
      this._session.record,
      `explore: the schedule of a failing run (${failureClass(found.breakage)})`,
    );
    if (breakage === null) {
      throw passedAndFailed();
    }
  }

  private _count(outcome: RunOutcome): void {
    this._searched++;
    if (!outcome.isAbandoned) {
      this._traces.add(traceHash(this._session.record, this._isLabelled));
      this._coverage?.saw(this._session.record);
    }
    for (const [label, isSeen] of this._session.policy.sightings) {
      this._sightings.set(label, (this._sightings.get(label) ?? 0) + Number(isSeen));
    }
  }

  private _isTimeUp(): boolean {
    return this._options.stop?.aborted === true || hostMilliseconds() - this._began >= this._limits.time * 1000;
  }

  private get _races(): RaceCounts {
    return this._coverage?.counts ?? { pairs: 0, reversed: 0 };
  }

  private _tell(): void {
    this._options.signal?.throwIfAborted();
    this._options.onProgress?.({
      runs: this._searched,
      traces: this._traces.size,
      races: this._races,
      seconds: (hostMilliseconds() - this._began) / 1000,
      phase: this._phase,
    });
  }

  private _report(end: { failure?: Failure; isComplete?: boolean; note?: string }): ExploreReport {
    const verdict = end.failure !== undefined ? "failed" : end.isComplete === true ? "verified" : "ok";
    return new ExploreReport({
      verdict,
      runs: this._searched,
      traces: this._traces.size,
      races: this._races,
      traceHashes: this._traces,
      strategy: this._limits.strategy,
      seed: this._options.seed ?? 0,
      failure: end.failure,
      neverSeen: [...this._sightings].filter(([, times]) => times === 0).map(([label]) => label),
      note: end.note,
    });
  }
}

const classOf = (breakage: Breakage | null): string | null => (breakage === null ? null : failureClass(breakage));

const passedAndFailed = (): ImpureProgramError =>
  new ImpureProgramError(
    "explore: the same schedule failed once and passed once; does the program keep state between runs?",
  );

/** @throws ImpureProgramError if two runs of one schedule are not the same, in so many steps. */
export function requireSame(
  a: RunRecord,
  b: RunRecord,
  what: string,
  length: number = Math.max(a.length, b.length),
): void {
  for (let step = 0; step < length; step++) {
    const [one, two] = [a, b].map((record) => (step < record.length ? record.names[step]?.text : "the end"));
    if (one !== two || (step < Math.min(a.length, b.length) && a.times[step] !== b.times[step])) {
      throw new ImpureProgramError(
        `${what} gave two different runs, so the program depends on something outside of its simulation (state that it keeps ` +
          `between runs, the real clock, Math.random): they part at step ${step + 1}, ${one} at ${a.times[step]} s against ${two} at ${b.times[step]} s`,
      );
    }
  }
}
