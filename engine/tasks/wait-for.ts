import { CancelledError, TimeoutError } from "../base/errors.ts";
import { requireDelay } from "../loop/validate.ts";
import { runningTaskLoop } from "./current.ts";
import { ensureFuture, requireWaitable, type Waitable } from "./ensure-future.ts";
import type { Future } from "./future.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";
import { PurposefulFuture } from "./purposeful-future.ts";
import { Timeout, underDeadline } from "./timeout.ts";

/** Cancel `future` and wait until it has ended, whatever it comes to. */
function* cancelAndWait(future: Future<unknown>): Steps<void> {
  const ended = new PurposefulFuture<void>(future._loop, "waitFor");
  const onEnd = (): void => {
    if (!ended.done()) {
      ended.setResult();
    }
  };
  future._loop._ordering?.internalCallback?.(onEnd);
  future.addDoneCallback(onEnd);
  try {
    future.cancel();
    yield ended;
  } finally {
    future.removeDoneCallback(onEnd);
  }
}

/** With no time at all: the result if it is there, or else the end of a cancellation. */
function* waitForNothing<T>(waitable: Waitable<T>): Steps<T> {
  const future = ensureFuture(waitable);
  if (future.done()) {
    return future.result();
  }
  yield* cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    throw error instanceof CancelledError ? new TimeoutError("the deadline passed", { cause: error }) : error;
  }
}

function* waitWithin<T>(waitable: Waitable<T>, delay: number | null): Steps<T> {
  if (delay !== null && delay <= 0) {
    return yield* waitForNothing(waitable);
  }
  const scope = new Timeout(delay === null ? null : runningTaskLoop().time() + delay);
  return yield* underDeadline<T>(scope, () => waitable);
}

/**
 * Wait for `waitable`, at most `delay` seconds from when it is awaited; then it is cancelled, and `TimeoutError`
 * thrown.
 *
 * A coroutine runs in the present task. With a `delay` of zero or less only what is done already counts.
 *
 * @param delay - Seconds, or `null` for no limit.
 * @returns What `waitable` returns.
 * @throws TypeError and RangeError at the call for what cannot be awaited and for NaN; when awaited, TimeoutError, and
 * what `waitable` fails with.
 * @see asyncio.wait_for
 */
export function waitFor<T>(waitable: Waitable<T>, delay: number | null): Operation<T> {
  requireWaitable("waitFor", waitable);
  if (delay !== null) {
    requireDelay("waitFor", delay);
  }
  return new GeneratorOperation("waitFor", waitWithin(waitable, delay));
}
