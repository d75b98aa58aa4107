import type { StopClock } from "./stop-clock.ts";

/** Runs that may still be made for some purpose, as long as the exploration need not stop. */
export class RunBudget {
  private _left: number;
  private readonly _clock: StopClock;
  private readonly _onRun: () => Promise<void>;

  /** @param onRun - Called before each run, to let the host have its turn. */
  constructor(runs: number, clock: StopClock, onRun: () => Promise<void>) {
    this._left = runs;
    this._clock = clock;
    this._onRun = onRun;
  }

  /** Take one run. @returns Whether there was one left. */
  async take(): Promise<boolean> {
    if (this._left <= 0 || this._clock.isOver) {
      return false;
    }
    this._left--;
    await this._onRun();
    return !this._clock.isOver;
  }
}
