import { describeValue } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import { LinkedQueue } from "../base/linked-queue.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { Runnable } from "../base/runnable.ts";
import { WaitQueue } from "../sync/wait-queue.ts";
import { type BlockCallback, beginBlock, requireBlockCallback } from "../tasks/block-callback.ts";
import { PENDING } from "../tasks/future-state.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { type CapacitySteps, followSchedule, followSlots, type ScheduleOptions } from "./capacity-schedule.ts";
import { type Discipline, type Join, joinBy, lastOf } from "./discipline.ts";
import { throwInto } from "./interrupt.ts";
import type { Monitoring } from "./monitor.ts";
import { NotServedError } from "./not-served-error.ts";
import { Preempted } from "./preempted.ts";
import { ReleaseTurn } from "./release-turn.ts";
import { Request, type RequestOptions, requireRequestOptions } from "./request.ts";
import { type ServeOptions, type ServeOutcome, serveSteps } from "./serve.ts";
import { Station } from "./station.ts";

/** Options of a {@link Resource}. */
export interface ResourceOptions {
  /** How many units there are: above 0, also infinite; 1 by default. @see simpy's `capacity` */
  readonly capacity?: number;
  /** What it is called in reports and traces. */
  readonly name?: string;
  /** In which order waiting requests are served; `"priority"` by default. */
  readonly discipline?: Discipline;
  /** How many requests may wait; more are turned away with the state `"rejected"`. Without limit by default. */
  readonly queueLimit?: number;
  /**
   * Record waiting times, queue length and use: `true` in constant memory, `"keep"` with every observation. False by
   * default, and free then.
   */
  readonly monitor?: Monitoring;
}

export const RESOURCE_OPTIONS = optionNames<ResourceOptions>({
  capacity: true,
  name: true,
  discipline: true,
  queueLimit: true,
  monitor: true,
});

/** @internal Something that waits for units of several resources at once. */
export interface JointClaim {
  /** Take all units if they are free. @returns Whether it did. */
  _attempt(): boolean;
}

/**
 * Units that tasks hold for a while, and wait for while none is free: machines, tellers, permits.
 *
 * A grant takes a turn, as in SimPy, also of a free unit: what happens at the same instant happens in the order in
 * which it was asked for. Waiting requests are served by priority, and at equal priorities in the order of asking; one
 * that does not fit keeps those behind it waiting.
 *
 * ```ts
 * const counter = new Resource({ capacity: 2, name: "counter" });
 * yield* counter.with(function* () { yield* sleep(5); });
 * ```
 *
 * @see simpy.Resource. Differs: priorities, amounts, limits and disciplines are options of every resource.
 */
export class Resource extends Station {
  private readonly _waiting: WaitQueue<Request>;
  private readonly _holders = new LinkedQueue<Request>();
  private readonly _join: Join;
  private readonly _queueLimit: number;
  private _used = 0;
  /** Units whose release has happened and whose turn has not come. */
  private _releasing = 0;
  private _loop: TaskEventLoop | null = null;
  private readonly _claims = new Set<JointClaim>();
  /** How many more are served in the present slot; `null` if service is not slotted. */
  private _slot: number | null = null;

  /** @throws TypeError, RangeError for unknown options and values without sense. */
  constructor(options: ResourceOptions = NO_OPTIONS) {
    requireOptions("Resource", options, RESOURCE_OPTIONS);
    const { capacity = 1, name, discipline = "priority", queueLimit = Number.POSITIVE_INFINITY, monitor } = options;
    super("Resource", name, capacity, monitor);
    if (typeof queueLimit !== "number" || !(queueLimit >= 0)) {
      throw new RangeError(`Resource: expected a queueLimit that is not negative, got ${describeValue(queueLimit)}`);
    }
    this._queueLimit = queueLimit;
    this._waiting = new WaitQueue<Request>(`${this.constructor.name}.request`, this);
    this._join = joinBy("Resource", discipline, () => this._runningLoop().random(`discipline ${this.name}`));
  }

  /** Units in use. @see simpy.Resource.count */
  get count(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._used;
  }

  /** Requests that wait. */
  get queueLength(): number {
    this._loop?._ordering?.touched(this, "r");
    return this._waiting.size;
  }

  /** Units that are free. */
  get available(): number {
    return Math.max(0, this._capacity - this.count);
  }

  /** The requests that hold units, in the order in which they were granted. @see simpy.Resource.users */
  get users(): readonly Request[] {
    return [...this._holders];
  }

