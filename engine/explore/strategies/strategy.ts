import type { Chooser } from "../run/chooser.ts";
import type { Profile } from "../run/profile.ts";
import type { RunPolicy } from "../run/run-policy.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { Names } from "../schedule/names.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** What a strategy may know before its first run. */
export interface StrategyContext {
  readonly policy: RunPolicy;
  readonly names: Names;
  /** Of the baseline run. */
  readonly profile: Profile;
  /** The record of the baseline run. */
  readonly baseline: ExecutionRecord;
  readonly seed: number;
  /** What a token says, for the strategy that follows one. */
  readonly schedule: Schedule | null;
  /** Whether the program labels what its steps touch. */
  readonly isLabelled: boolean;
  /** Whether the touches in the records count as all there are: the program labels them, or its primitives say them. */
  readonly knowsTouches: boolean;
}

/**
 * Decides which schedules are tried. What it does in run number `run` is derived from the seed, the number and the
 * baseline run alone, or from its own runs.
 */
export interface Strategy {
  readonly name: string;
  /** The chooser of run number `run`; `null` when everything that it can think of has been tried. */
  next(run: number): Chooser | null;
  /** The run is over. */
  ran?(record: ExecutionRecord, isAbandoned: boolean): void;
  /**
   * The schedule that the last run followed, where the strategy follows one: holds as pairs of numbers of steps, and
   * options.
   */
  readonly tried?: { readonly holds: readonly number[]; readonly choices: ReadonlyMap<string, number> } | null;
  /** The strategy that chose the last run, where this one consists of several. */
  readonly chosenBy?: string;
  /** Its first run is the baseline run once more. */
  readonly repeatsBaseline?: boolean;
  /** Whether nothing is left untried anywhere once {@link next} returns `null`. */
  readonly isExhaustive?: boolean;
  /** Nothing that is known of is left untried, and what follows only makes sure of that. */
  readonly isSatisfied?: boolean;
}
