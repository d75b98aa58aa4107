import { heappop, heappush } from "../../base/heapq.ts";

/** A timer, as its list sees it. */
export interface ListedTimer {
  /** How long it takes, in milliseconds. */
  readonly _idleTimeout: number;
  /** When it began, in milliseconds. */
  _idleStart: number;
  /** Whether it keeps its process alive. */
  readonly _isRefed: boolean;
  /** The list that it is in. */
  _list: object | null;
  /** When it is due, in milliseconds. */
  _due(): number;
  /** Let it run next. */
  _queue(): void;
  /** Let it run, though the program is over. */
  _runDry(): void;
}

/** The timers of one duration, in the order in which they were started. */
class TimerList {
  readonly milliseconds: number;
  /** When its first timer is due, or was when it was looked at last. */
  expiry: number;
  /** Number by which lists with equal expiry are ordered. */
  id: number;
  readonly timers = new Set<ListedTimer>();
  isDropped = false;

  constructor(milliseconds: number, expiry: number, id: number) {
    this.milliseconds = milliseconds;
    this.expiry = expiry;
    this.id = id;
  }
}

const isEarlier = (a: TimerList, b: TimerList): boolean =>
  a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);

/**
 * Node's timers: a list for each duration in whole milliseconds, and the lists in a queue by the expiry of their first timer.
 *
 * Invariant: a list is in `_byDuration` exactly while it is in the queue and not dropped.
 *
 * @see lib/internal/timers.js
 */
export class TimerLists {
  /** How many timers keep the process from ending. */
  refed = 0;
  private readonly _byDuration = new Map<number, TimerList>();
  private readonly _queue: TimerList[] = [];
  private _ids = 0;

  /** When the next list is due, in milliseconds; `Infinity` when there is none. */
  get nextExpiry(): number {
    let head = this._queue[0];
    while (head?.isDropped === true) {
      heappop(this._queue, isEarlier);
      head = this._queue[0];
    }
    return head?.expiry ?? Number.POSITIVE_INFINITY;
  }

  /** Let `timer`, which is not in a list, run once its duration has passed since `start`. */
  insert(timer: ListedTimer, start: number): void {
    timer._idleStart = start;
    const milliseconds = Math.trunc(timer._idleTimeout);
    let list = this._byDuration.get(milliseconds);
    if (list === undefined) {
      list = new TimerList(milliseconds, timer._due(), this._ids++);
      this._byDuration.set(milliseconds, list);
      heappush(this._queue, list, isEarlier);
    }
    list.timers.add(timer);
    timer._list = list;
    if (timer._isRefed) {
      this.refed++;
    }
  }

  /** Let `timer`, which is in a list, begin again at `start`: it goes to the end of its list. */
  restart(timer: ListedTimer, start: number): void {
    const { timers } = timer._list as TimerList;
    timers.delete(timer);
    timer._idleStart = start;
    timers.add(timer);
  }

  /** Take `timer` out of its list. */
  remove(timer: ListedTimer): void {
    const list = timer._list as TimerList | null;
    if (list === null) {
      return;
    }
    timer._list = null;
    list.timers.delete(timer);
    if (timer._isRefed) {
      this.refed--;
      if (list.timers.size === 0) {
        // As Node does: an empty list of timers that kept the process alive goes at once, so that the next of its duration begins anew.
        this._drop(list);
      }
    }
  }

  /** Take out all timers that are due at `now`, in the order in which they run. */
  takeDue(now: number): ListedTimer[] {
    const due: ListedTimer[] = [];
    while (this.nextExpiry <= now) {
      const list = heappop(this._queue, isEarlier)!;
      this._takeDueOf(list, now, due);
    }
    return due;
  }

  private _takeDueOf(list: TimerList, now: number, due: ListedTimer[]): void {
    for (const timer of list.timers) {
      if (timer._due() > now) {
        list.expiry = Math.max(timer._due(), now + 1);
        list.id = this._ids++;
        heappush(this._queue, list, isEarlier);
        return;
      }
      list.timers.delete(timer);
      timer._list = null;
      if (timer._isRefed) {
        this.refed--;
      }
      due.push(timer);
    }
    this._byDuration.delete(list.milliseconds);
    list.isDropped = true;
  }

  private _drop(list: TimerList): void {
    list.isDropped = true;
    if (this._byDuration.get(list.milliseconds) === list) {
      this._byDuration.delete(list.milliseconds);
    }
  }
}
