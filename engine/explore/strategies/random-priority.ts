import type { Entry } from "../run/chooser.ts";
import { RandomStrategy } from "./random-chooser.ts";

/** Each step gets a random priority when it becomes ready; the highest goes first. */
export class RandomPriority extends RandomStrategy {
  readonly name: string = "priority";

  protected override _choose(pool: readonly Entry[], free: readonly number[]): number {
    let best = free[0]!;
    for (let i = 0; i < free.length; i++) {
      const place = free[i]!;
      const entry = pool[place]!;
      if (entry.priority < 0) {
        entry.priority = this._random.next();
      }
      if (entry.priority > pool[best]!.priority) {
        best = place;
      }
    }
    return best;
  }
}
