import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { WaitQueue } from "../sync/wait-queue.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { ClosedError } from "./closed-error.ts";
import { ItemList, type Items } from "./items.ts";
import type { Monitoring } from "./monitor.ts";
import { ExchangeEvent, PutGetStation } from "./put-get.ts";

/** Options of a {@link Store}. */
export interface StoreOptions {
  /** How many items fit; any number by default. */
  readonly capacity?: number;
  /** What it is called in reports and traces. */
  readonly name?: string;
  /** Record waiting times, queue length and number of items. False by default, and free then. */
  readonly monitor?: Monitoring;
}

const STORE_OPTIONS = optionNames<StoreOptions>({ capacity: true, name: true, monitor: true });

/** Which items a `get` takes. */
export type ItemFilter<T> = (item: T) => boolean;

/** A `put` into a store that is under way. */
export class StorePut<T> extends ExchangeEvent<void> {
  /** The item. */
  readonly item: T;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, store: Store<T>, item: T) {
    super(loop, queue, store);
    this.item = item;
  }

  protected override _outcome(): void {}

  protected override get _isLasting(): boolean {
    return true;
  }

  protected override _processed(): void {
    this._exchange._putProcessed();
  }

  protected override _undo(): void {}
}

/** A `get` from a store that is under way. Awaiting it returns the item. */
export class StoreGet<T> extends ExchangeEvent<T> {
  /** Which items it takes; `null` for any. */
  readonly filter: ItemFilter<T> | null;
  /** @internal The item, once it is met. */
  _item: T | undefined = undefined;
  /** @internal */
  readonly _store: Store<T>;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, store: Store<T>, filter: ItemFilter<T> | null) {
    super(loop, queue, store);
    this.filter = filter;
    this._store = store;
  }

  override toString(): string {
    return `an item of ${this._store}`;
  }

  protected override _outcome(): T {
    return this._item as T;
  }

  protected override _processed(): void {
    this._exchange._getProcessed();
  }

  protected override _undo(): void {
    this._store._giveBack(this._item as T);
  }
}

/**
 * Items that tasks put in and take out: first in, first out. A task that takes waits while there is none, a task that
 * puts while there is no room.
 *
 * An item that was given to a task that is cancelled at the same instant goes back to the head.
 *
 * @typeParam T - The items.
 * @see simpy.Store. Differs: `get` takes a predicate here as well.
 */
export class Store<T> extends PutGetStation<StorePut<T>, StoreGet<T>> {
  protected readonly _items: Items<T>;

  /** @throws TypeError, RangeError for unknown options and values without sense. */
  constructor(options: StoreOptions = NO_OPTIONS) {
    requireOptions("Store", options, STORE_OPTIONS);
    const { capacity = Number.POSITIVE_INFINITY, name, monitor } = options;
    super("Store", name, capacity, monitor);
    this._items = this._createItems();
  }

  /** The items, in the order in which they would be taken. @see simpy.Store.items */
  get items(): readonly T[] {
    this._loop?._ordering?.touched(this, "r");
    return this._items.list();
  }

  /** How many items there are. */
  get size(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._items.size;
  }

  /** Put `item` in, as soon as there is room. @throws ClosedError if it was closed. @see simpy.Store.put */
  put(item: T): StorePut<T> {
    this._requireOpen();
    const loop = this._runningLoop();
    const event = new StorePut<T>(loop, this._putters as unknown as WaitQueue<never>, this, item);
    if (this._putters.size === 0 && this._items.size < this._capacity) {
      this._items.add(item);
      this._meet(event, "released");
    } else {
      this._putters.enter(event);
      this._servePutters();
    }
    return event;
  }

  /**
   * Take the next item, as soon as there is one.
   *
   * @param filter - Take the first item for which it returns true. A request that nothing fits lets those behind it
   * pass.
   * @throws TypeError unless `filter` is a function; ClosedError if it was closed and no item fits. @see
   * simpy.FilterStore.get
   */
  get(filter: ItemFilter<T> | null = null): StoreGet<T> {
    if (filter !== null && typeof filter !== "function") {
      throw new TypeError(`get: expected a function (item) => boolean, got ${describeValue(filter)}`);
    }
    const loop = this._runningLoop();
    const event = new StoreGet<T>(loop, this._getters as unknown as WaitQueue<never>, this, filter);
    if (this.closed && this._putters.size === 0 && !this._canMeet(event)) {
      throw new ClosedError(`get: ${this} was closed, and has no such item`);
    }
    if (this._getters.size > 0 || !this._take(event)) {
      this._getters.enter(event);
      this._monitorQueue();
      this._serveGetters();
    }
    return event;
  }

  /** @internal The item that a cancelled get had taken in this instant. */
  _giveBack(item: T): void {
    this._items.putBack(item);
    this._monitor?.inUse.set(this._items.size);
    this._serveGetters();
  }

  /** Where the items of a store of this kind are kept. */
  protected _createItems(): Items<T> {
    return new ItemList<T>();
  }

  protected override _inUse(): number {
    return this._items.size;
  }

  /** One, as in SimPy: each item that leaves lets one in. */
  protected override _servePutters(): void {
    const putter = this._putters.first();
    if (putter !== null && this._items.size < this._capacity) {
      this._items.add(putter.item);
      this._meet(putter, "released");
    }
  }

  /** As in SimPy, one to a turn, unless those that wait choose among the items. */
  protected override _serveGetters(): void {
    for (const getter of this._getters.waiters) {
      if (this._items.size === 0) {
        break;
      }
      if (this._take(getter) && !this._asksAll()) {
        break;
      }
    }
  }

  protected override _canMeet(getter: StoreGet<T>): boolean {
    const { filter } = getter;
    return filter === null ? this._items.size > 0 : this._items.list().some((item) => filter(item));
  }

  /** Whether every request that waits is looked at in each turn. */
  protected _asksAll(): boolean {
    for (const { filter } of this._getters.waiters) {
      if (filter !== null) {
        return true;
      }
    }
    return false;
  }

  private _take(getter: StoreGet<T>): boolean {
    const found = this._items.take(getter.filter);
    if (found === null) {
      return false;
    }
    getter._item = found.item;
    this._meet(getter, "acquired");
    return true;
  }
}
