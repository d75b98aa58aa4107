import type { Chooser } from "../run/chooser.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { AlternatingReversals } from "./alternating-reversals.ts";
import { PriorityChanges } from "./pct.ts";
import { RandomWalk } from "./random.ts";
import { RandomPriority } from "./random-priority.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { UniformWalk } from "./uniform-walk.ts";

/** Of ten random runs: how many each strategy gets, spread out. */
const SHARES = ["surw", "pct", "urw", "surw", "priority", "surw", "urw", "pct", "surw", "random"] as const;

/**
 * The default: conflict reversal in turn with random schedules, four in ten of them SURW, two PCT, two URW, one random
 * priorities, one a random walk.
 *
 * Of the reversals, some take every pair of steps for a race: half of them if the program does not say what it touches,
 * or else a quarter.
 */
export class Mix implements Strategy {
  readonly name: string;
  private readonly _isSampling: boolean;
  private readonly _reversals: AlternatingReversals;
  private readonly _random: Readonly<Record<(typeof SHARES)[number], Strategy>>;
  private _last: Strategy | null = null;

  /** @param isSampling - Leave the reversals out. */
  constructor(context: StrategyContext, isSampling = false) {
    this.name = isSampling ? "sampling" : "mix";
    this._isSampling = isSampling;
    this._reversals = new AlternatingReversals(context, context.isLabelled ? 4 : 2);
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
      const chooser = this._reversals.next();
      if (chooser !== null) {
        this._last = this._reversals;
        return chooser;
      }
    }
    this._last = this._random[SHARES[(this._isSampling ? run : run >>> 1) % SHARES.length]!];
    return this._last.next(run);
  }

  get chosenBy(): string {
    return this._last?.name ?? this.name;
  }

  get tried(): NonNullable<Strategy["tried"]> | null {
    return this._last?.tried ?? null;
  }

  ran(record: ExecutionRecord, isAbandoned: boolean): void {
    this._last?.ran?.(record, isAbandoned);
  }
}
