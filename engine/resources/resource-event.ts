import type { Runnable } from "../base/runnable.ts";
import { Waiter, type WaitQueue } from "../sync/wait-queue.ts";
import { CANCELLED, PENDING } from "../tasks/future-state.ts";

/**
 * A request to a resource, a container or a store, as a future: SimPy's event.
 *
 * It is *triggered* when the request is met, and *processed* a turn later, when whoever waits for it goes on. So things
 * that happen at the same instant happen in the order in which they were triggered, and a request that is met at once
 * still costs a turn.
 *
 * Invariants:
 * 1. a request that is not triggered and not cancelled is in its queue;
 * 2. a triggered one is in the ready queue until it is processed, or was undone.
 */
export abstract class ResourceEvent<T> extends Waiter<T> implements Runnable {
  /** @internal */
  _isTriggered = false;

  /** @internal The queue that it waits in. */
  get _queue(): WaitQueue<ResourceEvent<unknown>> {
    return this._place as unknown as WaitQueue<ResourceEvent<unknown>>;
  }

  /** Whether the request has been met. @see simpy.events.Event.triggered */
  get triggered(): boolean {
    return this._isTriggered;
  }

  /**
   * Withdraw the request; what was taken for it in this instant is given back.
   *
   * @returns Whether it was still open.
   * @see simpy's `cancel`
   */
  override cancel(reason?: string): boolean {
    if (this._state !== PENDING) {
      return false;
    }
    this._withdraw();
    return super.cancel(reason);
  }

  override toString(): string {
    return this._queue.owner.toString();
  }

  /** @internal The request is met: it is processed in a turn of its own. */
  _trigger(): void {
    const loop = this._loop;
    this._isTriggered = true;
    loop._ready.push(this);
    loop._instrument?.handleScheduled(this.id, loop._hostName(loop._context));
  }

  /** @internal Its turn: let others move up, and go on with whoever waits. */
  _run(): void {
    const loop = this._loop;
    if (this._state !== PENDING && !this._isLasting) {
      loop._steps--;
      return;
    }
    loop._instrument?.handleRun(this.id);
    this._processed();
    if (this._state !== PENDING) {
      return;
    }
    this._finishNow(this._outcome());
  }

  /** @internal Take the request back without waking anything. */
  _withdraw(): void {
    this._loop._ordering?.touched(this._owner, "w");
    if (this._isTriggered) {
      if (!this._isLasting) {
        this._loop._instrument?.handleCancelled(this.id);
      }
      this._undo();
    } else {
      this._queue.leave(this);
      this._left();
    }
  }

  /** @internal A part of a combination that was not needed: taken back, and over. */
  _drop(): void {
    if (this._state === PENDING) {
      this._withdraw();
      this._state = CANCELLED;
    }
  }

  /** Whether it has its effect on others even if nothing waits for it any more, once it is triggered. */
  protected get _isLasting(): boolean {
    return false;
  }

  /** What waiting returns. */
  protected abstract _outcome(): T;

  /** It is processed. */
  protected abstract _processed(): void;

  /** It was triggered, but nothing has come of it: give back what was taken. */
  protected abstract _undo(): void;

  /** It has left the queue without being met. */
  protected abstract _left(): void;
}
