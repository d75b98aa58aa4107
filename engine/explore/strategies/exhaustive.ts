import type { Use } from "../../base/ordering-policy.ts";
import { conflict } from "../causality/races.ts";
import { ImpureProgramError, RunAbandoned } from "../run/check-failure.ts";
import type { Chooser, Entry } from "../run/chooser.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { SharedObject } from "../schedule/names.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** What a step touched: objects, each with how it was used. */
type Touches = readonly { readonly object: SharedObject | null; readonly use: Use }[];

/**
 * What every step touches whose uses are not known; the end of a sleep only wakes its task, and the engine's own calls
 * say all that they do.
 */
const ANYTHING = { object: null, use: "w" } as const;

const dependent = (a: Touches, b: Touches): boolean =>
  a.some(({ object, use }) => b.some((other) => other.object === object && conflict(use, other.use)));

/** A point of the present path where a step was picked. */
interface StepNode {
  readonly kind: "step";
  /** The steps that could be picked, by number. */
  readonly enabled: readonly number[];
  /** Those that are to be tried. */
  readonly toTry: Set<number>;
  /** Those that were tried, or need not be, with what they touch. */
  readonly asleep: Map<number, Touches>;
  taken: number;
}

/** A point where an option was taken; all of them are tried. */
interface OptionNode {
  readonly kind: "option";
  readonly count: number;
  taken: number;
}

type Node = StepNode | OptionNode;

/**
 * Every order that could matter, each once: dynamic partial order reduction with source sets and sleep sets. Orders
 * that differ only in the order of steps that touch nothing in common count as one.
 *
 * After Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction" (POPL 2014), algorithm 1.
 * Departures: each step is a process of its own, which the step that makes or wakes it enables; the ready queue is not
 * a shared object; options of choices are all tried.
 */
export class Exhaustive implements Strategy, Chooser {
  readonly name = "exhaustive";
  readonly isExhaustive = true;
  readonly repeatsBaseline = true;
  readonly wantsAll = true;
  private readonly _context: StrategyContext;
  private readonly _path: Node[] = [];
  /** How far the present run has come on the path. */
  private _at = 0;
  private _sleep = new Map<number, Touches>();
  /** The node of each step of the present run. */
  private readonly _nodes: number[] = [];
  private _isDone = false;
  private _begun = false;

  constructor(context: StrategyContext) {
    this._context = context;
  }

  next(): Chooser | null {
    if (this._begun && !this._backUp()) {
      this._isDone = true;
    }
    this._begun = true;
    this._at = 0;
    this._nodes.length = 0;
    this._sleep = new Map();
    return this._isDone ? null : this;
  }

  pick(pool: readonly Entry[]): number {
    const { length } = this._context.policy.record;
    if (length > 0) {
      this._wake(length - 1);
    }
    const enabled: number[] = [];
    for (const entry of pool) {
      if (entry.isFree) {
        enabled.push(entry.name.id);
      }
    }
    const node = this._path[this._at] ?? this._newNode(enabled);
    this._nodes[length] = this._at++;
    if (node.kind !== "step") {
      throw new ImpureProgramError(
        `the same choices led to a step where there had been an option, at step ${length + 1}`,
      );
    }
    for (const [step, touches] of node.asleep) {
      if (step !== node.taken) {
        this._sleep.set(step, touches);
      }
    }
    const place = pool.findIndex((entry) => entry.name.id === node.taken);
    if (place < 0) {
      throw new ImpureProgramError(
        `the same choices did not lead to the same step: ${this._context.names.textOf(node.taken)} is not ready as step ${length + 1}`,
      );
    }
    return place;
  }

  option(_name: string, count: number): number {
    let node = this._path[this._at];
    if (node === undefined) {
      node = { kind: "option", count, taken: 0 };
      this._path.push(node);
    }
    this._at++;
    return node.taken;
  }

  ran(record: ExecutionRecord): void {
    this._addRaces(record);
  }

  private _newNode(enabled: readonly number[]): StepNode {
    const awake = enabled.find((step) => !this._sleep.has(step));
    if (awake === undefined) {
      throw new RunAbandoned("seen already");
    }
    const node: StepNode = {
      kind: "step",
      enabled,
      toTry: new Set([awake]),
      asleep: new Map(this._sleep),
      taken: awake,
    };
    this._path.push(node);
    return node;
  }

  /** The step at `place` has run: what depends on it is no longer asleep. */
  private _wake(place: number): void {
    const touches = this._touchesOf(this._context.policy.record, place);
    for (const [step, others] of this._sleep) {
      if (dependent(touches, others)) {
        this._sleep.delete(step);
      }
    }
  }

