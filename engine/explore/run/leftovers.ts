import type { TimerHandle } from "../../loop/handle.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import { Lock } from "../../sync/lock.ts";
import { Semaphore } from "../../sync/semaphore.ts";

/** What a program left behind when its main task ended. */
export interface Leftovers {
  readonly tasks: readonly string[];
  readonly permits: readonly string[];
  readonly connections: readonly string[];
  /** Calls that are still to come at the end of the main task, and that no task which is still at work has planned. */
  readonly timers: readonly string[];
  /** Nothing can happen any more, so what waits will wait for ever. */
  readonly isFinal: boolean;
}

/** Passes in which what is left may come to its end. */
const MOST_PASSES = 1000;

/** What is left now, whether or not it could still go on. */
export function leftoversOf(
  loop: EventLoop,
  touchedObjects: Iterable<object>,
  pendingTimers: readonly TimerHandle[],
): Leftovers {
  return loop._within(() => {
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
  });
}

const hasMore = (loop: EventLoop): boolean => loop._ready.length > 0 || loop._hasEvents();

/**
 * Whether it takes a look at what becomes of `left` to say what of it stays for ever: what is only late is not a leak.
 *
 * @param baseline - `null` for the baseline run itself, whose leftovers are the measure for all others.
 */
export const isUndecided = (left: Leftovers, baseline: Leftovers | null): boolean =>
  !left.isFinal && (baseline === null || leakOf({ ...left, timers: [], isFinal: true }, baseline) !== null);

/**
 * Let everything go on until nothing happens any more. What goes wrong after the end of the main task has no part in
 * the verdict.
 */
export async function letGoOn(loop: EventLoop): Promise<void> {
  try {
    for (let pass = 0; pass < MOST_PASSES && hasMore(loop); pass++) {
      await loop.runOnce();
    }
  } catch {
    // The program is over.
  }
}

/** What is left over beyond what the baseline run leaves, in words; `null` if nothing is. */
export function leakOf(
  { tasks, permits, connections, timers, isFinal }: Leftovers,
  baseline: Leftovers,
): string | null {
  const leaks: string[] = [];
  if (isFinal && connections.length > baseline.connections.length) {
    leaks.push(
      `${connections.length} end(s) of connections are never closed, ${baseline.connections.length} in the baseline run: ${connections.join(", ")}`,
    );
  }
  if (isFinal && permits.length > baseline.permits.length) {
    leaks.push(`still held: ${permits.join(", ")}; the baseline run leaves ${baseline.permits.length} held`);
  }
  if (isFinal && tasks.length > baseline.tasks.length) {
    leaks.push(
      `${tasks.length} task(s) wait for ever, ${baseline.tasks.length} in the baseline run: ${tasks.join(", ")}`,
    );
  }
  if (timers.length > 0 && baseline.timers.length === 0) {
    leaks.push(`a timer is still set and was never cancelled, unlike in the baseline run: ${timers.join(", ")}`);
  }
  return leaks.length === 0 ? null : `leak: after the end of main ${leaks.join("; ")}`;
}
