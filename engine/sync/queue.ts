import { describeValue } from "../base/describe.ts";
import { heappop, heappush, type Less } from "../base/heapq.ts";
import type { PrimitiveEvent } from "../base/instrument.ts";
import { RingBuffer } from "../base/ring-buffer.ts";
import { SafeError } from "../base/safe-error.ts";
import { touched } from "../loop/touched.ts";
import type { Driven } from "../tasks/drive.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { Event } from "./event.ts";
import { lessThan } from "./less-than.ts";
import { nameShown, type PrimitiveOptions } from "./named.ts";
import { isTraced, type TracedPrimitive, tell } from "./tell.ts";
import { OperationQueue, WaitOperation } from "./wait-operation.ts";

/** `getNowait` found the queue empty. @see asyncio.QueueEmpty */
export class QueueEmpty extends SafeError {
  override name = "QueueEmpty";
}

/** `putNowait` found the queue full. @see asyncio.QueueFull */
export class QueueFull extends SafeError {
  override name = "QueueFull";
}

/** The queue was shut down. @see asyncio.QueueShutDown */
export class QueueShutDown extends SafeError {
  override name = "QueueShutDown";
}

/** Where a queue keeps its items. */
interface Store<T> {
  readonly length: number;
  put(item: T): void;
  take(): T;
}

class FifoStore<T> extends RingBuffer<T> implements Store<T> {
  put(item: T): void {
    this.push(item);
  }

  take(): T {
    return this.shift() as T;
  }
}

class LifoStore<T> implements Store<T> {
  private readonly _items: T[] = [];

  get length(): number {
    return this._items.length;
  }

  put(item: T): void {
    this._items.push(item);
  }

  take(): T {
    return this._items.pop() as T;
  }
}

class HeapStore<T> implements Store<T> {
  private readonly _items: T[] = [];
  private readonly _less: Less<T>;

  constructor(less: Less<T>) {
    this._less = less;
  }

  get length(): number {
    return this._items.length;
  }

  put(item: T): void {
    heappush(this._items, item, this._less);
  }

  take(): T {
    return heappop(this._items, this._less) as T;
  }
}

/**
 * A queue between tasks, first in, first out.
 *
 * `put` waits while the queue is full, `get` while it is empty. Items are not reserved for who was woken: if another
 * task takes the item first, the woken one waits again, at the end.
 *
 * @typeParam T - The items.
 * @see asyncio.Queue
 */
export class Queue<T> {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  /** How many items fit; zero or less means any number. @see asyncio.Queue.maxsize */
  readonly maxsize: number;
  private readonly _store: Store<T>;
  private readonly _shownName: string;
  /** @internal */
  readonly _getters: OperationQueue<T> = new Getting<T>("Queue.get", this);
  /** @internal */
  readonly _putters: OperationQueue<void> = new Putting<T>("Queue.put", this);
  private readonly _finished = new Event();
  private _unfinished = 0;
  private _isShutDown = false;

