import type { Campaign } from "./campaign.ts";
import type { RangeResult } from "./range-result.ts";

/** Keeps the results of a campaign, so that it can go on after an interruption. */
export interface ResultStore {
  /**
   * Open the store for `campaign`, and return the results that it holds.
   *
   * @throws Error if it belongs to another campaign.
   */
  open(campaign: Campaign): Promise<readonly RangeResult[]>;
  /** Keep a result. It is safe once the promise is resolved. */
  append(result: RangeResult): Promise<void>;
}

/** Keeps results for as long as the process lives. */
export class MemoryStore implements ResultStore {
  readonly results: RangeResult[] = [];

  open(): Promise<readonly RangeResult[]> {
    return Promise.resolve([...this.results]);
  }

  append(result: RangeResult): Promise<void> {
    this.results.push(result);
    return Promise.resolve();
  }
}
