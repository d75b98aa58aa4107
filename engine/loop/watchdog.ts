import { afterMicrotasks, inMicrotask } from "./host.ts";

/**
 * Rounds that a step may stay open after the host ran out of microtasks before it counts as waiting for the real world.
 *
 * One round is a `nextTick` that re-arms itself through a microtask. A step that only chains promises settles before
 * the first; measured, 64 rounds caught every real wait and raised no false alarm.
 */
const ROUNDS = 64;

/** What a watchdog sees of a loop. */
export interface Watched {
  /** @internal The number of the step that is open, or 0. */
  _openStep(): number;
  /** @internal The open step waits for something that is not of this loop. */
  _onForeignAwait(): void;
}

/**
 * Notices when an open step waits for the real world.
 *
 * It is armed once and then sleeps through any number of steps, because the host calls it only when it has no microtask
 * left.
 */
export class Watchdog {
  private readonly _loop: Watched;
  private _armed = false;
  private _step = 0;
  private _rounds = 0;

  constructor(loop: Watched) {
    this._loop = loop;
  }

  /** Start watching; does nothing when it already does. */
  arm(): void {
    if (!this._armed) {
      this._armed = true;
      this._rounds = 0;
      afterMicrotasks(this._look);
    }
  }

  private readonly _look = (): void => {
    const step = this._loop._openStep();
    if (step === 0) {
      this._armed = false;
      return;
    }
    this._rounds = step === this._step ? this._rounds + 1 : 0;
    this._step = step;
    if (this._rounds >= ROUNDS) {
      this._armed = false;
      this._loop._onForeignAwait();
      return;
    }
    inMicrotask(() => afterMicrotasks(this._look));
  };
}
