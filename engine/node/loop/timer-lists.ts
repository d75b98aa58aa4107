import { heappop, heappush } from "../../base/heapq.ts";

/** A timer, as its list sees it. */
export interface ListedTimer {
  /** How long it takes, in milliseconds. */
  readonly _idleTimeout: number;
  /** When it began, in milliseconds. */
  _idleStart: number;
  /** The list that it is in. */
  _list: TimerList | null;
  /** It is due, and its call is queued. */
  _isTaken: boolean;
  /** Whether it keeps its process alive. */
  readonly _isRefed: boolean;
  /** When it is due, in milliseconds. */
  _due(): number;
  /** Let it run next. */
  _queue(): void;
  /** Let it run, though the program is over. */
  _runDry(): void;
}

/** The timers of one duration, in the order in which they were started. */
export class TimerList {
  readonly milliseconds: number;
  readonly timers = new Set<ListedTimer>();
  /** Where it stands in the queue; `null` while its timers run. */
  place: Place | null = null;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  get first(): ListedTimer | undefined {
    for (const timer of this.timers) {
      return timer;
    }
    return undefined;
  }
}

/** A list in the queue. */
interface Place {
  readonly list: TimerList;
  /** When its first timer is due, or was when it was looked at last. */
  readonly expiry: number;
  /** Number by which lists with equal expiry are ordered. */
  readonly id: number;
  isDropped: boolean;
}

const isEarlier = (a: Place, b: Place): boolean => a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);

/**
 * Node's timers: a list for each duration in whole milliseconds, and the lists in a queue by the expiry of their first
 * timer.
 *
 * In Node, lists that are due run one after another, and each gets a new place in the queue when it has run. Here, all
 * due timers are queued in that order at once, so that an exploration can choose among them; a list gets its new place
 * when the last of them has run, as in Node.
 *
 * Invariants: a list is in `_byDuration` exactly while it is in the queue and not dropped, or in `_running`; all places
 * before those of `_running` are dropped.
 *
 * @see lib/internal/timers.js `processTimers`, `listOnTimeout`, `insert`
 */
export class TimerLists {
  /** How many timers keep the process from ending. */
  refed = 0;
  private readonly _byDuration = new Map<number, TimerList>();
  private readonly _queue: Place[] = [];
  /** The lists that are due, in the order in which they run. */
  private readonly _running: TimerList[] = [];
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

  /** Let `timer` run once its duration has passed since `start`: it goes to the end of its list. */
  insert(timer: ListedTimer, start: number): void {
    timer._list?.timers.delete(timer);
    timer._idleStart = start;
    const milliseconds = Math.trunc(timer._idleTimeout);
    let list = this._byDuration.get(milliseconds);
    if (list === undefined) {
      list = new TimerList(milliseconds);
      this._byDuration.set(milliseconds, list);
      this._enqueue(list, timer._due());
    }
    list.timers.add(timer);
    timer._list = list;
  }

  /**
   * Take `timer` out for good.
   *
   * @param isRefed - It keeps the process alive: then an empty list of its duration goes at once, so that the next
   * timer of it begins a new one.
   * @see lib/timers.js `unenroll`
   */
  remove(timer: ListedTimer, isRefed: boolean): void {
    timer._list?.timers.delete(timer);
    timer._list = null;
    timer._isTaken = false;
    const list = this._byDuration.get(Math.trunc(timer._idleTimeout));
    if (isRefed && list?.timers.size === 0) {
      this._drop(list);
    }
  }

  /** Mark all timers that are due at `now` as taken. @returns Them, in the order in which they run. */
  takeDue(now: number): ListedTimer[] {
    const due: ListedTimer[] = [];
    while (this.nextExpiry <= now) {
      const { list } = heappop(this._queue, isEarlier)!;
      list.place = null;
      this._running.push(list);
      for (const timer of list.timers) {
        if (timer._due() > now) {
          break;
        }
        timer._isTaken = true;
        due.push(timer);
      }
    }
    return due;
  }

  /** The call of `timer` begins. @returns Its list, for {@link ended}. */
  begin(timer: ListedTimer, now: number): TimerList | null {
    const { _list: list } = timer;
    timer._isTaken = false;
    if (list === null) {
      return null;
    }
    let head = this._running[0];
    while (head !== undefined && head !== list && head.first?._isTaken !== true) {
      this._finish(head, now);
      head = this._running[0];
    }
    list.timers.delete(timer);
    timer._list = null;
    return list;
  }

  /** The call of a timer of `list` has ended. */
  ended(list: TimerList | null, now: number): void {
    if (list !== null && list.first?._isTaken !== true && this._running.includes(list)) {
      this._finish(list, now);
    }
  }

  /** All timers that were due have run, but for those that an exploration holds back. */
  settle(now: number): void {
    while (this._running.length > 0) {
      const list = this._running[0]!;
      for (const timer of list.timers) {
        if (timer._isTaken) {
          list.timers.delete(timer);
          timer._list = null;
        }
      }
      this._finish(list, now);
    }
  }

  /** Give `list`, which has run, a new place, or drop it. */
  private _finish(list: TimerList, now: number): void {
    const { first } = list;
    if (first === undefined) {
      this._drop(list);
    } else {
      this._leaveRunning(list);
      this._enqueue(list, Math.max(first._due(), now + 1));
    }
  }

  private _enqueue(list: TimerList, expiry: number): void {
    list.place = { list, expiry, id: this._ids++, isDropped: false };
    heappush(this._queue, list.place, isEarlier);
  }

  private _drop(list: TimerList): void {
    this._byDuration.delete(list.milliseconds);
    if (list.place === null) {
      this._leaveRunning(list);
    } else {
      list.place.isDropped = true;
    }
  }

  private _leaveRunning(list: TimerList): void {
    this._running.splice(this._running.indexOf(list), 1);
  }
}
