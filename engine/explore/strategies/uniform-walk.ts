import type { Entry } from "../run/chooser.ts";
import type { Actor, SharedObject } from "../schedule/names.ts";
import { RandomStrategy } from "./random-chooser.ts";
import type { StrategyContext } from "./strategy.ts";

/**
 * Uniform random walks: the more steps an actor still has to take, the likelier it goes next, so that all interleavings
 * are about equally likely.
 *
 * After Zhao et al., "Selectively Uniform Concurrency Testing" (ASPLOS 2025): SURW does so for the steps that touch one
 * object, drawn anew for each run, and lets the others go in any order. Departures: which step touches what, and how
 * many there are, is predicted from the baseline run; what an actor will make counts for it until it is made. URW
 * counts all steps.
 */
export class UniformWalk extends RandomStrategy {
  readonly name: string;
  private readonly _isSelective: boolean;
  private readonly _known = new Map<SharedObject | null, ReadonlyMap<Actor, number>>();
  private _left = new Map<Actor, number>();
  private _object: SharedObject | null = null;
  private _weights: ReadonlyMap<Actor, number> = new Map();
  private _intended: Actor | null = null;
  private readonly _open: number[] = [];

  constructor(context: StrategyContext, isSelective: boolean) {
    super(context);
    this.name = isSelective ? "surw" : "urw";
    this._isSelective = isSelective;
  }

  protected override _begin(): void {
    const { profile } = this._context;
    const { contested } = profile;
    const isOpen = !this._isSelective || contested.length === 0;
    this._object = isOpen ? null : contested[this._random.below(contested.length)]!;
    let weights = this._known.get(this._object);
    if (weights === undefined) {
      weights = profile.weights(this._object);
      this._known.set(this._object, weights);
    }
    this._weights = weights;
    this._left = new Map();
    this._intended = null;
  }

  protected override _choose(pool: readonly Entry[], free: readonly number[]): number {
    this._open.length = 0;
    for (;;) {
      this._intended ??= this._intend(pool, free);
      for (const place of free) {
        const { actor, id } = pool[place]!.name;
        if (actor === this._intended || !this._context.profile.touches(id, this._object)) {
          this._open.push(place);
        }
      }
      if (this._open.length > 0) {
        return this._go(pool, this._open[this._random.below(this._open.length)]!);
      }
      // All wait for the intended task, which is not ready.
      this._intended = null;
    }
  }

  private _go(pool: readonly Entry[], place: number): number {
    const { actor, id } = pool[place]!.name;
    if (this._context.profile.touches(id, this._object)) {
      this._left.set(actor, this._weight(actor) - 1);
      this._intended = null;
    }
    return place;
  }

  /** Draw who takes the next step that counts. */
  private _intend(pool: readonly Entry[], free: readonly number[]): Actor {
    let total = 0;
    for (const place of free) {
      total += Math.max(this._weight(pool[place]!.name.actor), 0.01);
    }
    let draw = (this._random.next() / 0x100000000) * total;
    for (const place of free) {
      const { actor } = pool[place]!.name;
      draw -= Math.max(this._weight(actor), 0.01);
      if (draw <= 0) {
        return actor;
      }
    }
    return pool[free[0]!]!.name.actor;
  }

  /** The steps that `actor`, and what it has yet to make, will take. */
  private _weight(actor: Actor): number {
    let weight = this._left.get(actor);
    if (weight === undefined) {
      weight = this._weights.get(actor) ?? 1;
      this._left.set(actor, weight);
      if (actor.parent !== null && this._left.has(actor.parent)) {
        this._left.set(actor.parent, this._left.get(actor.parent)! - weight);
      }
    }
    return weight;
  }
}
