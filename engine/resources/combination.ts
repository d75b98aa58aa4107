import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { Chained } from "../base/rung.ts";
import type { Runnable } from "../base/runnable.ts";
import type { Timer } from "../loop/timers.ts";
import { requireDelay } from "../loop/validate.ts";
import type { Awaitable } from "../tasks/awaitable.ts";
import { type CoroutineLike, iscoroutine } from "../tasks/coroutine.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import type { Listener } from "../tasks/drive.ts";
import { Future } from "../tasks/future.ts";
import { CANCELLED, FAILED, FINISHED, PENDING } from "../tasks/future-state.ts";
import { beginSleep } from "../tasks/sleep.ts";
import { Task } from "../tasks/task.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { ResourceEvent } from "./resource-event.ts";

/**
 * Something to wait for beside others: a request, a put, a get, a sleep, a future, a task, a combination, or a
 * coroutine, of which a task is made.
 */
export type Part = Awaitable<unknown> | CoroutineLike<unknown>;

/** What awaiting a part returns. */
export type PartResult<P> = P extends Awaitable<infer T> ? T : P extends CoroutineLike<infer T> ? T : never;

/** Parts by name, or in an array, whose names are the places. */
export type Parts = Readonly<Record<string, Part>> | readonly Part[];

/** The name of a part: its key, or its place in the array. */
export type PartName<P extends Parts> = P extends readonly Part[] ? number : keyof P & string;

/**
 * What has happened of several things: the results by name, in the order in which they happened.
 *
 * @see simpy.events.ConditionValue
 */
export interface Outcomes<P extends Parts> {
  /** How many have happened. */
  readonly size: number;
  /** Whether the part of that name has happened. */
  has(name: PartName<P>): boolean;
  /** The result of the part of that name; `undefined` if it has not happened. */
  get<K extends PartName<P>>(name: K): PartResult<P[K & keyof P]> | undefined;
  /** The names of what has happened. */
  keys(): IterableIterator<PartName<P>>;
  /** The results. */
  values(): IterableIterator<unknown>;
  /** Names and results. */
  entries(): IterableIterator<[PartName<P>, unknown]>;
  [Symbol.iterator](): IterableIterator<[PartName<P>, unknown]>;
}

/** A part under way. */
abstract class Member implements Listener {
  readonly name: string | number;
  protected readonly _whole: Combination<Parts>;

  constructor(whole: Combination<Parts>, name: string | number) {
    this._whole = whole;
    this.name = name;
  }

  abstract readonly isOver: boolean;
  abstract readonly result: unknown;
  abstract readonly error: { readonly error: unknown } | null;
  abstract begin(): void;
  /** It is not needed any more. */
  abstract drop(): void;
  abstract toString(): string;

  /** What it waits for is over: it counts in the next turn. */
  _wakeUp(): void {
    const loop = this._whole._loop;
    const id = loop._nextId();
    loop._ready.push({
      _run: () => {
        loop._instrument?.handleRun(id);
        this._whole._partIsOver(this);
      },
    });
    loop._instrument?.handleScheduled(id, loop._hostName(loop._context));
  }

  /** What it waits for is processed. */
  _wakeUpNow(): void {
    this._whole._partIsOver(this);
  }
}

/** A part that is a future: a request, a task, a combination. */
class FutureMember extends Member {
  private readonly _future: Future<unknown>;
  private readonly _isOurs: boolean;

  constructor(whole: Combination<Parts>, name: string | number, future: Future<unknown>, isOurs: boolean) {
    super(whole, name);
    this._future = future;
    this._isOurs = isOurs;
  }

  get isOver(): boolean {
    return this._future._state !== PENDING;
  }

  get result(): unknown {
    return this._future._value;
  }

  get error(): { readonly error: unknown } | null {
    const future = this._future;
    return future._state === FINISHED || future._state === PENDING ? null : { error: future._errorAsResult() };
  }

  begin(): void {
    if (this.isOver) {
      this._whole._partIsOver(this);
    } else {
      this._future._listen(this);
    }
  }

