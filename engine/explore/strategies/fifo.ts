import { type Chooser, FIFO } from "../run/chooser.ts";
import type { Strategy } from "./strategy.ts";

/** The plain order and nothing else. */
export class PlainOrder implements Strategy {
  readonly name = "fifo";

  next(run: number): Chooser | null {
    return run === 1 ? FIFO : null;
  }
}