  /** The requests that wait, in the order in which they will be served. @see simpy.Resource.queue */
  get queue(): readonly Request[] {
    return [...this._waiting.waiters];
  }

  /**
   * Ask for units. The request counts from the call on; await it, and release it in the end.
   *
   * Cancelling the task that awaits it withdraws it.
   *
   * @throws TypeError, RangeError for unknown options, and for an amount above the capacity, which could never be
   * granted.
   * @see simpy.Resource.request
   */
  request(options: RequestOptions = NO_OPTIONS): Request {
    requireRequestOptions("request", options);
    const loop = this._loop === null || this._needsMonitor ? this._runningLoop() : this._waiting.loop();
    const request = new Request(loop, this._waiting as unknown as WaitQueue<never>, options);
    if (request.amount > this._capacity && request.amount > 1) {
      throw new RangeError(`request: ${this} has ${this._capacity} units, got an amount of ${request.amount}`);
    }
    loop._ordering?.touched(this, "w");
    if (this._waiting.size === 0 && request.amount <= this._capacity - this._used && this._slot === null) {
      this._grant(request);
    } else {
      this._admit(request, options);
    }
    return request;
  }

  /**
   * Ask for units, run `callback` with the request, and release.
   *
   * @returns What `callback` returned.
   * @throws NotServedError when awaited, if the request was turned away.
   * @see simpy's `with resource.request() as request`
   */
  with<T>(callback: BlockCallback<[Request], T>, options: RequestOptions = NO_OPTIONS): Operation<T> {
    requireBlockCallback("with", callback);
    requireRequestOptions("with", options);
    return new GeneratorOperation(`${this.constructor.name}.with`, this._withSteps(callback, options));
  }

  /**
   * Ask for units; disposing of the request releases them: `using held = yield* counter.hold()`.
   *
   * @throws NotServedError when awaited, if it was turned away.
   */
  hold(options: RequestOptions = NO_OPTIONS): Operation<Request> {
    requireRequestOptions("hold", options);
    return new GeneratorOperation(`${this.constructor.name}.hold`, this._holdSteps(options));
  }

  /**
   * Ask for units, work for `duration` seconds, and release. What a preemption does to the work is an option.
   *
   * @param duration - Seconds, or a function that returns them, which `onPreempt: "resample"` asks again.
   * @returns How it ended, and how often the work was interrupted.
   */
  serve(duration: number | (() => number), options: ServeOptions = NO_OPTIONS): Operation<ServeOutcome> {
    return new GeneratorOperation(`${this.constructor.name}.serve`, serveSteps(this, duration, options));
  }

  /**
   * As `request.release()`.
   *
   * @throws RuntimeError if `request` is another resource's, or was released already.
   * @see simpy.Resource.release
   */
  release(request: Request): void {
    if (!(request instanceof Request) || request.resource !== this) {
      throw new RuntimeError(`release: expected a request of ${this._label()}, got ${describeValue(request)}`);
    }
    request.release();
  }

  /**
   * Change how many units there are. A smaller number takes nothing away from holders, who keep what they have; with
   * `preempt` the least important holders lose theirs at once.
   *
   * @param capacity - Not negative: 0 closes the resource.
   * @throws TypeError, RangeError for anything else.
   */
  setCapacity(capacity: number, options: { readonly preempt?: boolean } = NO_OPTIONS): void {
    requireOptions("setCapacity", options, ["preempt"]);
    if (typeof capacity !== "number" || !(capacity >= 0)) {
      throw new RangeError(`setCapacity: expected a capacity that is not negative, got ${describeValue(capacity)}`);
    }
    const loop = this._runningLoop();
    loop._ordering?.touched(this, "w");
    if (options.preempt === true) {
      this._requireOthers(this._used - capacity);
    }
    this._capacity = capacity;
    this._monitor?.capacity.set(Number.isFinite(capacity) ? capacity : Number.MAX_VALUE);
    while (options.preempt === true && this._used > capacity) {
      this._takeFrom(lastOf(this._holders)!, null);
    }
    this._serve();
  }

  /**
   * Change the capacity by a plan: `[[8, 2], [17, 0]]` is 2 up to second 8 and 0 up to second 17.
   *
   * @param steps - Instants, ascending, in seconds from now, each with the capacity up to it.
   * @param options - `cyclic` to begin again after the last; `preempt` as in {@link setCapacity}.
   */
  schedule(steps: CapacitySteps, options: ScheduleOptions = NO_OPTIONS): void {
    followSchedule(this._runningLoop(), this, steps, options);
  }

