import type { Entry } from "../chooser.ts";
import type { Actor } from "../names.ts";
import { RandomStrategy } from "./random-chooser.ts";

const MOST_DELAYS = 3;

/**
 * Delay bounding: a task runs until it blocks, then the one that has waited longest; up to three times, at random places, the one that would go
 * falls behind.
 *
 * After Emmi, Qadeer, Rakamarić, "Delay-Bounded Scheduling" (POPL 2011). Departure: the places are drawn, not enumerated.
 */
export class BoundedDelays extends RandomStrategy {
  readonly name = "delays";
  private readonly _places: number[] = [];
  private _running: Actor | null = null;
  private readonly _delayed = new Set<Actor>();

  protected override _begin(): void {
    this._running = null;
    this._delayed.clear();
    this._places.length = 0;
    const count = 1 + this._random.below(MOST_DELAYS);
    for (let i = 0; i < count; i++) {
      this._places.push(this._random.below(this._context.profile.steps * 2));
    }
  }

  protected override _choose(pool: readonly Entry[], free: readonly number[]): number {
    const due = this._places.findIndex((step) => step <= this._context.policy.record.length);
    let place = this._next(pool, free);
    if (due >= 0) {
      this._places.splice(due, 1);
      this._delayed.add((pool[place] as Entry).name.actor);
      this._running = null;
      place = this._next(pool, free);
    }
    this._running = (pool[place] as Entry).name.actor;
    return place;
  }

  private _next(pool: readonly Entry[], free: readonly number[]): number {
    const isRunning = (place: number): boolean => (pool[place] as Entry).name.actor === this._running;
    const isPrompt = (place: number): boolean => !this._delayed.has((pool[place] as Entry).name.actor);
    const place = free.find(isRunning) ?? free.find(isPrompt);
    if (place !== undefined) {
      return place;
    }
    this._delayed.clear();
    return free[0] as number;
  }
}
