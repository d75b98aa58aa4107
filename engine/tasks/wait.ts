import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { TimerHandle } from "../loop/handle.ts";
import { requireDelay } from "../loop/validate.ts";
import { iscoroutine } from "./coroutine.ts";
import { runningTaskLoop } from "./current.ts";
import { isfuture, requireSeveral } from "./ensure-future.ts";
import type { Future } from "./future.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";
import { noteWaitPlace } from "./wait-places.ts";

/** When {@link wait} returns. */
export type ReturnWhen = "FIRST_COMPLETED" | "FIRST_EXCEPTION" | "ALL_COMPLETED";

/** `wait` returns when any future is done. @see asyncio.FIRST_COMPLETED */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** `wait` returns when any future has failed, or all are done. @see asyncio.FIRST_EXCEPTION */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** `wait` returns when all futures are done. @see asyncio.ALL_COMPLETED */
export const ALL_COMPLETED = "ALL_COMPLETED";

const CONDITIONS: readonly string[] = [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED];

/** Options of {@link wait}. */
export interface WaitOptions {
  /** Most seconds to wait; `null`, the default, for no limit. */
  readonly timeout?: number | null;
  /** `"ALL_COMPLETED"` by default. */
  readonly returnWhen?: ReturnWhen;
}

const WAIT_OPTIONS = optionNames<WaitOptions>({ timeout: true, returnWhen: true });

/** What {@link wait} returns: the futures that are done and those that are not, each in the order given. */
export interface WaitResult<F> {
  readonly done: Set<F>;
  readonly pending: Set<F>;
}

/** Completes when enough of the futures are done, or the time is up. */
class WaitState {
  readonly waiter: Future<void>;
  private readonly _timer: TimerHandle | null;
  private readonly _returnWhen: ReturnWhen;
  private _left: number;

  constructor(loop: TaskEventLoop, count: number, timeout: number | null, returnWhen: ReturnWhen) {
    this.waiter = loop._futureFor<void>("wait");
    this._timer = timeout === null ? null : loop.callLater(timeout, this._release);
    this._returnWhen = returnWhen;
    this._left = count;
    loop._ordering?.internalCallback?.(this.onDone);
  }

  readonly onDone = (future: Future<unknown>): void => {
    this._left--;
    // To count commutes: whichever comes last, the same futures are done then.
    this.waiter._loop._ordering?.touched(this.waiter, "c");
    if (this._left <= 0 || this._returnWhen === FIRST_COMPLETED || this._isFirstException(future)) {
      this.stop();
      this._release();
    }
  };

  stop(): void {
    this._timer?.cancel();
  }

  private _isFirstException(future: Future<unknown>): boolean {
    if (this._returnWhen !== FIRST_EXCEPTION || future.cancelled() || !future._hasFailed()) {
      return false;
    }
    future._markSeen();
    return true;
  }

  private readonly _release = (): void => {
    if (!this.waiter.done()) {
      this.waiter.setResult();
    }
  };
}

function* waitSteps<F extends Future<unknown>>(
  futures: ReadonlySet<F>,
  timeout: number | null,
  returnWhen: ReturnWhen,
): Steps<WaitResult<F>> {
  const state = new WaitState(runningTaskLoop(), futures.size, timeout, returnWhen);
  for (const future of futures) {
    future.addDoneCallback(state.onDone);
  }
  try {
    yield state.waiter;
  } catch (error) {
    noteWaitPlace();
    throw error;
  } finally {
    state.stop();
    for (const future of futures) {
      future.removeDoneCallback(state.onDone);
    }
  }
  const result: WaitResult<F> = { done: new Set(), pending: new Set() };
  for (const future of futures) {
    (future.done() ? result.done : result.pending).add(future);
  }
  return result;
}

/**
 * Wait until all of `futures` are done, or one is, or one has failed, or the time is up. It cancels nothing and throws
 * none of their errors.
 *
 * @param futures - Futures and tasks; not coroutines. A future given twice counts once.
 * @throws TypeError, RangeError at the call: not an iterable of futures, none given, an unknown condition or option, a
 * NaN timeout.
 * @see asyncio.wait
 */
export function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = NO_OPTIONS,
): Operation<WaitResult<F>> {
  requireSeveral("wait", "futures", futures);
  requireOptions("wait", options, WAIT_OPTIONS);
  const { timeout = null, returnWhen = ALL_COMPLETED } = options;
  const unique = new Set(futures);
  for (const future of unique) {
    if (!isfuture(future)) {
      throw new TypeError(
        `wait: expected futures and tasks, got ${describeValue(future)}${iscoroutine(future) ? ", a coroutine; make a task of it with createTask" : ""}`,
      );
    }
  }
  if (unique.size === 0) {
    throw new RangeError("wait: the set of futures is empty; give at least one");
  }
  if (!CONDITIONS.includes(returnWhen)) {
    throw new RangeError(
      `wait: expected returnWhen to be one of ${CONDITIONS.join(", ")}, got ${describeValue(returnWhen)}`,
    );
  }
  if (timeout !== null) {
    requireDelay("wait", timeout);
  }
  return new GeneratorOperation("wait", waitSteps(unique, timeout, returnWhen));
}
