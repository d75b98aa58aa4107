import type { ReadyQueue } from "../../base/ordering-policy.ts";
import type { LoopCore, Runnable } from "../../loop/loop-core.ts";

/** A ready queue that makes checks between two steps. A loop without checks has none of it, and pays nothing. */
class CheckedQueue implements ReadyQueue<Runnable> {
  readonly checks: (() => void)[] = [];
  /** So many steps had run at the last check. */
  private _checked = -1;
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

  private _checkAfter(steps: number): void {
    if (steps !== this._checked) {
      this._checked = steps;
      for (const check of this.checks) {
        check();
      }
    }
  }
}

/** The checks that `loop` makes after every step. */
export function checksOf(loop: LoopCore): (() => void)[] {
  if (!(loop._ready instanceof CheckedQueue)) {
    (loop as { _ready: ReadyQueue<Runnable> })._ready = new CheckedQueue(loop);
  }
  return (loop._ready as CheckedQueue).checks;
}