  /**
   * @param maxsize - How many items fit; zero, the default, or less for any number.
   * @throws TypeError unless it is a number.
   */
  constructor(maxsize = 0, options?: PrimitiveOptions) {
    this._shownName = nameShown("Queue", options);
    if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
      throw new TypeError(`Queue: expected maxsize to be a number, got ${describeValue(maxsize)}`);
    }
    this.maxsize = maxsize;
    this._store = this._createStore();
    this._finished._set();
  }

  /** How many items are in the queue. @see asyncio.Queue.qsize */
  qsize(): number {
    touched(this, "r");
    return this._store.length;
  }

  /** Whether there is no item. @see asyncio.Queue.empty */
  empty(): boolean {
    touched(this, "r");
    return this._store.length === 0;
  }

  /** Whether no further item fits. @see asyncio.Queue.full */
  full(): boolean {
    touched(this, "r");
    return this.maxsize > 0 && this._store.length >= this.maxsize;
  }

  /** Put `item` in, as soon as there is room. @throws QueueShutDown when awaited. @see asyncio.Queue.put */
  put(item: T): Operation<void> {
    return new WaitOperation<void>(this._putters, item);
  }

  /**
   * Take the next item, as soon as there is one.
   *
   * @throws QueueShutDown when awaited, if the queue is empty.
   * @see asyncio.Queue.get
   */
  get(): Operation<T> {
    return new WaitOperation<T>(this._getters, undefined);
  }

  /** Put `item` in. @throws QueueFull, QueueShutDown. @see asyncio.Queue.put_nowait */
  putNowait(item: T): void {
    touched(this, "w");
    this._requireUp();
    if (this.full()) {
      throw new QueueFull(`${this} is full; wait for room with put()`);
    }
    this._store.put(item);
    this._unfinished++;
    this._finished.clear();
    this._tell("released");
    this._getters.wakeAndRemoveFirst();
  }

  /**
   * Take the next item.
   *
   * @throws QueueEmpty, and QueueShutDown if the queue is empty and shut down.
   * @see asyncio.Queue.get_nowait
   */
  getNowait(): T {
    if (this.empty()) {
      throw this._isShutDown
        ? new QueueShutDown(`${this} was shut down`)
        : new QueueEmpty(`${this} is empty; wait for an item with get()`);
    }
    touched(this, "w");
    const item = this._store.take();
    this._tell("acquired");
    this._putters.wakeAndRemoveFirst();
    return item;
  }

  /**
   * Say that an item that was taken is dealt with.
   *
   * @throws RangeError if it is said more often than items were put.
   * @see asyncio.Queue.task_done
   */
  taskDone(): void {
    touched(this, "w");
    if (this._unfinished <= 0) {
      throw new RangeError(`taskDone() called too many times: every item of ${this} is done already`);
    }
    this._unfinished--;
    if (this._unfinished === 0) {
      this._finished._set();
    }
  }

  /** Wait until every item that was put is done. @see asyncio.Queue.join */
  join(): Operation<void> {
    return new GeneratorOperation("Queue.join", this._joinSteps());
  }

  /**
   * Shut the queue down: `put` fails from now on, and `get` once the queue is empty.
   *
   * @param immediate - Empty it at once, and count the items as done.
   * @see asyncio.Queue.shutdown
   */
  shutdown(immediate = false): void {
    touched(this, "w");
    this._isShutDown = true;
    if (immediate) {
      while (!this.empty()) {
        this._store.take();
        this._unfinished = Math.max(0, this._unfinished - 1);
      }
      if (this._unfinished === 0) {
        this._finished._set();
      }
    }
    wakeAll(this._getters);
    wakeAll(this._putters);
  }

  toString(): string {
    const parts = [`maxsize=${this.maxsize}`, `size=${this._store.length}`];
    if (this._getters.size > 0) {
      parts.push(`getters=${this._getters.size}`);
    }
    if (this._putters.size > 0) {
      parts.push(`putters=${this._putters.size}`);
    }
    if (this._unfinished > 0) {
      parts.push(`tasks=${this._unfinished}`);
    }
    if (this._isShutDown) {
      parts.push("shutdown");
    }
    return `<${this.constructor.name}${this._shownName} ${parts.join(" ")}>`;
  }

  /** The store of a queue of this kind. */
  protected _createStore(): Store<T> {
    return new FifoStore();
  }

  /** @internal @throws QueueShutDown if the queue was shut down. */
  _requireUp(): void {
    if (this._isShutDown) {
      throw new QueueShutDown(`${this} was shut down`);
    }
  }

  private _tell(event: PrimitiveEvent): void {
    if (isTraced()) {
      tell(this, event, this._getters.size + this._putters.size, this._store.length);
    }
  }

  private *_joinSteps(): Steps<void> {
    touched(this, "r");
    if (this._unfinished > 0) {
      yield this._finished.wait();
    }
  }
}

/**
 * Puts or gets. Once woken, one has its room or its item only if no other task was faster, and waits again if one was.
 */
abstract class Transferring<T, Item> extends OperationQueue<T, Queue<Item>> {
  /** Whether one could be done now. */
  protected abstract _isPossible(): boolean;

  goOn(operation: WaitOperation<T>, task: Driven): number {
    return this.attempt(operation) ? operation._finish(operation._value) : operation._join(task);
  }

  /** One that was woken passes the wake-up on if there still is a reason for it. */
  giveUp(operation: WaitOperation<T>): boolean {
    operation._markCancelled();
    this.leave(operation);
    if (this._isPossible() && !operation._isCancelled()) {
      this.wakeAndRemoveFirst();
    }
    return false;
  }
}

class Putting<Item> extends Transferring<void, Item> {
  attempt(operation: WaitOperation<void>): boolean {
    const queue = this.owner;
    if (queue.full()) {
      queue._requireUp();
      return false;
    }
    queue.putNowait(operation._value as Item);
    operation._value = undefined;
    return true;
  }

  protected _isPossible(): boolean {
    return !this.owner.full();
  }
}

class Getting<Item> extends Transferring<Item, Item> {
  attempt(operation: WaitOperation<Item>): boolean {
    const queue = this.owner;
    if (queue.empty()) {
      queue._requireUp();
      return false;
    }
    operation._value = queue.getNowait();
    return true;
  }

  protected _isPossible(): boolean {
    return !this.owner.empty();
  }
}

const wakeAll = (queue: OperationQueue<never>): void => {
  while (queue.size > 0) {
    queue.wakeAndRemoveFirst();
  }
};

/** A queue that returns the item that was put last. @see asyncio.LifoQueue */
export class LifoQueue<T> extends Queue<T> {
  protected override _createStore(): Store<T> {
    return new LifoStore();
  }
}

/**
 * A queue that returns the smallest item first; of equal ones, the one that CPython's heap returns.
 *
 * @see asyncio.PriorityQueue. Differs: how items compare can be given, as JavaScript has no `__lt__`.
 */
export class PriorityQueue<T> extends Queue<T> {
  private readonly _less: Less<T>;

  /**
   * @param maxsize - As of {@link Queue}.
   * @param less - Whether the first item comes before the second; by default numbers, strings, and arrays of them
   * compare as in Python.
   */
  constructor(maxsize = 0, less: Less<T> = lessThan, options?: PrimitiveOptions) {
    super(maxsize, options);
    if (typeof less !== "function") {
      throw new TypeError(`PriorityQueue: expected a comparison (a, b) => boolean, got ${describeValue(less)}`);
    }
    this._less = less;
  }

  protected override _createStore(): Store<T> {
    return new HeapStore((a, b) => this._less(a, b));
  }
}
