import type { Campaign } from "./campaign.ts";
import type { RangeResult } from "./range-result.ts";
import type { ShrunkFailure } from "./shrink-failure.ts";

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
  /** The shrunk failures that it holds, once it is open. */
  readonly shrunk?: readonly ShrunkFailure[];
  /** Keep a shrunk failure. */
  keepShrunk?(shrunk: ShrunkFailure): Promise<void>;
}

/** Keeps results for as long as the process lives. */
export class MemoryStore implements ResultStore {
  readonly results: RangeResult[] = [];
  readonly shrunk: ShrunkFailure[] = [];

  open(): Promise<readonly RangeResult[]> {
    return Promise.resolve([...this.results]);
  }

  append(result: RangeResult): Promise<void> {
    this.results.push(result);
    return Promise.resolve();
  }

  keepShrunk(shrunk: ShrunkFailure): Promise<void> {
    this.shrunk.push(shrunk);
    return Promise.resolve();
  }
}
