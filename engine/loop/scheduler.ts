import { RuntimeError } from "../base/errors.ts";
import type { ReadyQueue } from "../base/ordering-policy.ts";
import { RingBuffer } from "../base/ring-buffer.ts";
import type { Runnable } from "../base/runnable.ts";
import { type Callback, Handle, TimerHandle } from "./handle.ts";
import { LoopServices } from "./loop-services.ts";
import { type LoopOptions, requireOneOf } from "./options.ts";
import { Resolution } from "./resolution.ts";
import type { Selector } from "./selector.ts";
import { createTimerQueue, dropCancelled, type Timer, type TimerQueue } from "./timers.ts";
import { requireCallback, requireDelay, requireInstant } from "./validate.ts";

/**
 * What is to happen on a loop, and when: virtual time, the ready queue and the timers.
 *
 * Invariant: virtual time never goes back, and nothing in the timer queue is due before it.
 */
export abstract class Scheduler extends LoopServices {
  readonly _ready: ReadyQueue<Runnable>;
  _context: object | null = null;
  _steps = 0;
  protected _time = 0;

  private readonly _timers: TimerQueue;
  private _cancelledTimers = 0;
  protected readonly _resolution = new Resolution();
  private _selector: Selector | null = null;
  private _ids = 0;
  private _closed = false;
  /**
   * The host has its turn in the middle of a run: whatever acts on the loop now comes from outside of the simulation.
   */
  protected _isAway = false;

  constructor(options: LoopOptions) {
    super(options);
    this._timers = createTimerQueue(requireOneOf("timerTies", options.timerTies, ["fifo", "heapq"]));
    this._ready = this._ordering?.createReadyQueue() ?? this._createReadyQueue();
  }

  /** The loop's clock in seconds; it starts at 0 and is virtual. @see asyncio `loop.time` */
  time(): number {
    return this._time;
  }

  /**
   * Call `callback` with `args` in the next pass, after everything that is ready already.
   *
   * @throws TypeError if `callback` is not a function, or is a coroutine function; RuntimeError if the loop is closed.
   * @see asyncio `loop.call_soon`. Differs: no `context` argument, write `callSoon(() => context.run(callback))`.
   */
  callSoon<A extends readonly unknown[]>(callback: Callback<A>, ...args: A): Handle {
    this._requireOpen();
    requireCallback("callSoon", callback);
    const handle = new Handle(this, callback as Callback, args, this._copyContext());
    this._ready.push(handle);
    this._instrument?.handleScheduled(handle.id, this._hostName(handle._context));
    return handle;
  }

  /**
   * Call `callback` with `args` once, `delay` seconds of virtual time from now.
   *
   * With a `delay` of zero or less the call is due in the next pass, behind what is ready then. An infinite delay never
   * ends.
   *
   * @throws RangeError if `delay` is NaN or negative infinity; TypeError and RuntimeError as `callSoon`.
   * @see asyncio `loop.call_later`. Differs: timers with equal deadlines are first come, first served (see
   * `timerTies`).
   */
  callLater<A extends readonly unknown[]>(delay: number, callback: Callback<A>, ...args: A): TimerHandle {
    requireDelay("callLater", delay);
    return this._callAt("callLater", this._time + delay, callback, args);
  }

  /**
   * Call `callback` with `args` once, at the instant `when` of the loop's clock, in seconds.
   *
   * @throws RangeError if `when` is NaN or negative infinity; TypeError and RuntimeError as `callSoon`.
   * @see asyncio `loop.call_at`
   */
  callAt<A extends readonly unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle {
    requireInstant("callAt", when);
    return this._callAt("callAt", when, callback, args);
  }

  /** Whether the loop was closed. @see asyncio `loop.is_closed` */
  isClosed(): boolean {
    return this._closed;
  }

  _nextId(): number {
    return ++this._ids;
  }

  /** @internal The number that was given last. */
  _lastId(): number {
    return this._ids;
  }

  _schedule(when: number, timer: Timer): void {
    timer._due = when;
    timer._scheduled = when < Number.POSITIVE_INFINITY;
    if (timer._scheduled) {
      if (this._ordering !== null) {
        timer._due = this._ordering.timerDue(when, timer);
      }
      this._timers.push(timer);
    }
  }

  _timerCancelled(): void {
    this._cancelledTimers++;
  }

  /** @internal Attach the source of events beside timers: the network. */
  _attach(selector: Selector): void {
    this._selector = selector;
  }

  /** @internal @throws RuntimeError if the loop is closed; as {@link _requireInside}. */
  _requireOpen(): void {
    if (this._closed) {
      throw new RuntimeError("Event loop is closed");
    }
    this._requireInside();
  }

  /** @internal @throws ForeignCallError between two steps of a run, when only the real world can be calling. */
  _requireInside(): void {
    if (this._isAway) {
      this._refuseForeignCall();
    }
  }

  /** Refuse a call of the real world. */
  protected abstract _refuseForeignCall(): never;

  /** @internal Whether anything is still to come by itself: a timer, or something that the network does. */
  _hasEvents(): boolean {
    this._dropCancelledTimers();
    return this._nextEvent() < Number.POSITIVE_INFINITY;
  }

  /** @internal Whether a timer of this loop is still to come. */
  _hasTimers(): boolean {
    return this._timers.headWhen < Number.POSITIVE_INFINITY;
  }

  /** @internal The context for something scheduled now. */
  abstract _copyContext(): object | null;

  /** The plain ready queue. */
  protected _createReadyQueue(): RingBuffer<Runnable> {
    return new RingBuffer<Runnable>();
  }

  /** Nothing may be scheduled any more. */
  protected _markClosed(): void {
    this._closed = true;
  }

  /** Drop cancelled timers by asyncio's rule. */
  protected _dropCancelledTimers(): void {
    if (this._cancelledTimers > 0) {
      this._cancelledTimers = dropCancelled(this._timers, this._cancelledTimers);
    }
  }

  /** The instant of the next event, a timer's or the network's; `Infinity` when there is none. */
  protected _nextEvent(): number {
    const polled = this._selector === null ? Number.POSITIVE_INFINITY : this._selector.nextEvent();
    return polled < this._timers.headWhen ? polled : this._timers.headWhen;
  }

  /** Queue what is due now: what the network has made ready, and the timers behind it. */
  protected _queueDue(): void {
    if (this._selector !== null) {
      this._instrument?.outsideActs();
      this._selector.poll(this._time);
    }
    const end = this._time + this._resolution.at(this._time);
    while (this._timers.headWhen < end) {
      const timer = this._timers.pop()!;
      timer._scheduled = false;
      this._ready.push(timer);
    }
  }

  /** Whether nothing will join, at this instant and by itself, what is in the ready queue. */
  protected _nothingElseDue(): boolean {
    return (
      this._selector === null &&
      this._cancelledTimers === 0 &&
      this._timers.headWhen >= this._time + this._resolution.at(this._time)
    );
  }

  /** Move virtual time on. */
  protected _setTime(time: number): void {
    if (time > this._time) {
      this._time = time;
      this._instrument?.clockAdvanced(time);
    }
  }

  private _callAt<A extends readonly unknown[]>(
    method: string,
    when: number,
    callback: Callback<A>,
    args: A,
  ): TimerHandle {
    this._requireOpen();
    requireCallback(method, callback);
    const handle = new TimerHandle(this, when, callback as Callback, args, this._copyContext());
    this._schedule(when, handle);
    if (handle._due > when) {
      handle._setFor = when;
    }
    this._instrument?.timerScheduled(handle.id, when, this._hostName(handle._context));
    return handle;
  }
}
