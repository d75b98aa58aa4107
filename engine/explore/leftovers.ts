import type { EventLoop } from "../network/event-loop.ts";
import { Lock } from "../sync/lock.ts";
import { Semaphore } from "../sync/semaphore.ts";

/** What a program left behind that nobody will ever clean up. */
export interface Leftovers {
  readonly tasks: readonly string[];
  readonly permits: readonly string[];
  /** Nothing is ready and no timer is pending, so what waits will wait for ever. */
  readonly isFinal: boolean;
}

export const NOTHING_LEFT: Leftovers = { tasks: [], permits: [], isFinal: false };

/** What is left at the end of the main task, whether or not it could still go on. */
export function leftoversOf(loop: EventLoop, touchedObjects: Iterable<object>, isIdle: boolean): Leftovers {
  const tasks = loop.allTasks().map((task) => `${task.getName()} waits for ${task._waitsFor()}`);
  const permits: string[] = [];
  for (const object of touchedObjects) {
    if (object instanceof Lock && object.locked()) {
      permits.push(String(object));
    } else if (object instanceof Semaphore && object._missing > 0) {
      permits.push(String(object));
    }
  }
  return { tasks, permits, isFinal: isIdle && !loop._hasEvents() };
}

/** What is left over beyond what the plain run leaves, in words; `null` if nothing is. */
export function leakOf(left: Leftovers, plain: Leftovers): string | null {
  if (!left.isFinal) {
    return null;
  }
  if (left.tasks.length > plain.tasks.length) {
    return `leak: at the end of main ${left.tasks.length} task(s) wait for ever, ${plain.tasks.length} in the plain run: ${left.tasks.join("; ")}`;
  }
  if (left.permits.length > plain.permits.length) {
    return `leak: at the end of main somebody still holds ${left.permits.join(", ")}; the plain run leaves ${plain.permits.length} held`;
  }
  return null;
}
