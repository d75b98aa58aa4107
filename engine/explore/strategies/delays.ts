import type { Chooser, Entry } from "../run/chooser.ts";
import { freePlaces } from "../run/chooser.ts";
import type { Actor } from "../schedule/names.ts";
import { optionsFrom } from "./reversal.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

const MOST_DELAYS = 3;
/** A run may get longer than the baseline run: places beyond that are tried as well. */
const STRETCH = 2;

/** How many ways there are to take `count` of `of`. */
function combinations(of: number, count: number): number {
  let result = 1;
  for (let i = 1; i <= count; i++) {
    result = (result * (of - count + i)) / i;
  }
  return Math.round(result);
}

/**
 * Delay bounding: a task runs until it blocks, then the one that has waited longest; at up to three places the one that
 * would go falls behind, or another option of a choice is taken. First none, then one at each place, then two at every
 * pair of places, then three.
 *
 * After Emmi, Qadeer, Rakamarić, "Delay-Bounded Scheduling" (POPL 2011). Departure: the places of a run follow from its
 * number alone, so that runs can be divided among many; pairs and triples come in an order that is spread over the
 * program.
 */
export class BoundedDelays implements Strategy, Chooser {
  readonly name = "delays";
  private readonly _context: StrategyContext;
  /** Places of delays; behind them stand the options of choices. */
  private readonly _steps: number;
  private readonly _options: readonly (readonly [name: string, option: number])[];
  private readonly _size: number;
  /** For each number of delays, how many ways there are to place them. */
  private readonly _counts: readonly number[];
  private _places: number[] = [];
  private _running: Actor | null = null;
  private readonly _delayed = new Set<Actor>();
  private readonly _free: number[] = [];

  constructor(context: StrategyContext) {
    this._context = context;
    this._steps = Math.max(MOST_DELAYS, context.profile.steps * STRETCH);
    this._options = optionsFrom(context.baseline.choices).map(({ choice }) => choice);
    this._size = this._steps + this._options.length;
    this._counts = Array.from({ length: MOST_DELAYS + 1 }, (_, count) => combinations(this._size, count));
  }

  next(run: number): Chooser | null {
    // Run 0 was the baseline run.
    const number = run - 1;
    if (number >= this._counts.reduce((sum, count) => sum + count, 0)) {
      return null;
    }
    this._places = this._placesOf(number);
    this._running = null;
    this._delayed.clear();
    return this;
  }

  pick(pool: readonly Entry[]): number {
    const free = freePlaces(pool, this._free);
    let place = this._next(pool, free);
    const { length, internals } = this._context.policy.record;
    const isInternal = pool[place]!.name.isInternal;
    if (free.length > 1 && !isInternal && this._places.includes(length - internals)) {
      this._delayed.add(pool[place]!.name.actor);
      this._running = null;
      place = this._next(pool, free);
    }
    this._running = pool[place]!.name.actor;
    return place;
  }

  option(name: string, count: number): number {
    for (const place of this._places) {
      const other = this._options[place - this._steps];
      if (other?.[0] === name && other[1] < count) {
        return other[1];
      }
    }
    return 0;
  }

  /** The places of delays with this number, among all sets of them. */
  private _placesOf(number: number): number[] {
    let left = number;
    let count = 0;
    while (left >= this._counts[count]!) {
      left -= this._counts[count++]!;
    }
    const all = this._counts[count]!;
    return count < 2 ? this._unrank(left, count) : this._unrank(spread(left, all), count);
  }

  /** The set number `rank` of `count` places, in lexicographic order. */
  private _unrank(rank: number, count: number): number[] {
    const places: number[] = [];
    let left = rank;
    for (let place = 0; places.length < count; place++) {
      const others = combinations(this._size - place - 1, count - places.length - 1);
      if (left < others) {
        places.push(place);
      } else {
        left -= others;
      }
    }
    return places;
  }

  private _next(pool: readonly Entry[], free: readonly number[]): number {
    const isRunning = (place: number): boolean => pool[place]!.name.actor === this._running;
    const isPrompt = (place: number): boolean => !this._delayed.has(pool[place]!.name.actor);
    const place = free.find(isRunning) ?? free.find(isPrompt);
    if (place !== undefined) {
      return place;
    }
    this._delayed.clear();
    return free[0]!;
  }
}

/** Where the golden section leads: each number below `count` once, neighbours far apart. */
function spread(number: number, count: number): number {
  let stride = Math.max(1, Math.round(count * 0.6180339887));
  while (divisor(stride, count) !== 1) {
    stride++;
  }
  return Number((BigInt(number) * BigInt(stride)) % BigInt(count));
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
