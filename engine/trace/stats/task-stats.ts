import type { TaskOutcome } from "../../base/instrument.ts";

/** How long was waited for things of one kind, in seconds. */
export interface WaitStats {
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
  /** It had not ended when the trace did. */
  readonly unfinished: boolean;
}

/** What a task did. */
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
  count: number;
  total: number;
  longest: number;
}

/** Sums of waiting times by kind. */
export class Waits {
  private readonly _sums = new Map<string, Sum>();

  add(on: string, seconds: number): void {
    const sum = this._sums.get(on);
    if (sum === undefined) {
      this._sums.set(on, { count: 1, total: seconds, longest: seconds });
    } else {
      sum.count++;
      sum.total += seconds;
      sum.longest = Math.max(sum.longest, seconds);
    }
  }

  toStats(): WaitStats[] {
    return [...this._sums].map(([on, sum]) => ({ on, ...sum }));
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
