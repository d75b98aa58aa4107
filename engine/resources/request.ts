import { describeValue } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import { requireFields } from "../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { WaitQueue } from "../sync/wait-queue.ts";
import { FINISHED, PENDING } from "../tasks/future-state.ts";
import type { Task } from "../tasks/task.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { ResourceEvent } from "./resource-event.ts";
import { requirePositive } from "./station.ts";

/** What has become of a request. */
export type RequestState =
  /** It waits in the queue. */
  | "waiting"
  /** It holds what it asked for. */
  | "granted"
  | "released"
  /** It was cancelled while it waited, or lost a race. */
  | "withdrawn"
  /** It gave up after its `timeout`. */
  | "reneged"
  /** It did not join the queue, by its own decision. */
  | "balked"
  /** It found the queue full. */
  | "rejected"
  /** It lost what it held. */
  | "preempted";

/** Options of a request. */
export interface RequestOptions {
  /** Smaller numbers come first; 0 by default. @see simpy's `priority` */
  readonly priority?: number;
  /** How many units; 1 by default. Differs: SimPy's requests are for one. */
  readonly amount?: number;
  /**
   * Whether it may take a unit from a less important holder, if the resource is preemptive; true by default.
   *
   * @see simpy's `preempt`
   */
  readonly preempt?: boolean;
  /** Give up after so many seconds in the queue: the request is then done with the state `"reneged"`. */
  readonly timeout?: number;
  /** Whether to stay away, given how many wait already: the request is then done with the state `"balked"`. */
  readonly balk?: (waiting: number) => boolean;
}

const REQUEST_OPTIONS = optionNames<RequestOptions>({
  priority: true,
  amount: true,
  preempt: true,
  timeout: true,
  balk: true,
});

/** @throws TypeError, RangeError for unknown options and values without sense. */
export function requireRequestOptions(what: string, options: RequestOptions): void {
  if (options === NO_OPTIONS) {
    return;
  }
  requireOptions(what, options, REQUEST_OPTIONS);
  const { priority = 0, amount = 1, timeout = 1, balk } = options;
  if (typeof priority !== "number" || Number.isNaN(priority)) {
    throw new TypeError(`${what}: expected a number as priority, got ${describeValue(priority)}`);
  }
  requirePositive(what, "amount", amount);
  if (typeof timeout !== "number" || !(timeout >= 0)) {
    throw new RangeError(`${what}: expected a timeout in seconds that is not negative, got ${describeValue(timeout)}`);
  }
  if (balk !== undefined && typeof balk !== "function") {
    throw new TypeError(`${what}: expected a function (waiting) => boolean as balk, got ${describeValue(balk)}`);
  }
}

/** What a request knows of its resource. */
export interface Requested {
  /** What it is called in reports and traces. */
  readonly name: string;
  /** How many units there are. */
  readonly capacity: number;
  /** Requests that wait. */
  readonly queueLength: number;
  /** @internal */
  _release(request: Request): void;
  /** @internal */
  _someoneLeft(request: Request): void;
  /** @internal */
  _moveUp(request: Request): void;
  /** @internal */
  _describeFor(request: Request): string;
  toString(): string;
}

/**
 * A request for units of a resource. Awaiting it returns the request itself, once it is granted, or was turned away.
 *
 * ```ts
 * const request = counter.request({ timeout: 60 });
 * yield* request;
 * if (request.granted) { … request.release(); }
 * ```
 *
 * @see simpy.resources.resource.Request
 */
export class Request extends ResourceEvent<Request> implements Disposable {
  /** When it was made, in seconds. */
  readonly time: number;
  /** The task that made it; `null` outside of tasks. @see simpy's `proc` */
  readonly task: Task<unknown> | null;
  /** When it was granted, in seconds; NaN before. @see simpy's `usage_since` */
  usageSince = Number.NaN;
  /** @internal */
  _status: RequestState = "waiting";
  private readonly _options: RequestOptions;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, options: RequestOptions) {
    requireFields("Request", "a loop", loop, { _nextId: "function", time: "function" });
    requireFields("Request", "the queue of a resource; make requests with resource.request()", queue, {});
    requireFields("Request", "an object with options", options, {});
    super(loop, queue);
    this.time = loop.time();
    this.task = loop._currentTask;
    this._options = options;
  }

  /** The resource. */
  get resource(): Requested {
    return this._place.owner as unknown as Requested;
  }

  /** Smaller numbers come first. */
  get priority(): number {
    return this._options.priority ?? 0;
  }

  /** How many units. */
  get amount(): number {
    return this._options.amount ?? 1;
  }

  /** Whether it may preempt. */
  get preempt(): boolean {
    return this._options.preempt ?? true;
  }

  /** @internal Whether it stands among the holders; it may be there before it is processed. */
  get _isHolder(): boolean {
    return this._status === "granted";
  }

  /** What has become of it. */
  get state(): RequestState {
    return this._status;
  }

  /** Whether it holds what it asked for. */
  get granted(): boolean {
    return this._isHolder;
  }

  /**
   * Give the units back; withdraw the request if it still waits. Nothing happens if it was turned away, withdrawn or
   * preempted.
   *
   * @throws RuntimeError if it was released already. @see simpy.Resource.release
   */
  release(): void {
    if (this._status === "released") {
      throw new RuntimeError(`release: ${this.resource} was released by this request already`);
    }
    this._end();
  }

  /** As {@link release}, and nothing if it was released already: for `using`. */
  [Symbol.dispose](): void {
    if (this._status !== "released") {
      this._end();
    }
  }

  /** @internal */
  _end(): void {
    if (this._isHolder) {
      this.resource._release(this);
      if (this._state === PENDING) {
        this._loop._instrument?.handleCancelled(this.id);
        this._settle(FINISHED, this);
      }
    } else if (this._status === "preempted") {
      this.resource._moveUp(this);
    } else if (this._state === PENDING) {
      this.cancel();
    }
  }

  /** @internal Turn it away: it is processed like a grant, and holds nothing. */
  _turnAway(state: "rejected" | "balked" | "reneged"): void {
    this._status = state;
    this._trigger();
  }

  override toString(): string {
    return this.resource._describeFor(this);
  }

  protected override _outcome(): Request {
    return this;
  }

  protected override _processed(): void {}

  protected override _undo(): void {
    if (this._isHolder) {
      this.resource._release(this);
      this._status = "withdrawn";
    }
  }

  protected override _left(): void {
    this._status = "withdrawn";
    this.resource._someoneLeft(this);
  }
}