  private _touchesOf(record: ExecutionRecord, step: number): Touches {
    const { isRing, isInternal } = record.names[step]!;
    const isKnown = this._context.knowsTouches || isRing || isInternal;
    const touches: { object: SharedObject | null; use: Use }[] = isKnown ? [] : [ANYTHING];
    for (let i = record.firstAccess[step]!; i < record.firstAccess[step + 1]!; i++) {
      touches.push({ object: record.objects[i]!, use: record.accesses[i]! });
    }
    return touches;
  }

  /** Go back to the last point where something is left to try; false if there is none. */
  private _backUp(): boolean {
    for (let node = this._path.at(-1); node !== undefined; node = this._path.at(-1)) {
      if (node.kind === "option") {
        if (node.taken + 1 < node.count) {
          node.taken++;
          return true;
        }
      } else {
        for (const step of node.toTry) {
          if (!node.asleep.has(step)) {
            node.taken = step;
            return true;
          }
        }
      }
      this._path.pop();
    }
    return false;
  }

  /** Find the races of the run, and see to it that each is tried the other way round. */
  private _addRaces(record: ExecutionRecord): void {
    const { length } = record;
    const touches = Array.from({ length }, (_, step) => this._touchesOf(record, step));
    // Bit sets of what comes before each step, in any run of the same trace.
    const before: bigint[] = [];
    const must: bigint[] = [];
    for (let step = 0; step < length; step++) {
      let causes = 0n;
      for (const cause of [record.makers[step], record.leaders[step], record.previous[step]] as number[]) {
        if (cause >= 0) {
          causes |= must[cause]! | (1n << BigInt(cause));
        }
      }
      // Time moves on only when nothing is ready.
      causes |= (1n << BigInt(record.times.indexOf(record.times[step]!))) - 1n;
      must[step] = causes;
      let all = causes;
      for (let cause = 0; cause < step; cause++) {
        if (((causes >> BigInt(cause)) & 1n) === 1n) {
          all |= before[cause]!;
        }
      }
      const racing: number[] = [];
      for (let other = step - 1; other >= 0; other--) {
        if (((all >> BigInt(other)) & 1n) === 0n && dependent(touches[other]!, touches[step]!)) {
          racing.push(other);
          all |= before[other]! | (1n << BigInt(other));
        }
      }
      before[step] = all;
      for (const first of racing) {
        this._reverse(record, before, first, step);
      }
    }
    for (let step = 0; step < length; step++) {
      const node = this._path[this._nodes[step]!];
      if (node?.kind === "step" && node.taken === record.names[step]?.id) {
        this._wakeLate(record, before, touches, step, node);
        node.asleep.set(node.taken, touches[step]!);
      }
    }
  }

  /**
   * What slept at `node` was woken by the step at `place`, which was taken there: it may do something else now. What it
   * would have done without that step may conflict with other steps of this run, too: let each of them come before
   * both.
   */
  private _wakeLate(
    record: ExecutionRecord,
    before: readonly bigint[],
    touches: readonly Touches[],
    place: number,
    node: StepNode,
  ): void {
    for (const [id, known] of node.asleep) {
      if (id !== node.taken && dependent(known, touches[place]!)) {
        for (let step = place + 1; step < record.length; step++) {
          const isOther = record.names[step]?.id !== id && ((before[step]! >> BigInt(place)) & 1n) === 0n;
          if (isOther && dependent(known, touches[step]!)) {
            this._reverse(record, before, place, step, id);
          }
        }
      }
    }
  }

  /**
   * Let `second` come before `first`: one of the steps that can begin what leads there is to be tried in the place of
   * `first`.
   *
   * @param without - A step, by its number, that is to come after `second`.
   */
  private _reverse(
    record: ExecutionRecord,
    before: readonly bigint[],
    first: number,
    second: number,
    without = -1,
  ): void {
    const node = this._path[this._nodes[first]!];
    if (node?.kind !== "step") {
      return;
    }
    const isAfter = (step: number, cause: number): boolean => ((before[step]! >> BigInt(cause)) & 1n) === 1n;
    const rest: number[] = [];
    for (let step = first + 1; step < second; step++) {
      if (!isAfter(step, first) && record.names[step]?.id !== without) {
        rest.push(step);
      }
    }
    rest.push(second);
    const initials: number[] = [];
    for (const [i, step] of rest.entries()) {
      if (rest.slice(0, i).every((earlier) => !isAfter(step, earlier))) {
        initials.push((record.names[step] as { id: number }).id);
      }
    }
    const possible = initials.filter((id) => node.enabled.includes(id));
    if (possible.length > 0 && !possible.some((id) => node.toTry.has(id))) {
      node.toTry.add(possible[0]!);
    }
  }
}
