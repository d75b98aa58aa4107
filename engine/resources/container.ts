import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { WaitQueue } from "../sync/wait-queue.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { ClosedError } from "./closed-error.ts";
import type { Monitoring } from "./monitor.ts";
import { ExchangeEvent, PutGetStation } from "./put-get.ts";
import { requirePositive } from "./station.ts";

/** Options of a {@link Container}. */
export interface ContainerOptions {
  /** How much fits; any amount by default. */
  readonly capacity?: number;
  /** How much is in it at the beginning; 0 by default. @see simpy's `init` */
  readonly init?: number;
  /** What it is called in reports and traces. */
  readonly name?: string;
  /** Record waiting times, queue length and level. False by default, and free then. */
  readonly monitor?: Monitoring;
}

const CONTAINER_OPTIONS = optionNames<ContainerOptions>({ capacity: true, init: true, name: true, monitor: true });

/** A `put` into a container that is under way. */
export class ContainerPut extends ExchangeEvent<void> {
  /** How much. */
  readonly amount: number;
  /** @internal */
  readonly _container: Container;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, container: Container, amount: number) {
    super(loop, queue, container);
    this.amount = amount;
    this._container = container;
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

/** A `get` from a container that is under way. Awaiting it returns the amount. */
export class ContainerGet extends ExchangeEvent<number> {
  /** How much. */
  readonly amount: number;
  /** @internal */
  readonly _container: Container;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, container: Container, amount: number) {
    super(loop, queue, container);
    this.amount = amount;
    this._container = container;
  }

  override toString(): string {
    return `${this.amount} from ${this._container}, which has ${this._container.level}`;
  }

  protected override _outcome(): number {
    return this.amount;
  }

  protected override _processed(): void {
    this._exchange._getProcessed();
  }

  protected override _undo(): void {
    this._container._giveBack(this.amount);
  }
}

/**
 * An amount of something uniform, such as fuel or money: tasks put some in, and wait while it does not fit; tasks take
 * some out, and wait while there is too little.
 *
 * Both sides are served first come, first served: a big request keeps the smaller ones behind it waiting.
 *
 * @see simpy.Container
 */
export class Container extends PutGetStation<ContainerPut, ContainerGet> {
  private _level: number;

  /** @throws TypeError, RangeError for unknown options and values without sense. */
  constructor(options: ContainerOptions = NO_OPTIONS) {
    requireOptions("Container", options, CONTAINER_OPTIONS);
    const { capacity = Number.POSITIVE_INFINITY, init = 0, name, monitor } = options;
    super("Container", name, capacity, monitor);
    if (typeof init !== "number" || !(init >= 0 && init <= capacity)) {
      throw new RangeError(`Container: expected init from 0 to the capacity ${capacity}, got ${describeValue(init)}`);
    }
    this._level = init;
  }

  /** How much is in it. @see simpy.Container.level */
  get level(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._level;
  }

  /**
   * Put `amount` in, as soon as it fits.
   *
   * @throws TypeError, RangeError unless `amount` is above 0 and not above the capacity; ClosedError if it was closed.
   * @see simpy.Container.put
   */
  put(amount: number): ContainerPut {
    requirePositive("put", "amount", amount);
    this._requireFits("put", amount);
    this._requireOpen();
    const loop = this._runningLoop();
    const event = new ContainerPut(loop, this._putters as unknown as WaitQueue<never>, this, amount);
    if (this._putters.size === 0 && this._capacity - this._level >= amount) {
      this._level += amount;
      this._meet(event, "released");
    } else {
      this._putters.enter(event);
      this._servePutters();
    }
    return event;
  }

  /**
   * Take `amount` out, as soon as there is so much.
   *
   * @throws TypeError, RangeError unless `amount` is above 0 and not above the capacity; ClosedError if it was closed
   * and has less. @see simpy.Container.get
   */
  get(amount: number): ContainerGet {
    requirePositive("get", "amount", amount);
    this._requireFits("get", amount);
    const loop = this._runningLoop();
    if (this.closed && this._putters.size === 0 && amount > this._level) {
      throw new ClosedError(`get: ${this} was closed with ${this._level} in it, got ${describeValue(amount)}`);
    }
    const event = new ContainerGet(loop, this._getters as unknown as WaitQueue<never>, this, amount);
    if (this._getters.size === 0 && this._level >= amount) {
      this._level -= amount;
      this._meet(event, "acquired");
    } else {
      this._getters.enter(event);
      this._monitorQueue();
      this._serveGetters();
    }
    return event;
  }

  /** @internal What a cancelled get had taken in this instant. */
  _giveBack(amount: number): void {
    this._level += amount;
    this._monitor?.inUse.set(this._level);
    this._serveGetters();
  }

  protected override _inUse(): number {
    return this._level;
  }

  protected override _servePutters(): void {
    for (const putter of this._putters.waiters) {
      if (!(this._capacity - this._level >= putter.amount)) {
        break;
      }
      this._level += putter.amount;
      this._meet(putter, "released");
    }
  }

  protected override _serveGetters(): void {
    for (const getter of this._getters.waiters) {
      if (!(this._level >= getter.amount)) {
        break;
      }
      this._level -= getter.amount;
      this._meet(getter, "acquired");
    }
  }

  protected override _canMeet(getter: ContainerGet): boolean {
    return this._level >= getter.amount;
  }

  private _requireFits(method: string, amount: number): void {
    if (amount > this._capacity) {
      throw new RangeError(`${method}: ${this} holds ${this._capacity} at most, got an amount of ${amount}`);
    }
  }
}
