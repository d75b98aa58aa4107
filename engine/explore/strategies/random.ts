import type { Entry } from "../run/chooser.ts";
import { RandomStrategy } from "./random-chooser.ts";

/** A random walk: any step that may come next, each equally likely. */
export class RandomWalk extends RandomStrategy {
  readonly name = "random";

  protected override _choose(_pool: readonly Entry[], free: readonly number[]): number {
    return free[this._random.below(free.length)]!;
  }
}
