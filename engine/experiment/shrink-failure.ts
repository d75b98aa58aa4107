import { requireArgument, requireFields } from "../base/require-argument.ts";
import type { FailedRun, FailureGroup } from "./failure-groups.ts";
import type { ParameterValue, Setting } from "./parameters.ts";
import type { RangeResult } from "./range-result.ts";
import type { RunVariant } from "./run-variant.ts";
import { signatureKey } from "./signature.ts";

/** A failing run with fewer faults and smaller parameters. */
export interface ShrunkFailure extends FailedRun {
  /** The signature of the failure. */
  readonly key: string;
  /** The parameters of the shrunk run. `setting` has the number of those that the failure was found with. */
  readonly values: Setting;
  /** The planned faults that it needs, by their numbers; absent if the program plans none. */
  readonly onlyFaults?: readonly number[];
  /** Runs that shrinking took. */
  readonly runs: number;
}

/** Makes a run of the sweep with other parameters or fewer faults; `null` if it cannot be made. */
export type AttemptRun = (run: FailedRun, variant: RunVariant) => Promise<RangeResult | null>;

/** Options of {@link shrinkFailure}. */
export interface ShrinkOptions {
  /** Runs that it may take. */
  readonly budget: number;
  /** The parameters of each setting, by number. */
  readonly settings: readonly Setting[];
  /** The default values of the parameters. */
  readonly defaults: Setting;
  readonly attempt: AttemptRun;
}

/** So many planned faults are considered. */
const MOST_FAULTS = 1024;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

class Shrinker {
  runs = 0;
  private readonly _group: FailureGroup;
  private readonly _options: ShrinkOptions;
  private readonly _key: string;
  private _best: RunVariant;
  private _run: FailedRun;

  constructor(group: FailureGroup, options: ShrinkOptions) {
    this._group = group;
    this._options = options;
    this._key = signatureKey(group);
    this._run = group.smallest;
    this._best = { values: { ...options.defaults, ...options.settings[group.smallest.setting] } };
  }

  async shrink(): Promise<ShrunkFailure> {
    const first = await this._attempt(this._best);
    if (first !== null) {
      await this._shrinkFaults(first.digest);
      await this._shrinkParameters();
    }
    const { smallest } = this._group;
    const { onlyFaults } = this._best;
    const { defaults, settings } = this._options;
    // Those that the sweep did not set, and that are at their defaults, need not be named.
    const named = Object.entries(this._best.values).filter(
      ([name, value]) => value !== defaults[name] || Object.hasOwn(settings[smallest.setting]!, name),
    );
    const values = Object.fromEntries(named);
    return {
      ...this._run,
      ...{ key: this._key, setting: smallest.setting, seed: smallest.seed, values, runs: this.runs },
      ...(onlyFaults === undefined ? {} : { onlyFaults }),
    };
  }

  /** First none, then as few of the first faults as will do, then these one by one. */
  private async _shrinkFaults(digest: string): Promise<void> {
    const none = await this._tryFaults([]);
    if (none !== null) {
      if (none.digest === digest) {
        // There are none that could be left out.
        this._best = { values: this._best.values };
      }
      return;
    }
    let enough = 1;
    while ((await this._tryFaults(upTo(enough))) === null) {
      enough *= 2;
      if (enough > MOST_FAULTS || this._isOver) {
        return;
      }
    }
    const least = await this._least(Math.floor(enough / 2) + 1, enough, (count) => this._tryFaults(upTo(count)));
    for (let number = least - 1; number >= 1; number--) {
      await this._tryFaults(this._best.onlyFaults!.filter((one) => one !== number));
    }
  }

  /** One parameter after another, until none gets smaller. */
  private async _shrinkParameters(): Promise<void> {
    const { defaults } = this._options;
    for (let before: RunVariant | undefined; before !== this._best && !this._isOver; ) {
      before = this._best;
      for (const name of Object.keys(defaults)) {
        await this._shrinkParameter(name, defaults[name]!);
      }
    }
  }

