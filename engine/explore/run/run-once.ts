import { ForeignCallError } from "../../base/errors.ts";
import type { ExceptionContext } from "../../loop/exceptions.ts";
import type { Callback } from "../../loop/handle.ts";
import { HorizonReached } from "../../loop/run-in-progress.ts";
import { EventLoop, type EventLoopOptions } from "../../network/event-loop.ts";
import { cancelAllTasks } from "../../runner.ts";
import type { AsyncProgram, Program, SimulateOptions } from "../../simulation.ts";
import { mainCoroutine, NotAProgramError } from "../../tasks/main-coroutine.ts";
import { Recorder } from "../../trace/record/recorder.ts";
import { digestOf } from "../schedule/digest.ts";
import { scheduleOf } from "../schedule/schedule.ts";
import { CheckFailure, ImpureProgramError, RunAbandoned } from "./check-failure.ts";
import type { Chooser } from "./chooser.ts";
import { type Breakage, breakageOf, OutcomeError } from "./failure.ts";
import { HoldChooser } from "./hold-chooser.ts";
import { isUndecided, type Leftovers, leakOf, leftoversOf, letGoOn } from "./leftovers.ts";
import type { RunPolicy } from "./run-policy.ts";

/** What one run of an exploration came to; its steps are in the policy's record. */
export interface ExploredRun {
  /** What broke; `null` if the run ended well. */
  readonly breakage: Breakage | null;
  /** The chooser gave the run up. */
  readonly isAbandoned: boolean;
  /** What the program left behind; `null` if its world stopped before it ended. */
  readonly left: Leftovers | null;
  /** What the program called its outcome. */
  readonly digests: readonly string[];
  /** The hash of all events; empty unless the settings want it. */
  readonly digest: string;
  readonly time: number;
}

/** What every run of an exploration has in common. */
export interface RunSettings {
  readonly program: Program<unknown> | AsyncProgram<unknown>;
  readonly options: SimulateOptions;
  /** What the baseline run left behind, and its outcomes: the measure for the others. */
  readonly baseline: { readonly left: Leftovers | null; readonly digests: readonly string[] } | null;
  /** The step from which on the default schedule takes over. */
  readonly fairAfter: number;
  /** Record where tasks are created, which costs as much as many steps. */
  readonly wantsPlaces: boolean;
}

/** What one run is made for. */
export interface RunPurpose {
  /** Take the hash of all events, to compare it with that of another run. */
  readonly wantsDigest?: boolean;
  /**
   * Instead of cancelling what the program leaves, as its world does, let it go on, to see what of it stays for ever.
   */
  readonly looksForLeaks?: boolean;
}

/** A loop that keeps unhandled errors, and prints nothing. */
class ExploringLoop extends EventLoop {
  readonly unhandled: unknown[] = [];
  private readonly _wantsPlaces: boolean;

  constructor(options: EventLoopOptions, wantsPlaces: boolean) {
    super(options, true);
    this._wantsPlaces = wantsPlaces;
  }

  override defaultExceptionHandler(context: ExceptionContext): void {
    if ("exception" in context) {
      this.unhandled.push(context.exception);
    }
  }

  override _recordPlace(): object | null {
    return this._wantsPlaces ? super._recordPlace() : null;
  }
}

const ignore: Callback = () => {};

/** Run `settings.program` once, as `simulate` does, in the order that `chooser` picks. */
export async function runOnce(
  policy: RunPolicy,
  chooser: Chooser,
  settings: RunSettings,
  { wantsDigest = false, looksForLeaks = false }: RunPurpose = {},
): Promise<ExploredRun> {
  policy.begin(chooser, settings.fairAfter);
  const recorder = wantsDigest ? new Recorder({ mode: "digest" }) : null;
  const run = new OneRun(policy, settings, recorder);
  await run.main();
  if (run.isUndecided && !looksForLeaks && !policy.checks.isEmpty) {
    await run.endWorld();
    if (run.breakage !== null) {
      return run.result();
    }
    // Its checks had to see how what is left is cancelled. Whether that would have ended by itself takes another run of
    // the same order.
    const { holds, choices } = scheduleOf(policy.record);
    const follower = new HoldChooser(policy).followSchedule({ holds, choices });
    return await runOnce(policy, follower, settings, { wantsDigest, looksForLeaks: true });
  }
  if (run.isUndecided) {
    await run.lookForLeaks();
  }
  await run.endWorld();
  return run.result();
}

/** One run, phase by phase. */
class OneRun {
  breakage: Breakage | null = null;
  private readonly _policy: RunPolicy;
  private readonly _settings: RunSettings;
  private readonly _recorder: Recorder | null;
  private readonly _loop: ExploringLoop;
  private readonly _digests: string[] = [];
  private _isAbandoned = false;
  private _left: Leftovers | null = null;
  private _digest = "";

  constructor(policy: RunPolicy, settings: RunSettings, recorder: Recorder | null) {
    this._policy = policy;
    this._settings = settings;
    this._recorder = recorder;
    const { options, wantsPlaces } = settings;
    this._loop = new ExploringLoop(
      {
        ...options,
        ordering: policy,
        output: ignore,
        errorOutput: ignore,
        ...(recorder === null ? {} : { instrument: recorder }),
      },
      wantsPlaces,
    );
    this._loop._useDriver();
    policy.attach(this._loop);
    if (options.until !== undefined) {
      this._loop._stopWorldAt(options.until);
    }
  }

