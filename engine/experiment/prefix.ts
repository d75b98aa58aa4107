import type { Job } from "./plan.ts";
import type { RangeResult } from "./range-result.ts";

/**
 * The results from the beginning of a plan up to the first gap.
 *
 * Results arrive in any order. What counts must not depend on it: a search that ends at its hundredth failure ends at
 * the hundredth in the order of the plan.
 */
export class Prefix {
  readonly results: RangeResult[] = [];
  /** Failures in these results. */
  failures = 0;
  private readonly _jobs: readonly Job[];
  private readonly _waiting = new Map<string, RangeResult>();
  /** The job of the plan that has the first gap, and the seed of the gap. */
  private _at = 0;
  private _seed: number;

  /** @param jobs - All runs of the plan, in order. */
  constructor(jobs: readonly Job[]) {
    this._jobs = jobs;
    this._seed = jobs[0]?.from ?? 0;
  }

  /** Add a result, in any order. @param enough - The prefix does not grow once it has so many failures. */
  add(result: RangeResult, enough: number): void {
    this._waiting.set(`${result.setting}:${result.from}`, result);
    for (let next = this._take(); next !== undefined && this.failures < enough; next = this._take()) {
      this._waiting.delete(`${next.setting}:${next.from}`);
      this.results.push(next);
      this.failures += next.failures.reduce((sum, { count }) => sum + count, 0);
      const isLast = next.to === this._jobs[this._at]?.to;
      this._at += isLast ? 1 : 0;
      this._seed = isLast ? (this._jobs[this._at]?.from ?? 0) : next.to + 1;
    }
  }

  private _take(): RangeResult | undefined {
    return this._waiting.get(`${this._jobs[this._at]?.setting}:${this._seed}`);
  }
}
