import { hostMilliseconds } from "../../loop/host.ts";
import type { Abortable } from "../../loop/options.ts";

/** Ends a run in the middle, because the exploration is to stop. */
export class ExplorationStopped extends Error {
  override name = "ExplorationStopped";
}

const STOPPED = new ExplorationStopped("the exploration was stopped");

/** What can end an exploration from outside. */
export interface Stops {
  /** Ends it with an error. */
  readonly signal: Abortable | undefined;
  /** Ends it with the report so far. */
  readonly stopSignal: Abortable | undefined;
  /** Real seconds that it may take. */
  readonly time: number;
}

/**
 * Says when an exploration has to stop. Runs have it as their signal, so that it is heard in the middle of a long one,
 * too.
 */
export class StopClock implements Abortable {
  private readonly _stops: Stops;
  private readonly _began = hostMilliseconds();
  private _deadline: number;

  constructor(stops: Stops) {
    this._stops = stops;
    this._deadline = this._began + stops.time * 1000;
  }

  /** Real seconds since the exploration began. */
  get seconds(): number {
    return (hostMilliseconds() - this._began) / 1000;
  }

  /** Whether the exploration has to stop, with the report so far. */
  get isOver(): boolean {
    return this._stops.stopSignal?.aborted === true || hostMilliseconds() >= this._deadline;
  }

  get aborted(): boolean {
    return this._stops.signal?.aborted === true || this.isOver;
  }

  get reason(): unknown {
    return this._stops.signal?.aborted === true ? this._stops.signal.reason : STOPPED;
  }

  /** @throws the reason of the signal that ends the exploration with an error, or {@link ExplorationStopped}. */
  throwIfAborted(): void {
    this._stops.signal?.throwIfAborted();
    if (this.isOver) {
      throw STOPPED;
    }
  }

  /** Allow so many more seconds for the last things, if less than that is left. */
  grant(seconds: number): void {
    this._deadline = Math.max(this._deadline, hostMilliseconds() + seconds * 1000);
  }
}
