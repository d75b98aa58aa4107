import type { ReadyQueue } from "../base/ordering-policy.ts";
import type { Runnable } from "../base/runnable.ts";

/** How many steps before the limit the guard begins to note what runs. */
const NOTED_STEPS = 64;

/**
 * Notices when virtual time stands still for too many steps, as when a task sleeps for so little that adding it to the
 * time makes no difference.
 *
 * It is asked now and then; only shortly before the limit does it look at what runs.
 */
export class StandstillGuard {
  private readonly _limit: number;
  private _instant = Number.NaN;
  private _since = 0;
  private _noted: Set<Runnable> | null = null;

  /** @param limit - Steps at one instant. */
  constructor(limit: number) {
    this._limit = limit;
  }

  /**
   * Take note of the present `time` and `steps`.
   *
   * @param ready - Where what runs next comes from.
   * @returns After how many steps to ask again; 0 once the limit is reached.
   */
  look(time: number, steps: number, ready: ReadyQueue<Runnable>): number {
    if (time !== this._instant) {
      this._instant = time;
      this._since = steps;
      this._stopNoting(ready);
    }
    const left = this._since + this._limit - steps;
    if (left > NOTED_STEPS) {
      return left - NOTED_STEPS;
    }
    if (this._noted === null) {
      this._startNoting(ready);
    }
    return Math.max(left, 0);
  }

  /** What ran last, in the order in which it first did, without repetitions. */
  turning(): readonly Runnable[] {
    return [...(this._noted ?? [])];
  }

  private _startNoting(ready: ReadyQueue<Runnable>): void {
    const noted = new Set<Runnable>();
    this._noted = noted;
    const shift = ready.shift;
    Object.defineProperty(ready, "shift", {
      configurable: true,
      value: () => {
        const item = shift.call(ready);
        if (item !== undefined) {
          noted.add(item);
        }
        return item;
      },
    });
  }

  private _stopNoting(ready: ReadyQueue<Runnable>): void {
    if (this._noted !== null) {
      this._noted = null;
      Reflect.deleteProperty(ready, "shift");
    }
  }
}
