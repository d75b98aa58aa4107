import { type Chooser, type Entry, freePlaces } from "../run/chooser.ts";
import { QuickRandom } from "../run/quick-random.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** How many of 16 choices take another option than the first: a draw for each run. */
const RESTLESSNESS = [0, 1, 4, 8] as const;

/** In one of so many runs, calls of the engine's own are drawn like everything else. */
const INTERNALS_DRAWN = 4;

/**
 * What all random strategies share: a stream of random numbers for each run, and how options are drawn.
 *
 * In most runs calls of the engine's own are not drawn, which would dilute the search: they run at once.
 */
export abstract class RandomStrategy implements Strategy, Chooser {
  abstract readonly name: string;
  protected readonly _context: StrategyContext;
  protected readonly _random = new QuickRandom();
  protected readonly _free: number[] = [];
  /** Whether calls of the engine's own are drawn like everything else in this run. */
  private _drawsInternals = false;
  private _restlessness = 0;

  constructor(context: StrategyContext) {
    this._context = context;
  }

  next(run: number): Chooser {
    this._random.begin(this._context.seed, run);
    this._restlessness = RESTLESSNESS[this._random.below(RESTLESSNESS.length)]!;
    this._drawsInternals = this._random.below(INTERNALS_DRAWN) === 0;
    this._begin();
    return this;
  }

  pick(pool: readonly Entry[]): number {
    const free = freePlaces(pool, this._free);
    const internal = this._drawsInternals ? undefined : free.find((place) => pool[place]!.name.isInternal);
    return internal ?? (free.length === 1 ? free[0]! : this._choose(pool, free));
  }

  option(_name: string, count: number): number {
    return this._random.below(16) < this._restlessness ? 1 + this._random.below(count - 1) : 0;
  }

  /** Prepare a run. */
  protected _begin(): void {}

  /** The place in `pool` of the entry that goes next, one of the two or more in `free`. */
  protected abstract _choose(pool: readonly Entry[], free: readonly number[]): number;
}
