import { TimeoutError } from "../base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { TimerHandle } from "../loop/handle.ts";
import { requireDelay } from "../loop/validate.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { ensureFuture, requireSeveral, requireWaitable, type Waitable } from "../tasks/ensure-future.ts";
import type { Future } from "../tasks/future.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { Queue } from "./queue.ts";

/** Options of {@link asCompleted}. */
export interface AsCompletedOptions {
  /** Most seconds from the call; `null`, the default, for no limit. */
  readonly timeout?: number | null;
}

const AS_COMPLETED_OPTIONS = optionNames<AsCompletedOptions>({ timeout: true });

/**
 * What {@link asCompleted} returns. Iterated over with `for`, it returns as many awaitables as there are futures, each
 * of the next result; with `for await`, the futures themselves as they are done.
 */
export class AsCompleted<T> implements Iterable<Operation<T>>, AsyncIterable<Future<T>> {
  private readonly _completed = new Queue<Future<T> | null>();
  private readonly _unfinished = new Set<Future<T>>();
  private readonly _timer: TimerHandle | null = null;
  private _left: number;

  constructor(waitables: Iterable<Waitable<T>>, timeout: number | null) {
    const loop = runningTaskLoop();
    for (const waitable of new Set(waitables)) {
      this._unfinished.add(ensureFuture(waitable, loop));
    }
    loop._ordering?.internalCallback?.(this._onDone);
    for (const future of this._unfinished) {
      future.addDoneCallback(this._onDone);
    }
    if (this._unfinished.size > 0 && timeout !== null) {
      this._timer = loop.callLater(timeout, this._onTimeout);
    }
    this._left = this._unfinished.size;
  }

  /** As many awaitables as there are futures: each returns the result of the next that is done, or throws its error. */
  *[Symbol.iterator](): IterableIterator<Operation<T>> {
    while (this._left > 0) {
      this._left--;
      yield new GeneratorOperation("asCompleted", this._resultSteps());
    }
  }

  /** The futures, as they are done. For async generators. */
  [Symbol.asyncIterator](): AsyncIterator<Future<T>> {
    return {
      next: () => {
        // Suspends the task here and now; the promise only translates what it is resumed with.
        const resumed = this.nextFuture()[Symbol.asyncIterator]().next();
        return Promise.resolve(resumed).then(({ value }) =>
          value === undefined ? { done: true, value } : { done: false, value: value as Future<T> },
        );
      },
    };
  }

  /**
   * Wait for the next future that is done; `undefined` after the last. For plain generators, which have no `for await`.
   *
   * @throws TimeoutError when awaited, if the time is up.
   */
  nextFuture(): Operation<Future<T> | undefined> {
    return new GeneratorOperation("asCompleted", this._nextFutureSteps());
  }

  private *_nextFutureSteps(): Steps<Future<T> | undefined> {
    if (this._left === 0) {
      return undefined;
    }
    this._left--;
    return yield* this._futureSteps();
  }

  private *_resultSteps(): Steps<T> {
    return (yield* this._futureSteps()).result();
  }

  private *_futureSteps(): Steps<Future<T>> {
    const future = (yield this._completed.get()) as Future<T> | null;
    if (future === null) {
      throw new TimeoutError("the deadline passed");
    }
    return future;
  }

  private readonly _onDone = (future: Future<T>): void => {
    if (this._unfinished.size === 0) {
      return;
    }
    this._unfinished.delete(future);
    this._completed.putNowait(future);
    if (this._unfinished.size === 0) {
      this._timer?.cancel();
    }
  };

  private readonly _onTimeout = (): void => {
    for (const future of this._unfinished) {
      future.removeDoneCallback(this._onDone);
      this._completed.putNowait(null);
    }
    this._unfinished.clear();
  };
}

/**
 * Go through `waitables` as they complete, the first to be done first. Coroutines become tasks.
 *
 * ```ts
 * for (const next of asCompleted([a(), b()])) { print(yield* next); }
 * for await (const task of asCompleted(tasks)) { print(task.getName(), task.result()); }
 * ```
 *
 * @throws TypeError, RangeError at the call for what is not an iterable of waitables, an unknown option, or a NaN
 * timeout; TimeoutError when awaited, for each future that is not done in time.
 * @see asyncio.as_completed
 */
export function asCompleted<T>(
  waitables: Iterable<Waitable<T>>,
  options: AsCompletedOptions = NO_OPTIONS,
): AsCompleted<T> {
  requireSeveral("asCompleted", "futures and coroutines", waitables);
  requireOptions("asCompleted", options, AS_COMPLETED_OPTIONS);
  const { timeout = null } = options;
  const all = [...waitables];
  for (const waitable of all) {
    requireWaitable("asCompleted", waitable);
  }
  if (timeout !== null) {
    requireDelay("asCompleted", timeout);
  }
  return new AsCompleted(all, timeout);
}
