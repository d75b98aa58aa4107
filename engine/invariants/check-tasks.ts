import { invariant } from "../base/invariant.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { PENDING } from "../tasks/future-state.ts";
import type { Task } from "../tasks/task.ts";

/** The fields of a task that the invariants are about; private to everything else. */
interface Inspected {
  readonly _state: number;
  readonly _awaited: { readonly _state: number; readonly _waiters?: unknown } | null;
  readonly _resume: unknown;
  readonly _coroutine: unknown;
  readonly _cancelState: { readonly stale: number; readonly passingOn: boolean } | null;
}

/**
 * How often the waiters of a future, which are one or several, contain `task`; `null` for an awaitable that keeps them
 * otherwise.
 */
function timesAmong(waiters: unknown, task: unknown): number | null {
  if (waiters === undefined) {
    return null;
  }
  return (Array.isArray(waiters) ? waiters : [waiters]).filter((waiter) => waiter === task).length;
}

/**
 * Check what must hold for `tasks`, all that `loop` knows, between two steps:
 *
 * 1. no step is open, so no task is the current one;
 * 2. a task that is not done either waits for something that is not done, where it is registered once, and is not in
 *    the ready queue; or what it waited for is done, and it is in the queue once;
 * 3. a task that is done is not in the queue, and its coroutine is gone.
 *
 * Tests call it after each step. It costs a walk through all tasks.
 *
 * @param ready - The items of the ready queue.
 * @throws InvariantError for what does not hold.
 */
export function checkTasks(
  loop: LoopCore & { readonly _stepOpen: boolean; readonly _currentTask: unknown },
  tasks: Iterable<Task<unknown>>,
  ready: readonly unknown[],
): void {
  invariant(!loop._stepOpen && loop._currentTask === null, "a step is open between two steps");
  const queued = new Map<unknown, number>();
  for (const item of ready) {
    queued.set(item, (queued.get(item) ?? 0) + 1);
  }
  for (const task of tasks) {
    const { _state, _awaited, _cancelState } = task as unknown as Inspected;
    const places = (queued.get(task) ?? 0) - (_cancelState?.stale ?? 0);
    const name = task.getName();
    invariant(_cancelState?.passingOn !== true, `${name} passes a cancellation on between two steps`);
    if (_state !== PENDING) {
      invariant(places === 0, `${name} is done, and ${places} times in the ready queue`);
    } else if (_awaited?._state === PENDING) {
      invariant(places === 0, `${name} waits, and is ${places} times in the ready queue`);
      const times = timesAmong(_awaited._waiters, task);
      invariant(times === null || times === 1, `${name} is registered ${times} times with what it waits for`);
    } else {
      invariant(places === 1, `${name} does not wait, and is ${places} times in the ready queue`);
    }
  }
}
