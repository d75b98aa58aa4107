/** A run with its length. */
export interface LongRun {
  readonly setting: number;
  readonly seed: number;
  readonly steps: number;
  /** Virtual time at its end, in seconds. */
  readonly time: number;
}

/** How many are kept. */
const KEPT = 10;

/** Whether `a` comes before `b`: by steps, and among equals by the order of the plan. */
const order = (a: LongRun, b: LongRun): number => b.steps - a.steps || a.setting - b.setting || a.seed - b.seed;

/**
 * The runs with the most steps, which took the longest on any machine. Those of parts merge into those of the whole.
 */
export class LongestRuns {
  private _runs: LongRun[] = [];

  /** Consider a run. */
  add(setting: number, seed: number, steps: number, time: number): void {
    const last = this._runs[KEPT - 1];
    // The common case is decided without making an object. Equal runs may only come earlier in the plan when results
    // are merged.
    if (last === undefined || steps >= last.steps) {
      this._runs.push({ setting, seed, steps, time });
      this._runs.sort(order);
      this._runs.length = Math.min(KEPT, this._runs.length);
    }
  }

  /** Consider the runs of another list. */
  merge(runs: readonly LongRun[]): void {
    this._runs = [...this._runs, ...runs].sort(order).slice(0, KEPT);
  }

  /** The longest first. */
  list(): readonly LongRun[] {
    return this._runs;
  }
}
