import { heapify, heappop, heappush } from "../base/heapq.ts";
import { LadderQueue } from "../base/ladder-queue.ts";
import type { Chained } from "../base/rung.ts";

/** How timers with the same deadline are ordered. */
export type TimerTies = "fifo" | "heapq";

/** Something that is due at an instant. */
export interface Timer extends Chained {
  /** @internal Withdrawn; still in the queue until its turn or a sweep. */
  readonly _cancelled: boolean;
  /** @internal In the timer queue. */
  _scheduled: boolean;
  /** @internal */
  _run(): void;
}

/** The timers of a loop, the earliest first. */
export interface TimerQueue {
  readonly headWhen: number;
  readonly size: number;
  /** Add `timer` at the time that it has. */
  push(timer: Timer): void;
  pop(): Timer | undefined;
  peek(): Timer | undefined;
  retain(keep: (timer: Timer) => boolean): void;
}

const earlier = (a: Timer, b: Timer): boolean => a._due < b._due;

/** Timers in the order in which CPython's binary heap gives them back: equal deadlines leave in no simple order. */
export class HeapqTimers implements TimerQueue {
  private _heap: Timer[] = [];

  get headWhen(): number {
    return this._heap[0]?._due ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this._heap.length;
  }

  push(timer: Timer): void {
    heappush(this._heap, timer, earlier);
  }

  pop(): Timer | undefined {
    return heappop(this._heap, earlier);
  }

  peek(): Timer | undefined {
    return this._heap[0];
  }

  retain(keep: (timer: Timer) => boolean): void {
    this._heap = this._heap.filter(keep);
    heapify(this._heap, earlier);
  }
}

/** A new timer queue with the given order among equal deadlines. */
export const createTimerQueue = (ties: TimerTies): TimerQueue =>
  ties === "heapq" ? new HeapqTimers() : new LadderQueue<Timer>();

/** asyncio's `_MIN_SCHEDULED_TIMER_HANDLES` and `_MIN_CANCELLED_TIMER_HANDLES_FRACTION`. */
const SWEEP_ABOVE = 100;
const SWEEP_FRACTION = 0.5;

const isLive = (timer: Timer): boolean => {
  if (timer._cancelled) {
    timer._scheduled = false;
    return false;
  }
  return true;
};

/**
 * Drop cancelled timers: all of them when they are many, else those at the head.
 *
 * @param cancelled - asyncio's count of them, which drifts upwards: a cancelled timer that is popped as due stays
 * counted.
 * @returns The new count.
 * @see asyncio `BaseEventLoop._run_once`
 */
export function dropCancelled(timers: TimerQueue, cancelled: number): number {
  const size = timers.size;
  if (size > SWEEP_ABOVE && cancelled / size > SWEEP_FRACTION) {
    timers.retain(isLive);
    return 0;
  }
  let count = cancelled;
  for (let head = timers.peek(); head?._cancelled === true; head = timers.peek()) {
    timers.pop();
    head._scheduled = false;
    count--;
  }
  return count;
}
