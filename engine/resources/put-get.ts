import { RuntimeError } from "../base/errors.ts";
import { WaitQueue } from "../sync/wait-queue.ts";
import type { Listener } from "../tasks/drive.ts";
import { FAILED, PENDING } from "../tasks/future-state.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { ClosedError } from "./closed-error.ts";
import type { Monitoring } from "./monitor.ts";
import { ResourceEvent } from "./resource-event.ts";
import { Station } from "./station.ts";

/** What a put or a get knows of its container or store. */
interface Exchange {
  /** @internal */
  _putProcessed(): void;
  /** @internal */
  _getProcessed(): void;
  /** @internal */
  _someoneLeft(): void;
}

/**
 * A `put` or a `get` that is under way. Awaiting it waits until it is met; cancelling it withdraws it.
 *
 * @see simpy.resources.base
 */
export abstract class ExchangeEvent<T> extends ResourceEvent<T> {
  /** When it was made, in seconds. */
  readonly time: number;
  protected readonly _exchange: Exchange;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, exchange: Exchange) {
    super(loop, queue);
    this.time = loop.time();
    this._exchange = exchange;
  }

  /** @internal A task that was interrupted while it waited withdraws it: nothing would take what comes. */
  override _leftBy(task: Listener): void {
    super._leftBy(task);
    if (!this._isAwaited()) {
      this._drop();
    }
  }

  /** @internal The container or store was closed, and this can never be met. */
  _failClosed(error: ClosedError): void {
    this._queue.leave(this);
    this._settle(FAILED, error);
  }

  protected override _left(): void {
    this._exchange._someoneLeft();
  }
}

/** What containers and stores have in common: tasks that wait to put, and tasks that wait to get. */
export abstract class PutGetStation<
  P extends ExchangeEvent<unknown>,
  G extends ExchangeEvent<unknown>,
> extends Station {
  protected readonly _putters: WaitQueue<P>;
  protected readonly _getters: WaitQueue<G>;
  protected _loop: TaskEventLoop | null = null;
  private _isClosed = false;

  constructor(what: string, name: string | undefined, capacity: number, monitoring: Monitoring | undefined) {
    super(what, name, capacity, monitoring);
    this._putters = new WaitQueue<P>(`${this.constructor.name}.put`, this);
    this._getters = new WaitQueue<G>(`${this.constructor.name}.get`, this);
  }

  /** Requests to put that wait for room. */
  get putQueueLength(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._putters.size;
  }

  /** Requests to get that wait for something to come. */
  get getQueueLength(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._getters.size;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this._isClosed;
  }

  /**
   * Take nothing more: `put` throws from now on, puts that wait fail with {@link ClosedError}, and gets fail once what
   * is left cannot meet them.
   *
   * Closing twice does nothing.
   */
  close(): void {
    this._runningLoop()._ordering?.touched(this, "w");
    this._isClosed = true;
    for (const putter of this._putters.waiters) {
      putter._failClosed(new ClosedError(`${this} was closed`));
    }
    this._failGetters();
  }

  /** @internal */
  _putProcessed(): void {
    this._serveGetters();
  }

  /** @internal */
  _getProcessed(): void {
    this._servePutters();
    this._failGetters();
  }

  /** @internal Whoever stood behind one that has left may be next. */
  _someoneLeft(): void {
    this._servePutters();
    this._serveGetters();
    this._monitorQueue();
    if (this._monitor !== null) {
      this._monitor.reneged++;
    }
  }

  /** Meet the puts that wait, as far as there is room. */
  protected abstract _servePutters(): void;

  /** Meet the gets that wait, as far as there is something. */
  protected abstract _serveGetters(): void;

  /** Whether `getter` could be met with what is there. */
  protected abstract _canMeet(getter: G): boolean;

  protected _requireOpen(): void {
    if (this._isClosed) {
      throw new ClosedError(`put: ${this} was closed`);
    }
  }

  /** A put or get was met: it leaves the queue, and has its turn. */
  protected _meet(event: ExchangeEvent<unknown>, what: "acquired" | "released"): void {
    const loop = event._loop as TaskEventLoop;
    event._queue.leave(event);
    if (this._monitor !== null) {
      this._monitorQueue();
      this._monitor.inUse.set(this._inUse());
      if (what === "acquired") {
        this._monitor.waiting.add(loop.time() - event.time, loop.time());
      }
    }
    if (loop._instrument !== null) {
      this._tell(what, this._putters.size + this._getters.size, this._inUse());
    }
    event._trigger();
  }

  protected _monitorQueue(): void {
    this._monitor?.queueLength.set(this._getters.size);
  }

  protected override _runningLoop(): TaskEventLoop {
    const loop = this._putters.loop();
    this._getters.loop();
    if (this._loop === null) {
      this._loop = loop;
    } else if (this._loop !== loop) {
      throw new RuntimeError(`${this} is bound to a different event loop; make one for each`);
    }
    if (this._needsMonitor) {
      this._attachMonitor(loop);
    }
    return loop;
  }

  private _failGetters(): void {
    if (!this._isClosed || this._putters.size > 0) {
      return;
    }
    for (const getter of this._getters.waiters) {
      if (getter._state === PENDING && !this._canMeet(getter)) {
        getter._failClosed(new ClosedError(`get: ${this} was closed, and will never have what is missing`));
      }
    }
  }
}