  /**
   * Serve in slots only, from now on: at each instant up to so many of those that wait, as far as units are free.
   * `[[10, 4], [20, 2]]` with `cyclic` serves four at 10, two at 20, four at 30 …
   *
   * @param slots - Instants, ascending, in seconds from now, each with a number of requests.
   * @see Ciw's slotted services
   */
  serveInSlots(slots: CapacitySteps, options: { readonly cyclic?: boolean } = NO_OPTIONS): void {
    this._slot ??= 0;
    followSlots(this._runningLoop(), slots, options, (count) => {
      this._slot = count;
      this._serve();
      this._slot = 0;
    });
  }

  /** @internal What `request` waits for, in a deadlock report: the resource and who holds it. */
  _describeFor(request: Request): string {
    if (request._isHolder) {
      return `${this._label()}, which it has`;
    }
    const names = [...new Set([...this._holders].map(({ task }) => task?.getName() ?? "no task"))];
    const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
    const holders = names.length === 0 ? "" : `, held by ${names.slice(0, 5).join(", ")}${more}`;
    return `${this._label()}${holders}`;
  }

  /**
   * @internal Units come back. Those that wait move up in a turn of their own, which is left out where nothing can join
   * the queue before it.
   */
  _release(request: Request): void {
    const loop = request._loop as TaskEventLoop;
    loop._ordering?.touched(this, "w");
    this._holders.remove(request);
    request._status = "released";
    this._used -= request.amount;
    if (this._monitor !== null) {
      this._monitor.inUse.set(this._used);
      this._monitor.holding.add(loop.time() - request.usageSince, loop.time());
    }
    if (loop._instrument !== null) {
      this._tell("released", this._waiting.size, this._used);
    }
    if (this._waiting.size > 0 || this._claims.size > 0 || loop._ready.length > 0) {
      this._releasing += request.amount;
      loop._ready.push(new ReleaseTurn(loop, this, request.amount) as Runnable);
    }
  }

  /** @internal The turn of a release. */
  _releaseTurn(amount: number): void {
    this._releasing -= amount;
    this._serve();
  }

  /** @internal `request` has left the queue: whoever stood behind it may fit. */
  _someoneLeft(request: Request): void {
    if (this._monitor !== null) {
      this._monitor.queueLength.set(this._waiting.size);
      this._monitor.reneged++;
    }
    this._moveUp(request);
  }

  /** @internal A turn for those that wait, as at each end of SimPy's `with`, whether or not something was held. */
  _moveUp(request: Request): void {
    const loop = request._loop as TaskEventLoop;
    if (this._waiting.size > 0 || loop._ready.length > 0) {
      loop._ready.push(new ReleaseTurn(loop, this, 0) as Runnable);
    }
  }

  /** @internal */
  _addClaim(claim: JointClaim): void {
    this._claims.add(claim);
  }

  /** @internal */
  _removeClaim(claim: JointClaim): void {
    this._claims.delete(claim);
  }

  /**
   * @internal Whether `amount` could be taken by a claim of the instant `time`: it is free, and no earlier request
   * waits for it.
   */
  _isOpenTo(amount: number, time: number): boolean {
    const head = this._waiting.first();
    return amount <= this._capacity - this._used && (head === null || head.time > time) && this._slot === null;
  }

  /** @internal Take units without a place in the queue. */
  _takeFor(request: Request): void {
    this._grant(request);
  }

  /** @internal A request that has joined nothing yet. */
  _plainRequest(options: RequestOptions): Request {
    return new Request(this._runningLoop(), this._waiting as unknown as WaitQueue<never>, options);
  }

  protected override _inUse(): number {
    return this._used;
  }

  protected override _runningLoop(): TaskEventLoop {
    const loop = this._waiting.loop();
    this._loop = loop;
    this._attachMonitor(loop);
    return loop;
  }

  /** @throws RuntimeError if `holder` belongs to the running task. */
  protected _requireOther(holder: Request): void {
    const { task } = holder;
    if (task !== null && task === (holder._loop as TaskEventLoop)._currentTask) {
      throw new RuntimeError(`a task cannot preempt itself: '${task.getName()}' holds ${this._label()}`);
    }
  }

  /** Make room for `request` by taking units from holders. @returns Whether there is room now. */
  protected _makeRoom(_request: Request): boolean {
    return false;
  }

  protected get _holding(): LinkedQueue<Request> {
    return this._holders;
  }

