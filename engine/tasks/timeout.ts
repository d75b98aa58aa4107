import { CancelledError, RuntimeError, TimeoutError } from "../base/errors.ts";
import type { Handle } from "../loop/handle.ts";
import { requireDelay, requireInstant } from "../loop/validate.ts";
import { type BlockCallback, beginBlock, requireBlockCallback } from "./block-callback.ts";
import { runningTaskLoop } from "./current.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";
import type { Task } from "./task.ts";
import { noteWaitPlace } from "./wait-places.ts";

type State = "created" | "active" | "expiring" | "expired" | "finished";

/**
 * The deadline of a block; what the callback of {@link timeout} is given.
 *
 * @see asyncio.Timeout. Differs: a block is a callback, not `async with`.
 */
export class Timeout {
  private _state: State = "created";
  private _when: number | null;
  private _handle: Handle | null = null;
  private _task: Task<unknown> | null = null;
  private _cancelling = 0;

  constructor(when: number | null) {
    this._when = when;
  }

  /** The deadline in seconds of the loop's clock, or `null` for none. @see asyncio.Timeout.when */
  when(): number | null {
    return this._when;
  }

  /** Whether the deadline passed while the block was active. @see asyncio.Timeout.expired */
  expired(): boolean {
    return this._state === "expiring" || this._state === "expired";
  }

  /**
   * Move the deadline to the instant `when`, or with `null` take it away. One that is not in the future is due in the
   * next pass.
   *
   * @throws RuntimeError if the block is not active; RangeError if `when` is NaN or negative infinity.
   * @see asyncio.Timeout.reschedule
   */
  reschedule(when: number | null): void {
    if (this._state !== "active") {
      throw new RuntimeError(
        this._state === "created"
          ? `${this} has not been entered: reschedule it inside its block`
          : `Cannot change state of ${this._state} Timeout: its block is over`,
      );
    }
    if (when !== null) {
      requireInstant("reschedule", when);
    }
    this._when = when;
    this._handle?.cancel();
    this._handle = null;
    if (when !== null) {
      const loop = runningTaskLoop();
      this._handle = when <= loop.time() ? loop.callSoon(this._onTimeout) : loop.callAt(when, this._onTimeout);
    }
  }

  toString(): string {
    return `<Timeout [${this._state}]${this._state === "active" ? ` when=${this._when}` : ""}>`;
  }

  /** @internal Begin the block. */
  _enter(): void {
    if (this._state !== "created") {
      throw new RuntimeError(`${this} has already been entered`);
    }
    const task = runningTaskLoop()._currentTask;
    if (task === null) {
      throw new RuntimeError(`${this} should be used inside a task`);
    }
    this._state = "active";
    this._task = task;
    this._cancelling = task.cancelling();
    this.reschedule(this._when);
  }

  /** @internal End the block. */
  _leave(): void {
    this._handle?.cancel();
    this._handle = null;
    if (this._state === "active") {
      this._state = "finished";
    } else if (this._state === "expiring") {
      this._state = "expired";
      this._task!.uncancel();
    }
  }

  /**
   * @internal End the block with an error.
   * @returns The error to go on with: `TimeoutError` for the cancellation that was ours.
   */
  _leaveWith(error: unknown): unknown {
    noteWaitPlace();
    const wasOurs = this._state === "expiring";
    this._leave();
    if (wasOurs && error instanceof CancelledError && this._task!.cancelling() <= this._cancelling) {
      return new TimeoutError("the deadline passed", { cause: error });
    }
    return error;
  }

  private readonly _onTimeout = (): void => {
    this._task!.cancel();
    this._state = "expiring";
    this._handle = null;
  };
}

/** Run a coroutine under a deadline, in the present task. */
export function* underDeadline<T>(scope: Timeout, begin: () => unknown): Steps<T> {
  scope._enter();
  let result: T;
  try {
    result = (yield begin()) as T;
  } catch (error) {
    throw scope._leaveWith(error);
  }
  scope._leave();
  return result;
}

/**
 * Run `callback` in the present task, with a deadline `delay` seconds from the call.
 *
 * When the deadline passes first, the task is cancelled inside the callback, and the block ends with `TimeoutError`. A
 * callback that swallows the cancellation ends normally; {@link Timeout.expired} says so.
 *
 * ```ts
 * const answer = yield* timeout(5, async function* () { … return answer; });
 * ```
 *
 * @param delay - Seconds; zero or less is due in the next pass; `null` for no deadline, which `reschedule` may set.
 * @param callback - A coroutine function, which is given the {@link Timeout}.
 * @throws RangeError at the call if `delay` is NaN or negative infinity; TimeoutError when awaited.
 * @see asyncio.timeout
 */
export function timeout<T>(delay: number | null, callback: BlockCallback<[Timeout], T>): Operation<T> {
  requireBlockCallback("timeout", callback);
  if (delay !== null) {
    requireDelay("timeout", delay);
  }
  return timeoutAt(delay === null ? null : runningTaskLoop().time() + delay, callback);
}

/** As {@link timeout}, with the deadline as an instant of the loop's clock, in seconds. @see asyncio.timeout_at */
export function timeoutAt<T>(when: number | null, callback: BlockCallback<[Timeout], T>): Operation<T> {
  requireBlockCallback("timeoutAt", callback);
  if (when !== null) {
    requireInstant("timeoutAt", when);
  }
  const scope = new Timeout(when);
  return new GeneratorOperation(
    "timeout",
    underDeadline(scope, () => beginBlock(callback, scope)),
  );
}
