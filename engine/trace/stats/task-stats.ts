import type { TaskOutcome } from "../../base/instrument.ts";
import { type Percentiles, percentilesOf } from "./percentiles.ts";

/** Wait time for one kind of awaitable, in seconds. */
export interface WaitStats extends Percentiles {
  readonly on: string;
  readonly count: number;
  readonly total: number;
  readonly longest: number;
}

/** One stretch of waiting. */
export interface LongWait {
  readonly task: number;
  readonly on: string;
  readonly target: number;
  /** When it began, and how long it took, in seconds. */
  readonly from: number;
  readonly seconds: number;
  /** Whether it was still going on at the end of the trace. */
  readonly unfinished: boolean;
}

/** Statistics of a task. */
export interface TaskStats {
  readonly task: number;
  readonly name: string;
  /** When it was created and when it ended, in seconds. */
  readonly created: number;
  readonly ended: number | null;
  readonly outcome: TaskOutcome | null;
  /** How often it ran. */
  readonly steps: number;
  /** How long it waited in all, in seconds, and for what; by kind, in order of first use. */
  readonly waiting: number;
  readonly waits: readonly WaitStats[];
  /** Its longest wait. */
  readonly longest: LongWait | null;
}

interface Sum {
  total: number;
  readonly times: number[];
}

/** Sums of waiting times by kind. */
export class Waits {
  private readonly _sums = new Map<string, Sum>();

  add(on: string, seconds: number): void {
    const sum = this._sums.get(on);
    if (sum === undefined) {
      this._sums.set(on, { total: seconds, times: [seconds] });
    } else {
      sum.total += seconds;
      sum.times.push(seconds);
    }
  }

  toStats(): WaitStats[] {
    return [...this._sums].map(([on, { total, times }]) => {
      const sorted = times.sort((a, b) => a - b);
      return { on, count: sorted.length, total, longest: sorted.at(-1)!, ...percentilesOf(sorted) };
    });
  }
}

/** A task, while its trace is being read. */
export class TaskCount {
  ended: number | null = null;
  outcome: TaskOutcome | null = null;
  steps = 0;
  waiting = 0;
  longest: LongWait | null = null;
  readonly waits = new Waits();
  private readonly _task: number;
  private _name: string;
  private readonly _created: number;

  constructor(task: number, name: string, created: number) {
    this._task = task;
    this._name = name;
    this._created = created;
  }

  rename(name: string): void {
    this._name = name;
  }

  addWait(wait: LongWait): void {
    this.waiting += wait.seconds;
    this.waits.add(wait.on, wait.seconds);
    if (this.longest === null || wait.seconds > this.longest.seconds) {
      this.longest = wait;
    }
  }

  toStats(): TaskStats {
    return {
      task: this._task,
      name: this._name,
      created: this._created,
      ended: this.ended,
      outcome: this.outcome,
      steps: this.steps,
      waiting: this.waiting,
      waits: this.waits.toStats(),
      longest: this.longest,
    };
  }
}
