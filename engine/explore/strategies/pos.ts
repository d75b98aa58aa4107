import type { Entry } from "../run/chooser.ts";
import { RandomPriority } from "./random-priority.ts";

/**
 * Partial order sampling: random priorities, drawn anew for the steps that conflict with the one that goes.
 *
 * After Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling" (CAV 2018). Departure: conflicts are those that the
 * baseline run leads one to expect.
 */
export class PartialOrderSampling extends RandomPriority {
  override readonly name = "pos";

  protected override _choose(pool: readonly Entry[], free: readonly number[]): number {
    const best = super._choose(pool, free);
    const { id } = pool[best]!.name;
    for (const place of free) {
      const other = pool[place]!;
      if (place !== best && this._context.profile.conflict(id, other.name.id)) {
        other.priority = -1;
      }
    }
    return best;
  }
}
