import { type Chooser, FIFO } from "../run/chooser.ts";
import type { Strategy } from "./strategy.ts";

/** The default schedule and nothing else. */
export class DefaultSchedule implements Strategy {
  readonly name = "fifo";

  next(run: number): Chooser | null {
    return run === 1 ? FIFO : null;
  }
}