  drop(): void {
    const future = this._future;
    future._leftBy(this);
    if (future instanceof ResourceEvent || future instanceof Combination) {
      future._drop();
    } else if (this._isOurs) {
      future.cancel();
    }
  }

  toString(): string {
    return this._future instanceof Task ? `task '${this._future.getName()}'` : String(this._future);
  }
}

/**
 * A part that is a sleep. Its timer fires among the others; a turn later it counts, as the task behind a sleep would go
 * on.
 */
class SleepMember extends Member implements Timer, Runnable {
  _scheduled = false;
  _cancelled = false;
  _due = 0;
  _behind: Chained | null = null;
  isOver = false;
  readonly error = null;
  readonly result: unknown;
  private readonly _delay: number;
  private _hasFired = false;
  private _id = 0;

  constructor(whole: Combination<Parts>, name: string | number, delay: number, result: unknown) {
    super(whole, name);
    this._delay = delay;
    this.result = result;
  }

  begin(): void {
    const loop = this._whole._loop;
    this._id = loop._nextId();
    if (this._delay > 0) {
      const when = loop.time() + this._delay;
      loop._schedule(when, this);
      loop._instrument?.timerScheduled(this._id, when, loop._hostName(loop._context));
    } else {
      this._fire();
    }
  }

  drop(): void {
    if (!this.isOver && !this._cancelled) {
      this._cancelled = true;
      const loop = this._whole._loop;
      if (this._scheduled) {
        loop._timerCancelled();
      }
      loop._instrument?.handleCancelled(this._id);
    }
  }

  _run(): void {
    const loop = this._whole._loop;
    if (this._cancelled) {
      loop._steps--;
    } else if (this._hasFired) {
      this.isOver = true;
      loop._instrument?.handleRun(this._id);
      this._whole._partIsOver(this);
    } else {
      loop._instrument?.handleRun(this._id);
      this._id = loop._nextId();
      this._fire();
    }
  }

  toString(): string {
    return `sleep(${this._delay})`;
  }

  private _fire(): void {
    const loop = this._whole._loop;
    this._hasFired = true;
    loop._ready.push(this);
    loop._instrument?.handleScheduled(this._id, loop._hostName(loop._context));
  }
}

/**
 * Several things that are waited for together; what {@link anyOf} and {@link allOf} return.
 *
 * It is done a turn after enough of its parts are: parts that happen in between count as well.
 */
export class Combination<P extends Parts> extends Future<Outcomes<P>> implements Runnable {
  /** @internal */
  declare readonly _loop: TaskEventLoop;
  private readonly _name: "anyOf" | "allOf";
  private readonly _members: Member[] = [];
  private readonly _isKept: boolean;
  private _left: number;
  private _isTriggered = false;
  private readonly _order: Member[] = [];

  constructor(loop: TaskEventLoop, name: "anyOf" | "allOf", parts: P, isKept: boolean) {
    super(loop);
    this._name = name;
    this._isKept = isKept;
    const isArray = Array.isArray(parts);
    for (const [key, part] of Object.entries(parts as Readonly<Record<string, Part>>)) {
      this._members.push(this._member(isArray ? Number(key) : key, part));
    }
    this._left = name === "anyOf" ? Math.min(1, this._members.length) : this._members.length;
    if (this._left === 0) {
      this._trigger();
    }
    for (const member of this._members) {
      member.begin();
    }
  }

  override get _kind(): string {
    return this._name;
  }

  /** Withdraw all parts, unless they are kept. @returns Whether it was still open. */
  override cancel(reason?: string): boolean {
    if (this._state !== PENDING) {
      return false;
    }
    this._dropRest();
    return super.cancel(reason);
  }

  override toString(): string {
    return `${this._name === "anyOf" ? "any" : "all"} of ${this._members.join("; ")}`;
  }

  /** @internal A task that was interrupted while it waited needs the parts no more. */
  override _leftBy(task: Listener): void {
    super._leftBy(task);
    if (!this._isAwaited()) {
      this._drop();
    }
  }

  /** @internal */
  _drop(): void {
    if (this._state === PENDING) {
      this._dropRest();
      this._state = CANCELLED;
    }
  }

