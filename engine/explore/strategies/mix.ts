import type { Chooser } from "../run/chooser.ts";
import type { RunRecord } from "../schedule/run-record.ts";
import { PriorityChanges } from "./pct.ts";
import { RandomWalk } from "./random.ts";
import { RandomPriority } from "./random-priority.ts";
import { ConflictReversal } from "./reversal.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { UniformWalk } from "./uniform-walk.ts";

/** Of ten random runs: how many each strategy gets, spread out. */
const SHARES = ["surw", "pct", "urw", "surw", "priority", "surw", "urw", "pct", "surw", "random"] as const;

/**
 * The default: conflict reversal in turn with random schedules, four in ten of them SURW, two PCT, two URW, one random priorities, one a random walk.
 *
 * Of the reversals, some take every pair of steps for a race: half of them if the program does not say what it touches, or else a quarter.
 */
export class Mix implements Strategy {
  readonly name: string;
  private readonly _isSampling: boolean;
  private readonly _conflicts: ConflictReversal;
  private readonly _pairs: ConflictReversal;
  private readonly _random: Readonly<Record<(typeof SHARES)[number], Strategy>>;
  private readonly _everyPair: number;
  private _reversals = 0;
  private _last: Strategy | null = null;

  /** @param isSampling - Leave the reversals out. */
  constructor(context: StrategyContext, isSampling = false) {
    this.name = isSampling ? "sampling" : "mix";
    this._isSampling = isSampling;
    this._conflicts = new ConflictReversal(context);
    this._pairs = new ConflictReversal(context, { everything: true });
    this._everyPair = context.isLabelled ? 4 : 2;
    this._random = {
      surw: new UniformWalk(context, true),
      urw: new UniformWalk(context, false),
      pct: new PriorityChanges(context),
      priority: new RandomPriority(context),
      random: new RandomWalk(context),
    };
  }

  next(run: number): Chooser | null {
    if (run % 2 === 1 && !this._isSampling) {
      const chooser = this._nextReversal();
      if (chooser !== null) {
        return chooser;
      }
    }
    this._last = this._random[SHARES[(this._isSampling ? run : run >>> 1) % SHARES.length] as (typeof SHARES)[number]];
    return this._last.next(run);
  }

  get chosenBy(): string {
    return this._last?.name ?? this.name;
  }

  get tried(): NonNullable<Strategy["tried"]> | null {
    return this._last?.tried ?? null;
  }

  ran(record: RunRecord, isAbandoned: boolean): void {
    this._last?.ran?.(record, isAbandoned);
  }

  private _nextReversal(): Chooser | null {
    const isPairsTurn = ++this._reversals % this._everyPair === 0;
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
}
