import type { Use } from "../../base/ordering-policy.ts";
import { type ChoiceRecord, ExecutionRecord } from "../schedule/execution-record.ts";
import type { Names, StepName } from "../schedule/names.ts";

/** Numbers in one piece of the store. */
const PIECE = 1 << 15;
/**
 * Numbers for a step: its name, the steps that made, led and preceded it, its instant, and how many accesses follow.
 */
const PER_STEP = 6;

/** How an object is used, in two bits. */
const USES: readonly Use[] = ["r", "w", "c"];

/** Where a run is kept. A piece of the store is given back when none of its runs is wanted any more. */
export interface KeptRun {
  readonly piece: Int32Array;
  readonly begin: number;
  readonly length: number;
  readonly choices: readonly ChoiceRecord[];
}

/**
 * Keeps what is known of many runs in few large pieces of memory: as objects of their own, most of which are never
 * asked for, they would keep the garbage collector busy.
 */
export class KeptRuns {
  private readonly _names: Names;
  /** The names of steps that were met, by their numbers. */
  private readonly _stepNames: StepName[] = [];
  private readonly _unpacked = new ExecutionRecord();
  private _piece = new Int32Array(0);
  private _end = 0;

  constructor(names: Names) {
    this._names = names;
  }

  /** Keep the order of a run, what its steps touched and followed from, and its choices. */
  keep({
    length,
    names,
    makers,
    leaders,
    previous,
    times,
    firstAccess,
    objects,
    accesses,
    choices,
  }: ExecutionRecord): KeptRun {
    const begin = this._reserve(length * PER_STEP + objects.length);
    const { _piece: piece, _stepNames: stepNames } = this;
    let to = begin;
    let instant = 0;
    for (let step = 0; step < length; step++) {
      const name = names[step]!;
      stepNames[name.id] = name;
      if (step > 0 && times[step] !== times[step - 1]) {
        instant++;
      }
      const first = firstAccess[step]!;
      const end = firstAccess[step + 1]!;
      piece[to++] = name.id;
      piece[to++] = makers[step]!;
      piece[to++] = leaders[step]!;
      piece[to++] = previous[step]!;
      piece[to++] = instant;
      piece[to++] = end - first;
      for (let i = first; i < end; i++) {
        piece[to++] = (objects[i]!.id << 2) | USES.indexOf(accesses[i]!);
      }
    }
    return { piece, begin, length, choices: choices.length === 0 ? [] : choices.slice() };
  }

  /**
   * What was kept, in the form of a record that is valid until the next call. Its times only say which steps happened
   * at the same instant.
   */
  record({ piece, begin, length, choices }: KeptRun): ExecutionRecord {
    const record = this._unpacked;
    record.clear();
    record.length = length;
    record.choices.push(...choices);
    let from = begin;
    for (let step = 0; step < length; step++) {
      record.names[step] = this._stepNames[piece[from++]!]!;
      record.makers[step] = piece[from++]!;
      record.leaders[step] = piece[from++]!;
      record.previous[step] = piece[from++]!;
      record.times[step] = piece[from++]!;
      record.firstAccess[step] = record.objects.length;
      for (let left = piece[from++]!; left > 0; left--) {
        const access = piece[from++]!;
        record.objects.push(this._names.objects[access >> 2]!);
        record.accesses.push(USES[access & 3]!);
      }
    }
    record.firstAccess[length] = record.objects.length;
    return record;
  }

  /** Make room for so many numbers. @returns Where it begins. */
  private _reserve(size: number): number {
    if (this._end + size > this._piece.length) {
      this._piece = new Int32Array(Math.max(PIECE, size));
      this._end = 0;
    }
    const begin = this._end;
    this._end += size;
    return begin;
  }
}
