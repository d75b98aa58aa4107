import { RuntimeError } from "../base/errors.ts";
import { type Linked, LinkedQueue } from "../base/linked-queue.ts";
import { made, touched } from "../loop/touched.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { Future } from "../tasks/future.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { noteWaitPlace } from "../tasks/wait-places.ts";
import { numberOf, type Primitive, tell } from "./tell.ts";

/** What a waiter knows of its queue. */
interface Place {
  readonly kind: string;
  readonly owner: Primitive;
}

/** What stands in a {@link WaitQueue}. */
export interface Queued extends Linked {
  /** @internal Whether it waits and has not been woken. */
  _isPending(): boolean;
  /** @internal Whether its wait was cancelled. */
  _isCancelled(): boolean;
  /** @internal End its wait: the task goes on in the next pass. */
  _wake(): void;
}

/** What a task that waits in a {@link WaitQueue} waits for: a future that knows its queue. */
export class Waiter<T = void> extends Future<T> implements Queued {
  /** @internal */
  _front: Linked | null = null;
  /** @internal */
  _back: Linked | null = null;
  /** @internal Where it waits. */
  readonly _place: Place;

  constructor(loop: TaskEventLoop, place: Place) {
    super(loop);
    this._place = place;
  }

  /** @internal What it waits for. */
  get _owner(): Primitive {
    return this._place.owner;
  }

  override get _kind(): string {
    return this._place.kind;
  }

  override get _number(): number {
    return numberOf(this._place.owner, this._loop);
  }

  /** @internal */
  _isPending(): boolean {
    return !this.done();
  }

  /** @internal */
  _isCancelled(): boolean {
    return this.cancelled();
  }

  /** @internal */
  _wake(): void {
    this.setResult(undefined as T);
  }

  override toString(): string {
    return `${this._place.kind} ${this._place.owner}`;
  }
}

/**
 * Where tasks wait for a primitive, first come, first served, or in an order given. Every wait of this layer and of
 * resources goes through one.
 *
 * A waiter that is woken stays until its task runs, so that newcomers cannot overtake it; a waiter that leaves because
 * of a cancellation is the primitive's responsibility, lest a wake-up be lost.
 *
 * Invariant: all waiters belong to one loop, that of the first.
 *
 * @see trio's `ParkingLot`; asyncio keeps a deque of futures in each primitive
 */
export class WaitQueue<W extends Queued = Queued> {
  /** For traces and messages: what the waiters do, such as `"Lock.acquire"`. */
  readonly kind: string;
  /** The primitive that it belongs to. */
  readonly owner: Primitive;
  private readonly _waiters = new LinkedQueue<W>();
  private _loop: object | null = null;

  constructor(kind: string, owner: Primitive) {
    this.kind = kind;
    this.owner = owner;
    made(owner);
  }

  /** How many wait, woken ones included. */
  get size(): number {
    return this._waiters.size;
  }

  /** The waiters in order. */
  get waiters(): LinkedQueue<W> {
    return this._waiters;
  }

  /** The running loop, to which the queue belongs from now on. @throws RuntimeError if it belongs to another. */
  loop(): TaskEventLoop {
    const loop = runningTaskLoop();
    this.belongTo(loop);
    return loop;
  }

  /** The queue belongs to `loop` from now on. @throws RuntimeError if it belongs to another. */
  belongTo(loop: object): void {
    if (this._loop !== loop) {
      if (this._loop !== null) {
        throw new RuntimeError(`${this.owner} is bound to a different event loop; make one for each`);
      }
      this._loop = loop;
    }
  }

  /** Let `waiter` join at the end. */
  append(waiter: W): void {
    this._waiters.append(waiter);
    touched(this.owner, "w");
    tell(this.owner, "waited", this._waiters.size);
  }

  /** Let `waiter` join: at the end, or in front of those at the end that come after it. */
  enter(waiter: W, isBefore: ((a: W, b: W) => boolean) | null = null): void {
    if (isBefore === null) {
      this._waiters.append(waiter);
    } else {
      this._waiters.insert(waiter, isBefore);
    }
    touched(this.owner, "w");
    tell(this.owner, "waited", this._waiters.size);
  }

  /** Leave, woken or not. */
  leave(waiter: W): void {
    noteWaitPlace();
    touched(this.owner, "w");
    this._waiters.remove(waiter);
  }

  /** The waiter that came first, woken or not. */
  first(): W | null {
    return this._waiters.first;
  }

  /** Wake the first `count` waiters that are not woken yet. @returns How many there were. */
  wake(count: number): number {
    touched(this.owner, "w");
    let woken = 0;
    for (let waiter = this._waiters.first; waiter !== null && woken < count; waiter = this._waiters.after(waiter)) {
      if (waiter._isPending()) {
        waiter._wake();
        woken++;
      }
    }
    return woken;
  }

  /** Take waiters out of the queue up to the first that is not woken yet, and wake that. */
  wakeAndRemoveFirst(): void {
    touched(this.owner, "w");
    for (let waiter = this._waiters.first; waiter !== null; waiter = this._waiters.first) {
      this._waiters.remove(waiter);
      if (waiter._isPending()) {
        waiter._wake();
        return;
      }
    }
  }

  /** Whether no waiter is left whose wait has not been cancelled. */
  allCancelled(): boolean {
    for (let waiter = this._waiters.first; waiter !== null; waiter = this._waiters.after(waiter)) {
      if (!waiter._isCancelled()) {
        return false;
      }
    }
    return true;
  }
}
