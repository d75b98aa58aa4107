import type { Entry } from "../run/chooser.ts";
import type { Actor } from "../schedule/names.ts";
import { RandomStrategy } from "./random-chooser.ts";

/** How much longer than the baseline run a run may get: the change points are spread over that. */
const STRETCHES = [1, 1, 2, 4] as const;

/**
 * Probabilistic concurrency testing: tasks have random priorities, the highest goes first, and at a few random steps
 * the one that would go falls behind all others.
 *
 * After Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010).
 * Departures: the depth is drawn from 2 to 4, the length from the baseline run's and its multiples; a run that goes on
 * for long ends in the default schedule, lest a task starve.
 */
export class PriorityChanges extends RandomStrategy {
  readonly name = "pct";
  private readonly _changes: number[] = [];
  private _run = 0;
  private _lowest = 0;

  protected override _begin(): void {
    this._run = this._context.policy.run + 1;
    this._lowest = 0;
    this._changes.length = 0;
    const depth = 2 + this._random.below(3);
    const length = this._context.profile.steps * STRETCHES[this._random.below(STRETCHES.length)]!;
    for (let i = 1; i < depth; i++) {
      this._changes.push(this._random.below(length));
    }
  }

  protected override _choose(pool: readonly Entry[], free: readonly number[]): number {
    const best = this._best(pool, free);
    const { length, internals } = this._context.policy.record;
    const due = this._changes.findIndex((step) => step <= length - internals);
    if (due < 0) {
      return best;
    }
    this._changes.splice(due, 1);
    pool[best]!.name.actor.priority = --this._lowest;
    return this._best(pool, free);
  }

  private _best(pool: readonly Entry[], free: readonly number[]): number {
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (const place of free) {
      const priority = this._priority(pool[place]!.name.actor);
      if (priority > highest) {
        best = place;
        highest = priority;
      }
    }
    return best;
  }

  private _priority(actor: Actor): number {
    if (actor.weight !== this._run) {
      actor.weight = this._run;
      actor.priority = this._random.next();
    }
    return actor.priority;
  }
}
