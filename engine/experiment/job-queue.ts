import { type Job, sizeOf, withoutDone } from "./plan.ts";

/** Hands out the runs that are still to be made, in order, in jobs of any size. */
export class JobQueue {
  private readonly _left: Job[];

  /**
   * @param all - All runs.
   * @param done - Jobs whose results are known.
   */
  constructor(all: readonly Job[], done: readonly Job[]) {
    this._left = all.flatMap((whole) =>
      withoutDone(
        whole,
        done.filter(({ setting }) => setting === whole.setting),
      ),
    );
  }

  /** Runs that are still to be handed out. */
  get size(): number {
    return this._left.reduce((sum, job) => sum + sizeOf(job), 0);
  }

  /** The next job, of at most `runs` runs; `null` when there is none. */
  take(runs: number): Job | null {
    const first = this._left[0];
    if (first === undefined) {
      return null;
    }
    const to = Math.min(first.to, first.from + Math.max(1, Math.floor(runs)) - 1);
    if (to === first.to) {
      this._left.shift();
    } else {
      this._left[0] = { ...first, from: to + 1 };
    }
    return { ...first, to };
  }
}
