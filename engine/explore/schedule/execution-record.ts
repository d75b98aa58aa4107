import type { Use } from "../../base/ordering-policy.ts";
import type { Actor, SharedObject, StepName } from "./names.ts";

/** A choice that came up in a run: between how many options, and which was taken. */
export interface ChoiceRecord {
  readonly name: string;
  readonly count: number;
  readonly taken: number;
  /** The step in which it came up. */
  readonly step: number;
}

/**
 * What happened in one run, step by step, in parallel arrays that are used again by the next run.
 *
 * A step is known by its place in the order of execution, from 0; -1 stands for none.
 */
export class ExecutionRecord {
  /** Steps taken. */
  length = 0;
  /** How many of them were calls of the engine's own. */
  internals = 0;
  readonly names: StepName[] = [];
  /** When the step joined the ready queue, as a number in that order. */
  readonly arrivals: number[] = [];
  /** The step that made or woke this one. */
  readonly makers: number[] = [];
  /** The step before it in the order that must be kept. */
  readonly leaders: number[] = [];
  /** The step that the same task took before. */
  readonly previous: number[] = [];
  /** Virtual time in seconds. */
  readonly times: number[] = [];
  /** Where the accesses of a step begin; they end where those of the next begin. */
  readonly firstAccess: number[] = [0];
  readonly objects: SharedObject[] = [];
  readonly accesses: Use[] = [];
  readonly choices: ChoiceRecord[] = [];
  /** What was ready at the end and could have been picked. */
  readonly pending: { readonly name: StepName; readonly arrival: number }[] = [];
  /** How often more than one step could have come next. */
  forks = 0;
  /** The program said what it touches, so what it does not name is not shared. */
  isLabelled = false;
  /** It uses locks, queues and the like, which say by themselves that they are touched. */
  usesPrimitives = false;

  clear(): void {
    this.length = 0;
    this.internals = 0;
    this.objects.length = 0;
    this.accesses.length = 0;
    this.choices.length = 0;
    this.pending.length = 0;
    this.forks = 0;
    this.isLabelled = false;
    this.usesPrimitives = false;
  }

  /**
   * Note afterwards that `object`, which no step has touched so far, was read by each step of `actor`, by those that
   * made or woke them, and by `others`.
   */
  addReads(object: SharedObject, actor: Actor, others: readonly number[]): void {
    const { length, firstAccess } = this;
    const readers = new Set(others);
    for (let step = 0; step < length; step++) {
      if (this.names[step]?.actor === actor) {
        readers.add(step);
        readers.add(this.makers[step]!);
      }
    }
    const objects = this.objects.splice(0);
    const accesses = this.accesses.splice(0);
    let from = 0;
    for (let step = 0; step < length; step++) {
      const end = firstAccess[step + 1]!;
      firstAccess[step] = this.objects.length;
      if (readers.has(step)) {
        object.lastStep = step;
        object.lastAccess = this.objects.length;
        this.objects.push(object);
        this.accesses.push("r");
      }
      for (; from < end; from++) {
        const touched = objects[from]!;
        touched.lastAccess = this.objects.length;
        this.objects.push(touched);
        this.accesses.push(accesses[from]!);
      }
    }
    firstAccess[length] = this.objects.length;
  }

  /** Names of the steps in the order in which they were taken. */
  order(): string[] {
    return this.names.slice(0, this.length).map((name) => name.text);
  }

  /** A copy that the next run does not change. */
  copy(): ExecutionRecord {
    const copy = new ExecutionRecord();
    const { length, internals, forks, isLabelled, usesPrimitives } = this;
    Object.assign(copy, { length, internals, forks, isLabelled, usesPrimitives });
    for (const key of ["names", "arrivals", "makers", "leaders", "previous", "times"] as const) {
      (copy as unknown as Record<string, unknown[]>)[key] = this[key].slice(0, length);
    }
    for (const key of ["objects", "accesses", "choices", "pending"] as const) {
      (copy as unknown as Record<string, unknown[]>)[key] = this[key].slice();
    }
    (copy as { firstAccess: number[] }).firstAccess = this.firstAccess.slice(0, length + 1);
    return copy;
  }
}
