import { RuntimeError } from "../base/errors.ts";
import { made, touched } from "../loop/touched.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { Future } from "../tasks/future.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { numberOf, type Primitive, tell } from "./tell.ts";

/** What a task that waits in a {@link WaitQueue} waits for: a future that knows its queue. */
export class Waiter extends Future<void> {
  private readonly _queue: WaitQueue;

  constructor(loop: TaskEventLoop, queue: WaitQueue) {
    super(loop);
    this._queue = queue;
  }

  /** @internal Whom it waits for. */
  get _owner(): Primitive {
    return this._queue.owner;
  }

  override get _kind(): string {
    return this._queue.kind;
  }

  override get _number(): number {
    return numberOf(this._queue.owner, this._loop);
  }

  override toString(): string {
    return `${this._queue.kind} ${this._queue.owner}`;
  }
}

/**
 * Where tasks wait for a primitive, first come, first served. Every wait of this room goes through one.
 *
 * A waiter that is woken stays until its task runs, so that newcomers cannot overtake it; whoever leaves because of a cancellation is
 * the primitive's to care for, lest a wake-up be lost.
 *
 * Invariant: all waiters belong to one loop, that of the first.
 *
 * @see trio's `ParkingLot`; asyncio keeps a deque of futures in each primitive
 */
export class WaitQueue {
  /** For traces and texts: what the waiters do, such as `"Lock.acquire"`. */
  readonly kind: string;
  /** Whose queue it is. */
  readonly owner: Primitive;
  private readonly _waiters = new Set<Waiter>();
  private _loop: TaskEventLoop | null = null;

  constructor(kind: string, owner: Primitive) {
    this.kind = kind;
    this.owner = owner;
    made(owner);
  }

  /** How many wait, woken ones included. */
  get size(): number {
    return this._waiters.size;
  }

  /** Join at the end. @throws RuntimeError if the queue is in use by another loop. */
  join(): Waiter {
    const loop = runningTaskLoop();
    this._loop ??= loop;
    if (this._loop !== loop) {
      throw new RuntimeError(`${this.owner} is bound to a different event loop; make one for each`);
    }
    const waiter = new Waiter(loop, this);
    this._waiters.add(waiter);
    touched(this.owner, "w");
    tell(this.owner, "waited", this._waiters.size);
    return waiter;
  }

  /** Leave, woken or not. */
  leave(waiter: Waiter): void {
    touched(this.owner, "w");
    this._waiters.delete(waiter);
  }

  /** The waiter that came first, woken or not. */
  first(): Waiter | undefined {
    return this._waiters.values().next().value;
  }

  /** Wake the first `count` waiters that are not woken yet. @returns How many there were. */
  wake(count: number): number {
    touched(this.owner, "w");
    if (this._waiters.size === 0) {
      return 0;
    }
    let woken = 0;
    for (const waiter of this._waiters) {
      if (woken >= count) {
        break;
      }
      if (!waiter.done()) {
        waiter.setResult();
        woken++;
      }
    }
    return woken;
  }

  /** Take waiters out of the queue up to the first that is not woken yet, and wake that. */
  wakeAndRemoveFirst(): void {
    touched(this.owner, "w");
    if (this._waiters.size === 0) {
      return;
    }
    for (const waiter of this._waiters) {
      this._waiters.delete(waiter);
      if (!waiter.done()) {
        waiter.setResult();
        return;
      }
    }
  }

  /** Whether nobody waits whose wait has not been cancelled. */
  allCancelled(): boolean {
    if (this._waiters.size === 0) {
      return true;
    }
    for (const waiter of this._waiters) {
      if (!waiter.cancelled()) {
        return false;
      }
    }
    return true;
  }
}
