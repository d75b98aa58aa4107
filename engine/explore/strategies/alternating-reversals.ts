import type { Chooser } from "../run/chooser.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { ConflictReversal } from "./reversal.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/**
 * Conflict reversal where it is not certain that all conflicts are known: reversals of those that are, in turn with
 * some that take every pair of steps for a race.
 *
 * When either has nothing left, the other goes on alone.
 */
export class AlternatingReversals implements Strategy {
  readonly name = "reversal";
  private readonly _conflicts: ConflictReversal;
  private readonly _pairs: ConflictReversal;
  private readonly _everyPair: number;
  private _turns = 0;
  private _last: ConflictReversal;

  /** @param everyPair - One in so many turns is that of the pairs. */
  constructor(context: StrategyContext, everyPair: number) {
    this._conflicts = new ConflictReversal(context);
    this._pairs = new ConflictReversal(context, { everything: true });
    this._everyPair = everyPair;
    this._last = this._conflicts;
  }

  next(): Chooser | null {
    const isPairsTurn = ++this._turns % this._everyPair === 0;
    const order = isPairsTurn ? [this._pairs, this._conflicts] : [this._conflicts, this._pairs];
    for (const strategy of order) {
      const chooser = strategy.next();
      if (chooser !== null) {
        this._last = strategy;
        return chooser;
      }
    }
    return null;
  }

  get tried(): ConflictReversal["tried"] {
    return this._last.tried;
  }

  ran(record: ExecutionRecord): void {
    this._last.ran(record);
  }
}
