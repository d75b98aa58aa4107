import type { ReadyQueue } from "../../base/ordering-policy.ts";
import type { Runnable } from "../../base/runnable.ts";
import type { LoopCore } from "../../loop/loop-core.ts";
import { Checks } from "./checks.ts";

/** A ready queue that makes checks between two steps. A loop without checks has an ordinary queue, and pays nothing. */
class CheckedQueue implements ReadyQueue<Runnable> {
  readonly checks = new Checks();
  /** So many steps had run at the last check. */
  private _checked = -1;
  /** What the first check that failed threw, which ends the run. */
  private _broken: { readonly error: unknown } | null = null;
  private readonly _loop: LoopCore;
  private readonly _inner: ReadyQueue<Runnable>;

  constructor(loop: LoopCore) {
    this._loop = loop;
    this._inner = loop._ready;
  }

  /** The loop asks between two passes, before time moves on. */
  get length(): number {
    this._checkAfter(this._loop._steps);
    return this._inner.length;
  }

  push(item: Runnable): void {
    this._inner.push(item);
  }

  unshift(item: Runnable): void {
    this._inner.unshift(item);
  }

  shift(): Runnable | undefined {
    // The step that begins has been counted.
    this._checkAfter(this._loop._steps - 1);
    return this._inner.shift();
  }

  worldEnded(): void {
    if (this._broken !== null) {
      throw this._broken.error;
    }
    this.checks.finish();
  }

  private _checkAfter(steps: number): void {
    if (steps !== this._checked && this._broken === null) {
      this._checked = steps;
      try {
        this.checks.verify();
      } catch (error) {
        this._broken = { error };
        throw error;
      }
    }
  }
}

/** The checks that `loop` makes after every step and at its end. */
export function checksOf(loop: LoopCore): Checks {
  if (!(loop._ready instanceof CheckedQueue)) {
    (loop as { _ready: ReadyQueue<Runnable> })._ready = new CheckedQueue(loop);
  }
  return (loop._ready as CheckedQueue).checks;
}
