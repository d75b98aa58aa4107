import { RunAbandoned } from "../run/check-failure.ts";
import type { Chooser, Entry } from "../run/chooser.ts";
import type { RunPolicy } from "../run/run-policy.ts";

/** Follows a chooser up to a step, and then another one. */
export class BranchingChooser implements Chooser {
  readonly wantsAll = true;
  private readonly _policy: RunPolicy;
  private readonly _first: Chooser;
  private readonly _at: number;
  private readonly _then: Chooser;
  private readonly _fairAfter: number;

  /**
   * @param at - How many steps the first chooser picks.
   * @param fairAfter - The step from which the first one follows the default schedule, as in an exploration.
   */
  constructor(policy: RunPolicy, first: Chooser, at: number, then: Chooser, fairAfter: number) {
    this._policy = policy;
    this._first = first;
    this._at = at;
    this._then = then;
    this._fairAfter = fairAfter;
  }

  pick(pool: readonly Entry[]): number {
    const { length } = this._policy.record;
    if (length >= this._at) {
      return ask(this._then, pool);
    }
    return length >= this._fairAfter ? 0 : ask(this._first, pool);
  }

  option(name: string, count: number): number {
    // A choice comes up within a step, which is in the record already.
    return (this._policy.record.length <= this._at ? this._first : this._then).option(name, count);
  }
}

const ask = (chooser: Chooser, pool: readonly Entry[]): number =>
  pool.length > 1 || chooser.wantsAll === true ? chooser.pick(pool) : 0;

/** Shows what is ready at the next step, and ends the run there. */
export const stopping = (show: (ready: readonly Entry[]) => void): Chooser => ({
  wantsAll: true,
  pick(pool) {
    show(pool);
    throw new RunAbandoned();
  },
  option: () => 0,
});