  /** @internal `member` is over. */
  _partIsOver(member: Member): void {
    if (this._state !== PENDING) {
      return;
    }
    this._order.push(member);
    if (this._isTriggered) {
      return;
    }
    this._left--;
    if (member.error !== null || this._left <= 0) {
      this._trigger();
    }
  }

  /** @internal Its turn. */
  _run(): void {
    const loop = this._loop;
    if (this._state !== PENDING) {
      loop._steps--;
      return;
    }
    loop._instrument?.handleRun(this.id);
    const failed = this._order.find(({ error }) => error !== null);
    this._dropRest();
    if (failed !== undefined) {
      this._settle(FAILED, failed.error!.error);
    } else {
      this._finishNow(new Map(this._order.map(({ name, result }) => [name, result])));
    }
  }

  private _trigger(): void {
    const loop = this._loop;
    this._isTriggered = true;
    loop._ready.push(this);
    loop._instrument?.handleScheduled(this.id, loop._hostName(loop._context));
  }

  private _dropRest(): void {
    if (this._isKept) {
      return;
    }
    // The last first, as nested `with` blocks end.
    for (const member of this._members.toReversed()) {
      if (!member.isOver) {
        member.drop();
      }
    }
  }

  private _member(name: string | number, part: Part): Member {
    const whole = this as unknown as Combination<Parts>;
    const plan = beginSleep(part);
    if (plan !== null) {
      requireDelay(this._name, plan.delay);
      return new SleepMember(whole, name, plan.delay, plan.result);
    }
    if (part instanceof Future) {
      return new FutureMember(whole, name, part as Future<unknown>, false);
    }
    const task = this._loop.createTask(part as CoroutineLike<unknown>);
    task._leaveToOwner();
    return new FutureMember(whole, name, task, true);
  }
}

/** Options of {@link anyOf} and {@link allOf}. */
export interface CombinationOptions {
  /**
   * Whether what has not happened is withdrawn: requests leave their queues, sleeps end, tasks that were made for parts
   * are cancelled. True by default.
   */
  readonly withdraw?: boolean;
}

const COMBINATION_OPTIONS = optionNames<CombinationOptions>({ withdraw: true });

function combine<P extends Parts>(name: "anyOf" | "allOf", parts: P, options: CombinationOptions): Combination<P> {
  if (typeof parts !== "object" || parts === null || parts instanceof Future || iscoroutine(parts)) {
    throw new TypeError(
      `${name}: expected what to wait for by name, such as { served: counter.request(), gaveUp: sleep(60) }, got ${describeValue(parts)}`,
    );
  }
  requireOptions(name, options, COMBINATION_OPTIONS);
  for (const [key, part] of Object.entries(parts as Readonly<Record<string, unknown>>)) {
    if (!(part instanceof Future || iscoroutine(part))) {
      throw new TypeError(
        `${name}: expected a request, a sleep, a future or a coroutine as '${key}', got ${describeValue(part)}`,
      );
    }
  }
  return new Combination(runningTaskLoop(), name, parts, options.withdraw === false);
}

/**
 * Wait until one of several things has happened.
 *
 * All begin at the call. The others end when the first has happened: a request leaves its queue, and one that was
 * granted at the same instant, and was not noticed, is given back. What happens in the turn before this is processed
 * counts as well, so that two names may be in the result.
 *
 * ```ts
 * const won = yield* anyOf({ served: counter.request(), gaveUp: sleep(patience) });
 * if (won.has("gaveUp")) …
 * ```
 *
 * @param parts - By name, or an array, whose places are the names.
 * @returns An awaitable of what has happened. A part that fails makes it fail.
 * @throws TypeError for anything that cannot be waited for.
 * @see simpy.AnyOf, which withdraws nothing
 */
export const anyOf = <const P extends Parts>(parts: P, options: CombinationOptions = {}): Combination<P> =>
  combine("anyOf", parts, options);

/** Wait until all of several things have happened; all else as {@link anyOf}. @see simpy.AllOf */
export const allOf = <const P extends Parts>(parts: P, options: CombinationOptions = {}): Combination<P> =>
  combine("allOf", parts, options);
