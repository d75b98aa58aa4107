import type { Use } from "../../base/ordering-policy.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { SharedObject } from "../schedule/names.ts";

/** Of the steps at one instant, so many are searched for races; fewer when every pair counts as one. */
const MOST_STEPS = 1200;
const MOST_STEPS_OF_PAIRS = 300;

/** Two steps, by their places, of which the second could as well have come before the first. */
export interface Race {
  readonly first: number;
  readonly second: number;
  /** How often the thing they compete for was touched; races for rare things are tried first. */
  readonly rarity: number;
  /** What they compete for; `null` when it is not known. */
  readonly object: SharedObject | null;
}

/** For the steps of one instant: which of them each one follows from. */
class Ancestors {
  private readonly _bits: Uint32Array;
  private readonly _words: number;
  private readonly _begin: number;

  constructor(record: ExecutionRecord, begin: number, end: number) {
    this._begin = begin;
    this._words = (end - begin + 31) >>> 5;
    this._bits = new Uint32Array((end - begin) * this._words);
    for (let step = begin; step < end; step++) {
      this._follow(step, record.makers[step]!);
      this._follow(step, record.leaders[step]!);
      this._follow(step, record.previous[step]!);
    }
  }

  /** Whether `later` follows from `earlier`. */
  has(later: number, earlier: number): boolean {
    const bit = earlier - this._begin;
    return ((this._bits[(later - this._begin) * this._words + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1;
  }

  private _follow(step: number, cause: number): void {
    if (cause < this._begin || cause >= step) {
      return;
    }
    const words = this._words;
    const to = (step - this._begin) * words;
    const from = (cause - this._begin) * words;
    for (let word = 0; word < words; word++) {
      this._bits[to + word] = this._bits[to + word]! | this._bits[from + word]!;
    }
    const bit = cause - this._begin;
    this._bits[to + (bit >>> 5)] = this._bits[to + (bit >>> 5)]! | (1 << (bit & 31));
  }
}

/** Whether {@link racesOf} leaves out something of the run because it is too long. */
export function isTooLong({ length, times }: ExecutionRecord, everything: boolean): boolean {
  const most = everything ? MOST_STEPS_OF_PAIRS : MOST_STEPS;
  for (let step = most; step < length; step++) {
    if (times[step] === times[step - most]) {
      return true;
    }
  }
  return false;
}

/**
 * The races of a run: conflicting steps of one instant of which neither follows from the other.
 *
 * @param everything - Count every pair of steps as conflicting, whatever they touched.
 */
export function racesOf(record: ExecutionRecord, everything: boolean): Race[] {
  const races: Race[] = [];
  const { length, times } = record;
  for (let begin = 0; begin < length; ) {
    let end = begin + 1;
    while (end < length && times[end] === times[begin]) {
      end++;
    }
    if (end - begin > 1) {
      const last = Math.min(end, begin + (everything ? MOST_STEPS_OF_PAIRS : MOST_STEPS));
      const ancestors = new Ancestors(record, begin, last);
      if (everything) {
        addAllPairs(races, record, ancestors, begin, last);
      } else {
        addConflicts(races, record, ancestors, begin, last);
      }
    }
    begin = end;
  }
  return races;
}

function addAllPairs(races: Race[], record: ExecutionRecord, ancestors: Ancestors, begin: number, end: number): void {
  const rarity = end - begin;
  for (let second = begin + 1; second < end; second++) {
    for (let first = begin; first < second; first++) {
      if (!ancestors.has(second, first) && mayConflict(record, first, second)) {
        races.push({ first, second, rarity, object: null });
      }
    }
  }
}

/**
 * Whether two steps may touch the same thing, where programs do not say what they touch: the engine's own calls do, and
 * the ends of sleeps do not race.
 */
function mayConflict(record: ExecutionRecord, first: number, second: number): boolean {
  const [a, b] = [record.names[first]!, record.names[second]!];
  return a.isInternal || b.isInternal ? shareConflict(record, first, second) : !(a.isRing && b.isRing);
}

function shareConflict({ firstAccess, objects, accesses }: ExecutionRecord, first: number, second: number): boolean {
  for (let i = firstAccess[first]!; i < firstAccess[first + 1]!; i++) {
    for (let j = firstAccess[second]!; j < firstAccess[second + 1]!; j++) {
      if (objects[i] === objects[j] && conflict(accesses[i]!, accesses[j]!)) {
        return true;
      }
    }
  }
  return false;
}

/**
 * Whether it matters which of two uses of one object comes first: it does not between two reads, nor between two
 * changes that commute.
 */
export const conflict = (a: Use, b: Use): boolean => a === "w" || b === "w" || a !== b;

function addConflicts(races: Race[], record: ExecutionRecord, ancestors: Ancestors, begin: number, end: number): void {
  const { firstAccess, objects, accesses } = record;
  /** Of each object the places of its uses, in order. */
  const byObject = new Map<SharedObject, { readonly steps: number[]; readonly uses: Use[] }>();
  for (let step = begin; step < end; step++) {
    for (let i = firstAccess[step]!; i < firstAccess[step + 1]!; i++) {
      const object = objects[i]!;
      let list = byObject.get(object);
      if (list === undefined) {
        list = { steps: [], uses: [] };
        byObject.set(object, list);
      }
      list.steps.push(step);
      list.uses.push(accesses[i]!);
    }
  }
  for (const [object, { steps, uses }] of byObject) {
    const rarity = steps.length;
    for (let j = 1; j < rarity; j++) {
      const second = steps[j]!;
      for (let i = 0; i < j; i++) {
        const first = steps[i]!;
        if (conflict(uses[i]!, uses[j]!) && !ancestors.has(second, first)) {
          races.push({ first, second, rarity, object });
        }
      }
    }
  }
}
