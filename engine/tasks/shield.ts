import { ensureFuture, requireWaitable, type Waitable } from "./ensure-future.ts";
import type { Future } from "./future.ts";
import { PurposefulFuture } from "./purposeful-future.ts";

/**
 * A future that follows `waitable` but does not pass a cancellation on to it: the waiter is cancelled, what is waited
 * for goes on.
 *
 * @returns A future of the same result; the very future given, if that is done already.
 * @throws TypeError if `waitable` is neither future nor coroutine; RuntimeError if no loop runs.
 * @see asyncio.shield
 */
export function shield<T>(waitable: Waitable<T>): Future<T> {
  requireWaitable("shield", waitable);
  const inner = ensureFuture(waitable);
  if (inner.done()) {
    return inner;
  }
  const outer = new PurposefulFuture<T>(inner._loop, "shield");
  const onInnerDone = (): void => {
    if (outer.cancelled()) {
      inner._markSeen();
    } else if (inner.cancelled()) {
      outer.cancel();
    } else {
      follow(outer, inner);
    }
  };
  const onOuterDone = (): void => {
    if (!inner.done()) {
      inner.removeDoneCallback(onInnerDone);
    }
  };
  inner._loop._ordering?.internalCallback?.(onInnerDone);
  inner._loop._ordering?.internalCallback?.(onOuterDone);
  inner.addDoneCallback(onInnerDone);
  outer.addDoneCallback(onOuterDone);
  return outer;
}

function follow<T>(outer: Future<T>, inner: Future<T>): void {
  if (inner._hasFailed()) {
    outer.setException(inner.exception());
  } else {
    outer.setResult(inner.result());
  }
}
