import { describeValue } from "../../base/describe.ts";
import type { AsyncProgram, Program } from "../../simulation.ts";
import type { ReplayOptions } from "../replay.ts";
import { FIFO } from "../run/chooser.ts";
import type { Breakage } from "../run/failure.ts";
import { HoldChooser } from "../run/hold-chooser.ts";
import { requireSameSteps } from "../run/purity.ts";
import type { Session } from "../run/session.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { requireReached } from "../schedule/reached.ts";
import { type Schedule, scheduleOf } from "../schedule/schedule.ts";
import { formatToken } from "../schedule/token.ts";
import { requireProgram, sessionOfToken } from "../session-of.ts";
import { BranchingChooser } from "./branching-chooser.ts";
import type { DebugStep, Moment } from "./moment.ts";
import { runTo, stepOf } from "./run-to.ts";

/** Options of {@link debug}: those of the exploration that made the token. */
export type DebugOptions = Omit<ReplayOptions, "trace" | "output">;

/**
 * Look at a run of `program` step by step, forwards and backwards, and let it go on otherwise.
 *
 * The run is a function of the program, the seed and the token, so each look at it is a run from the beginning up to
 * there: going back costs as much as going forward.
 *
 * @param token - A token of `explore`, or `null` for the default schedule.
 * @throws TypeError if `program` is not a function; TokenError as `replay`.
 */
export async function debug(
  program: Program<unknown> | AsyncProgram<unknown>,
  token: string | null = null,
  options: DebugOptions = {},
): Promise<Debugger> {
  requireProgram("debug", program, options);
  const { session, fingerprint, schedule, baseline } = await sessionOfToken("debug", program, token, options);
  const { breakage } = await session.follow(schedule);
  if (options.lenient !== true) {
    requireReached(schedule, session.record, baseline.order());
  }
  return new Debugger({ session, fingerprint, schedule, record: session.record.copy(), breakage });
}

/** A run, and how to repeat it. */
interface Branch {
  readonly session: Session;
  readonly fingerprint: string;
  readonly schedule: Schedule;
  readonly record: ExecutionRecord;
  readonly breakage: Breakage | null;
}

/** One run of a program, open at any of its steps; {@link fork} makes another. */
export class Debugger {
  private readonly _branch: Branch;

  /** @internal */
  constructor(branch: Branch) {
    this._branch = branch;
  }

  /** Replays this run: for `replay`, `simloop replay` and `debug`. */
  get token(): string {
    return formatToken(this._branch.schedule, this._branch.fingerprint);
  }

  /** How many steps the run has. */
  get length(): number {
    return this._branch.record.length;
  }

  /** What the run fails with, as an exploration understands it; `null` if it passes. */
  get failure(): Breakage | null {
    return this._branch.breakage;
  }

  /** The steps of the run, in order. */
  *steps(): Generator<DebugStep, void, undefined> {
    for (let i = 0; i < this.length; i++) {
      yield stepOf(this._branch.record, i);
    }
  }

  /**
   * The run after its first `steps` steps.
   *
   * @throws RangeError if the run has not so many; ImpureProgramError if the program takes other steps than before.
   */
  async at(steps: number): Promise<Moment> {
    if (!(Number.isSafeInteger(steps) && steps >= 0 && steps <= this.length)) {
      throw new RangeError(`at: expected a number of steps from 0 to ${this.length}, got ${describeValue(steps)}`);
    }
    const { session, record, breakage } = this._branch;
    const moment = await runTo(session.policy, session.settings, this._follower(), steps);
    requireSameSteps(record, session.record, "debug: the run", steps);
    return steps === this.length && breakage !== null ? { ...moment, failure: breakage } : moment;
  }

  /** The first moment after `steps` in which another step of the task `path` has run; `null` if there is none. */
  nextOf(path: string, steps: number): number | null {
    return this._find(steps, ({ name }) => name === path || /^(.*)#\d+$/.exec(name)?.[1] === path);
  }

  /** The first moment after `steps` in which a step has touched `object`, or a part of it; `null` if there is none. */
  nextTouch(object: string, steps: number): number | null {
    return this._find(steps, ({ touches }) =>
      touches.some((touch) => touch.object === object || touch.object.startsWith(`${object}.`)),
    );
  }

  /**
   * Another run: like this one for `steps` steps, then the ready step `name`, and after it the default schedule.
   *
   * @throws RangeError for an unknown step, and for one that may not run next.
   */
  async fork(steps: number, name: string): Promise<Debugger> {
    const { ready } = await this.at(steps);
    const wanted = ready.find((one) => one.name === name);
    if (wanted === undefined || !wanted.isFree) {
      const free = ready.filter(({ isFree }) => isFree).map((one) => one.name);
      throw new RangeError(
        `fork: expected a step that may run after ${steps} steps (${free.join(", ") || "none"}), got ${describeValue(name)}` +
          (wanted === undefined ? "" : "; what one step scheduled keeps its order"),
      );
    }
    const { session } = this._branch;
    const { policy, settings } = session;
    const pick = new BranchingChooser(
      policy,
      { ...FIFO, wantsAll: true, pick: (pool) => pool.findIndex((entry) => entry.name.text === name) },
      steps + 1,
      FIFO,
      Number.POSITIVE_INFINITY,
    );
    const chooser = new BranchingChooser(policy, this._follower(), steps, pick, settings.fairAfter);
    session.settings = { ...settings, fairAfter: Number.POSITIVE_INFINITY };
    try {
      const { breakage } = await session.run(chooser);
      const record = session.record.copy();
      return new Debugger({ ...this._branch, schedule: scheduleOf(record), record, breakage });
    } finally {
      session.settings = settings;
    }
  }

  private _find(steps: number, isWanted: (step: DebugStep) => boolean): number | null {
    for (let i = Math.max(0, steps); i < this.length; i++) {
      if (isWanted(stepOf(this._branch.record, i))) {
        return i + 1;
      }
    }
    return null;
  }

  private _follower(): HoldChooser {
    return new HoldChooser(this._branch.session.policy).followSchedule(this._branch.schedule);
  }
}