  /** Whether the program ended well, and it takes more to say whether it leaves too much. */
  get isUndecided(): boolean {
    return this.breakage === null && this._left !== null && isUndecided(this._left, this._baselineLeft);
  }

  /** The program, up to the end of its main task. */
  async main(): Promise<void> {
    const { _policy: policy, _loop: loop } = this;
    try {
      await loop.runUntilComplete(mainCoroutine(loop, this._settings.program));
      policy.settle();
      // Another simulation may be at work meanwhile: what is looked at here must not count as touched by it.
      loop._within(() => policy.stepEnded());
    } catch (error) {
      policy.settle();
      await this._requireGoingOn(error);
      this._isAbandoned = error instanceof RunAbandoned;
      this.breakage = error instanceof HorizonReached || this._isAbandoned ? null : breakageOf(error);
    }
    if (!this._isAbandoned) {
      this._takeOutcomes();
      this.breakage ??= unhandledOf(loop);
    }
    // What happens from here on is not what the program does, but how it is ended.
    this._digest = this._recorder?.digest() ?? "";
    if (this.breakage === null && !this._isAbandoned && !loop._wasCutOff) {
      this._look();
    }
  }

  /** See what becomes of what is left, without the end that the world would put to it. */
  async lookForLeaks(): Promise<void> {
    this._policy.checks.clear();
    await letGoOn(this._loop);
    const timers = this._left?.timers ?? [];
    this._look();
    this._left = { ...this._left!, timers };
  }

  /**
   * Cancel what is left and close the loop; the checks see that, too. What else goes wrong here has no part in the
   * verdict.
   */
  async endWorld(): Promise<void> {
    const { _policy: policy, _loop: loop } = this;
    if (this.breakage !== null || this._isAbandoned) {
      policy.checks.clear();
    }
    if (!loop._wasCutOff && loop.allTasks().length > 0) {
      try {
        await cancelAllTasks(loop);
      } catch (error) {
        await this._requireGoingOn(error);
        // A check that failed, or a task that refuses to end.
        this.breakage ??= error instanceof CheckFailure ? breakageOf(error) : null;
      }
    }
    if (this.breakage === null) {
      try {
        loop._within(() => policy.finish());
      } catch (error) {
        this.breakage = breakageOf(error);
      }
    }
    policy.checks.clear();
    loop.close();
    await loop._driver?.release(loop);
  }

  result(): ExploredRun {
    const { _left: left, _digests: digests } = this;
    const { baseline } = this._settings;
    if (this.breakage === null && !this._isAbandoned && baseline !== null) {
      this.breakage = differenceOf(left, digests, baseline);
    }
    return {
      breakage: this.breakage,
      isAbandoned: this._isAbandoned,
      left,
      digests,
      digest: this._digest,
      time: this._loop.time(),
    };
  }

  private get _baselineLeft(): Leftovers | null {
    return this._settings.baseline?.left ?? null;
  }

  private _look(): void {
    const { _policy: policy, _loop: loop } = this;
    this._left = leftoversOf(loop, policy.touchedObjects(), policy.pendingTimers(loop.allTasks()));
  }

  private _takeOutcomes(): void {
    try {
      this._loop._within(() => this._digests.push(...this._policy.outcomes.map((outcome) => digestOf(outcome()))));
    } catch (error) {
      this.breakage ??= { kind: "error", error };
    }
  }

  /**
   * @throws what is not a failure of the program: that the exploration is to stop, that it is not a program, or that it
   * depends on the real world.
   */
  private async _requireGoingOn(error: unknown): Promise<void> {
    const { signal } = this._settings.options;
    const isForeign = error instanceof ForeignCallError;
    if (isForeign || error instanceof NotAProgramError || (signal?.aborted === true && error === signal.reason)) {
      this._loop.close();
      await this._loop._driver?.release(this._loop);
      throw isForeign ? new ImpureProgramError(`explore: ${error.message}`, { cause: error }) : error;
    }
  }
}

/** An unhandled error, in a run whose main task ended well. */
function unhandledOf(loop: ExploringLoop): Breakage | null {
  const failed = loop._failures.find((future) => future._report() !== null) as { _value?: unknown } | undefined;
  return loop.unhandled.length === 0 && failed === undefined
    ? null
    : { kind: "unhandled", error: failed === undefined ? loop.unhandled[0] : failed._value };
}

/** In what a run that ended well is worse than the baseline run. */
function differenceOf(
  left: Leftovers | null,
  digests: readonly string[],
  baseline: NonNullable<RunSettings["baseline"]>,
): Breakage | null {
  const leak = left === null || baseline.left === null ? null : leakOf(left, baseline.left);
  if (leak !== null) {
    return { kind: "leak", error: new OutcomeError("leak", leak) };
  }
  for (let i = 0; i < Math.max(digests.length, baseline.digests.length); i++) {
    if (digests[i] !== baseline.digests[i]) {
      const text = `sameOutcome: this order ends with ${digests[i] ?? "no outcome"}, the baseline run with ${baseline.digests[i] ?? "no outcome"}`;
      return { kind: "outcome", error: new OutcomeError("outcome", text) };
    }
  }
  return null;
}
