import type { ReadyQueue } from "../base/ordering-policy.ts";
import type { LoopCore, Runnable } from "../loop/loop-core.ts";

/** A ready queue that makes checks between two steps. A loop without checks has none of it, and pays nothing. */
class CheckedQueue implements ReadyQueue<Runnable> {
  readonly checks: (() => void)[] = [];
  /** A step has run since the last check. */
  private _isDue = true;
  private readonly _inner: ReadyQueue<Runnable>;

  constructor(inner: ReadyQueue<Runnable>) {
    this._inner = inner;
  }

  /** The loop asks between two passes, before time moves on. */
  get length(): number {
    this._check();
    return this._inner.length;
  }

  push(item: Runnable): void {
    this._inner.push(item);
  }

  shift(): Runnable | undefined {
    this._check();
    this._isDue = true;
    return this._inner.shift();
  }

  private _check(): void {
    if (this._isDue) {
      this._isDue = false;
      for (const check of this.checks) {
        check();
      }
    }
  }
}

/** The checks that `loop` makes after every step. */
export function checksOf(loop: LoopCore): (() => void)[] {
  if (!(loop._ready instanceof CheckedQueue)) {
    (loop as { _ready: ReadyQueue<Runnable> })._ready = new CheckedQueue(loop._ready);
  }
  return (loop._ready as CheckedQueue).checks;
}