  /** Whether `request` fits now. */
  protected _fits(request: Request): boolean {
    return request.amount <= this._capacity - this._used;
  }

  /** Take what `holder` has, and throw {@link Preempted} into its task. */
  protected _takeFrom(holder: Request, by: Request | null): void {
    const { task } = holder;
    if (task !== null && !task.done()) {
      const error = new Preempted(by === null ? null : by.task, this, holder.usageSince);
      throwInto(holder._loop as TaskEventLoop, task, error);
    }
    this._holders.remove(holder);
    holder._status = "preempted";
    this._used -= holder.amount;
    if (this._monitor !== null) {
      this._monitor.inUse.set(this._used);
      this._monitor.preempted++;
    }
  }

  private _admit(request: Request, options: RequestOptions): void {
    const waiting = this._waiting.size;
    if (options.balk?.(waiting) === true) {
      request._turnAway("balked");
      this._count("balked");
    } else if (waiting >= this._queueLimit && !this._wouldServe(request)) {
      request._turnAway("rejected");
      this._count("rejected");
    } else {
      this._join(this._waiting, request);
      this._monitor?.queueLength.set(this._waiting.size);
      this._serveNewcomer(request);
      if (options.timeout !== undefined && request._status === "waiting") {
        this._limitWait(request, options.timeout);
      }
    }
  }

  private _serveNewcomer(request: Request): void {
    try {
      this._serve();
    } catch (error) {
      this._waiting.leave(request);
      this._monitor?.queueLength.set(this._waiting.size);
      throw error;
    }
  }

  /** @throws RuntimeError if one of the holders that would lose `excess` units is the running task. */
  private _requireOthers(excess: number): void {
    const left = new Set(this._holders);
    for (let taken = 0; taken < excess; ) {
      const holder = lastOf(left)!;
      this._requireOther(holder);
      left.delete(holder);
      taken += holder.amount;
    }
  }

  private _wouldServe(request: Request): boolean {
    return this._waiting.size === 0 && this._fits(request);
  }

  private _count(what: "balked" | "rejected" | "reneged"): void {
    if (this._monitor !== null) {
      this._monitor[what]++;
    }
  }

  private _limitWait(request: Request, seconds: number): void {
    const timer = (request._loop as TaskEventLoop).callLater(seconds, () => {
      if (request._status === "waiting" && request._state === PENDING) {
        this._waiting.leave(request);
        this._someoneLeft(request);
        request._turnAway("reneged");
      }
    });
    request.addDoneCallback(() => timer.cancel());
  }

  /**
   * Serve those that wait, from the head, as far as they fit: one whatever has been released, more only from what no
   * other release accounts for.
   */
  private _serve(): void {
    let isFirst = true;
    for (let request = this._waiting.first(); request !== null && this._slot !== 0; request = this._waiting.first()) {
      const room = this._capacity - this._used - (isFirst ? 0 : this._releasing);
      if (!(request.amount <= room || (isFirst && this._makeRoom(request)))) {
        break;
      }
      this._waiting.leave(request);
      this._monitor?.queueLength.set(this._waiting.size);
      this._grant(request);
      isFirst = false;
      if (this._slot !== null) {
        this._slot--;
      }
    }
    if (this._claims.size > 0) {
      for (const claim of [...this._claims]) {
        claim._attempt();
      }
    }
  }

  private _grant(request: Request): void {
    const loop = request._loop as TaskEventLoop;
    this._used += request.amount;
    this._holders.append(request);
    request._status = "granted";
    request.usageSince = loop.time();
    if (this._monitor !== null) {
      this._monitor.inUse.set(this._used);
      this._monitor.waiting.add(request.usageSince - request.time, request.usageSince);
    }
    if (loop._instrument !== null) {
      this._tell("acquired", this._waiting.size, this._used);
    }
    request._trigger();
  }

  private *_withSteps<T>(callback: BlockCallback<[Request], T>, options: RequestOptions): Steps<T> {
    const request = this.request(options);
    try {
      yield request;
      if (!request._isHolder && request._status !== "preempted") {
        throw new NotServedError(request);
      }
      return (yield beginBlock(callback, request)) as T;
    } finally {
      request[Symbol.dispose]();
    }
  }

  private *_holdSteps(options: RequestOptions): Steps<Request> {
    const request = this.request(options);
    try {
      yield request;
    } catch (error) {
      request[Symbol.dispose]();
      throw error;
    }
    if (!request._isHolder) {
      throw new NotServedError(request);
    }
    return request;
  }
}
