import type { ReadyQueue } from "../../base/ordering-policy.ts";
import type { Runnable } from "../../base/runnable.ts";
import { Handle } from "../../loop/handle.ts";
import type { Context } from "../../tasks/context.ts";
import { Task } from "../../tasks/task.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import { currentLife, type Life } from "./life.ts";

/** The context that an item of the ready queue runs in; timers of sleeps have none, they only wake their tasks. */
function contextOf(item: Runnable): Context | null {
  if (item instanceof Task) {
    return item.getContext();
  }
  return item instanceof Handle ? (item._context as Context | null) : null;
}

/**
 * A ready queue that keeps what belongs to hosts that do not run: what is ready on a paused host waits until it is
 * resumed, what was to run on one that crashed is gone. Installed by the first such fault, so that others pay nothing
 * for it.
 */
export class Gate implements ReadyQueue<Runnable> {
  private readonly _inner: ReadyQueue<Runnable>;
  private readonly _kept = new Map<Life, Runnable[]>();
  private readonly _nothing: Runnable;

  private constructor(loop: TaskEventLoop) {
    this._inner = loop._ready;
    this._nothing = { _run: () => loop._steps-- };
  }

  /** Put a gate before the ready queue of `loop`. */
  static install(loop: TaskEventLoop): Gate {
    const gate = new Gate(loop);
    (loop as { _ready: ReadyQueue<Runnable> })._ready = gate;
    return gate;
  }

  get length(): number {
    return this._inner.length;
  }

  push(item: Runnable): void {
    this._inner.push(item);
  }

  unshift(item: Runnable): void {
    this._inner.unshift(item);
  }

  shift(): Runnable | undefined {
    const item = this._inner.shift();
    const life = item === undefined ? undefined : contextOf(item)?.get(currentLife);
    if (item === undefined || life === undefined || life.state === "running") {
      return item;
    }
    if (life.state === "paused") {
      this._keep(life, item);
    }
    return this._nothing;
  }

  /** Let what was kept for `life` run, in the order in which it became ready. */
  release(life: Life): void {
    const kept = this._kept.get(life) ?? [];
    this._kept.delete(life);
    for (const item of kept) {
      this._inner.push(item);
    }
  }

  /** Forget what was kept for `life`. */
  forget(life: Life): void {
    this._kept.delete(life);
  }

  private _keep(life: Life, item: Runnable): void {
    const kept = this._kept.get(life);
    if (kept === undefined) {
      this._kept.set(life, [item]);
    } else {
      kept.push(item);
    }
  }
}