  private async _shrinkParameter(name: string, standard: ParameterValue): Promise<void> {
    const value = this._best.values[name]!;
    if (value === standard && typeof value !== "number") {
      return;
    }
    if (value !== standard && (await this._tryValue(name, standard))) {
      return;
    }
    if (typeof value !== "number" || typeof standard !== "number" || !Number.isSafeInteger(value)) {
      return;
    }
    // The least value between the default, or 1, and the present one.
    const floor = value > standard && Number.isSafeInteger(standard) ? standard + 1 : 1;
    if (value > floor) {
      await this._least(floor, value, (number) => this._tryValue(name, number));
    }
  }

  /** By bisection, the least number from `low` with which `attempt` fails as before; `high` is known to. */
  private async _least(low: number, high: number, attempt: (number: number) => Promise<unknown>): Promise<number> {
    let [from, to] = [low, high];
    while (from < to && !this._isOver) {
      const middle = Math.floor((from + to) / 2);
      if (await attempt(middle)) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return to;
  }

  private get _isOver(): boolean {
    return this.runs >= this._options.budget;
  }

  private _tryFaults(onlyFaults: readonly number[]): Promise<RangeResult | null> {
    return this._attempt({ ...this._best, onlyFaults });
  }

  private _tryValue(name: string, value: ParameterValue): Promise<RangeResult | null> {
    return this._attempt({ ...this._best, values: { ...this._best.values, [name]: value } });
  }

  /**
   * The result of a run that fails as before, which becomes the best; `null` if it does not, or there is no budget
   * left.
   */
  private async _attempt(variant: RunVariant): Promise<RangeResult | null> {
    if (this._isOver) {
      return null;
    }
    this.runs++;
    const result = await this._options.attempt(this._group.smallest, variant);
    const failure = result?.failures[0];
    if (result === null || failure === undefined || signatureKey(failure) !== this._key) {
      return null;
    }
    this._best = variant;
    this._run = failure.first;
    return result;
  }
}

/**
 * Look for a smaller run that fails as the smallest of `group` does: with fewer planned faults, and with parameters at
 * their defaults or smaller.
 *
 * It depends on the program alone, not on the time that runs take.
 */
export const shrinkFailure = (group: FailureGroup, options: ShrinkOptions): Promise<ShrunkFailure> =>
  new Shrinker(group, options).shrink();

/** So many groups of failures are shrunk: the first ones. */
const MOST_GROUPS = 20;

/** Shrink one failure of each group, but for those that are known. @param keep - Called with each that is new. */
export async function shrinkFailures(
  groups: readonly FailureGroup[],
  known: readonly ShrunkFailure[],
  options: ShrinkOptions,
  keep: (shrunk: ShrunkFailure) => Promise<void>,
): Promise<readonly ShrunkFailure[]> {
  requireArgument("shrinkFailures", "an array of groups of failures", Array.isArray(groups), groups);
  requireArgument("shrinkFailures", "an array of shrunk failures", Array.isArray(known), known);
  requireFields("shrinkFailures", "an object with options", options, { budget: "number" });
  requireArgument("shrinkFailures", "a function that keeps results", typeof keep === "function", keep);
  const shrunk: ShrunkFailure[] = [];
  for (const group of options.budget === 0 ? [] : groups.slice(0, MOST_GROUPS)) {
    const found = known.find((one) => isOf(group, one));
    const one = found ?? (await shrinkFailure(group, options));
    if (found === undefined) {
      await keep(one);
    }
    shrunk.push(one);
  }
  return shrunk;
}

/** Whether `shrunk` came from the smallest run of `group`. */
export const isOf = (group: FailureGroup, shrunk: ShrunkFailure): boolean =>
  shrunk.key === signatureKey(group) &&
  shrunk.setting === group.smallest.setting &&
  shrunk.seed === group.smallest.seed;
