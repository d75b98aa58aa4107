import { type Chooser, type Entry, freePlaces } from "../run/chooser.ts";
import { QuickRandom } from "../run/quick-random.ts";

/** One of so many choices of the network takes another option than the default. */
const OTHER_OPTION = 4;

/** Picks a ready step uniformly at random. */
export class RandomContinuation implements Chooser {
  private readonly _random = new QuickRandom();
  private readonly _free: number[] = [];

  /** Begin the stream of sample number `sample`. */
  begin(seed: number, sample: number): this {
    this._random.begin(seed, sample);
    return this;
  }

  pick(pool: readonly Entry[]): number {
    const free = freePlaces(pool, this._free);
    return free[this._random.below(free.length)]!;
  }

  option(_name: string, count: number): number {
    return this._random.below(OTHER_OPTION) === 0 ? 1 + this._random.below(count - 1) : 0;
  }
}
