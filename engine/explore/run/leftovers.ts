import type { TimerHandle } from "../../loop/handle.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import { Lock } from "../../sync/lock.ts";
import { Semaphore } from "../../sync/semaphore.ts";

/** What a program left behind when its main task ended. */
export interface Leftovers {
  readonly tasks: readonly string[];
  readonly permits: readonly string[];
  readonly connections: readonly string[];
  /** Calls that are still to come, at the end of the main task. */
  readonly timers: readonly string[];
  /** Nothing can happen any more, so what waits will wait for ever. */
  readonly isFinal: boolean;
}

export const NOTHING_LEFT: Leftovers = { tasks: [], permits: [], connections: [], timers: [], isFinal: false };

/** Passes in which what is left may come to its end. */
const MOST_PASSES = 1000;

/** What is left now, whether or not it could still go on. */
function leftoversOf(
  loop: EventLoop,
  touchedObjects: Iterable<object>,
  pendingTimers: readonly TimerHandle[],
): Leftovers {
  const tasks = loop.allTasks().map((task) => `${task.getName()} waits for ${task._waitsFor()}`);
  const permits: string[] = [];
  for (const object of touchedObjects) {
    if (object instanceof Lock && object.locked()) {
      permits.push(String(object));
    } else if (object instanceof Semaphore && object._missing > 0) {
      permits.push(String(object));
    }
  }
  const timers = pendingTimers.map(String);
  return { tasks, permits, connections: loop._openConnections(), timers, isFinal: !hasMore(loop) };
}

const hasMore = (loop: EventLoop): boolean => loop._ready.length > 0 || loop._hasEvents();

/**
 * What the main task leaves behind for good: if that seems to be more than in the plain run, everything else runs on until nothing happens any more, for what
 * is only late is no leak.
 *
 * @param plain - `null` for the plain run itself.
 */
export async function finalLeftovers(
  loop: EventLoop,
  plain: Leftovers | null,
  touchedObjects: readonly object[],
  pendingTimers: readonly TimerHandle[],
): Promise<Leftovers> {
  const look = (): Leftovers => loop._within(() => leftoversOf(loop, touchedObjects, pendingTimers));
  const left = look();
  const timers = left.tasks.length <= (plain?.tasks.length ?? 0) ? left.timers : [];
  if (left.isFinal || (plain !== null && leakOf({ ...left, timers: [], isFinal: true }, plain) === null)) {
    return { ...left, timers };
  }
  try {
    for (let pass = 0; pass < MOST_PASSES && hasMore(loop); pass++) {
      await loop.runOnce();
    }
  } catch {
    // What goes wrong after the end of the main task has no part in the verdict.
  }
  return { ...look(), timers };
}

/** What is left over beyond what the plain run leaves, in words; `null` if nothing is. */
export function leakOf({ tasks, permits, connections, timers, isFinal }: Leftovers, plain: Leftovers): string | null {
  const leaks: string[] = [];
  if (isFinal && connections.length > plain.connections.length) {
    leaks.push(
      `${connections.length} end(s) of connections are never closed, ${plain.connections.length} in the plain run: ${connections.join(", ")}`,
    );
  }
  if (isFinal && permits.length > plain.permits.length) {
    leaks.push(`somebody still holds ${permits.join(", ")}; the plain run leaves ${plain.permits.length} held`);
  }
  if (isFinal && tasks.length > plain.tasks.length) {
    leaks.push(`${tasks.length} task(s) wait for ever, ${plain.tasks.length} in the plain run: ${tasks.join(", ")}`);
  }
  if (timers.length > 0 && plain.timers.length === 0) {
    leaks.push(`a timer is still set that nobody cancelled, and none in the plain run: ${timers.join(", ")}`);
  }
  return leaks.length === 0 ? null : `leak: after the end of main ${leaks.join("; ")}`;
}
