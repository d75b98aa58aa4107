import type { Chooser, Entry } from "../run/chooser.ts";
import { QuickRandom } from "../run/quick-random.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** How many of 16 choices take another option than the first: a draw for each run. */
const RESTLESSNESS = [0, 1, 4, 8] as const;

/**
 * What all random strategies share: a stream of random numbers for each run, and how options are drawn.
 *
 * Calls of the engine's own are not drawn, which would dilute the search: they run when their turn comes, before what has joined later.
 */
export abstract class RandomStrategy implements Strategy, Chooser {
  abstract readonly name: string;
  protected readonly _context: StrategyContext;
  protected readonly _random = new QuickRandom();
  protected readonly _free: number[] = [];
  /** What was drawn, while calls of the engine's own that have waited longer come first. */
  private _drawn: Entry | null = null;
  private _restlessness = 0;

  constructor(context: StrategyContext) {
    this._context = context;
  }

  next(run: number): Chooser {
    this._random.begin(this._context.seed, run);
    this._restlessness = RESTLESSNESS[this._random.below(RESTLESSNESS.length)]!;
    this._drawn = null;
    this._begin();
    return this;
  }

  pick(pool: readonly Entry[]): number {
    let place = this._drawn === null ? -1 : pool.indexOf(this._drawn);
    if (place < 0) {
      const free = this._places(pool);
      place = free.length > 1 ? this._choose(pool, free) : (free[0] ?? 0);
    }
    const drawn = pool[place]!;
    const earlier = pool.findIndex(({ name, isFree, arrival }) => name.isInternal && isFree && arrival < drawn.arrival);
    this._drawn = earlier < 0 ? null : drawn;
    return earlier < 0 ? place : earlier;
  }

  option(_name: string, count: number): number {
    return this._random.below(16) < this._restlessness ? 1 + this._random.below(count - 1) : 0;
  }

  /** Prepare a run. */
  protected _begin(): void {}

  /** The place in `pool` of the entry that goes next, one of the two or more in `free`, none of which is a call of the engine's own. */
  protected abstract _choose(pool: readonly Entry[], free: readonly number[]): number;

  /** The places in `pool` of what can be drawn. */
  private _places(pool: readonly Entry[]): readonly number[] {
    const { _free: free } = this;
    free.length = 0;
    for (let i = 0; i < pool.length; i++) {
      const { isFree, name } = pool[i]!;
      if (isFree && !name.isInternal) {
        free.push(i);
      }
    }
    return free;
  }
}
