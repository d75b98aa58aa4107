import type { ReadyQueue } from "../../engine/base/ordering-policy.ts";
import { allTasks, getRunningLoop } from "../../engine/index.ts";
import type { Runnable } from "../../engine/loop/loop-core.ts";
import { UrgentLane } from "../../engine/loop/urgent-lane.ts";
import { checkTasks } from "../../engine/tasks/task-invariants.ts";
import { TurnOf } from "../../engine/tasks/turn-of.ts";

/** A ready queue in the order of the default schedule, with a check before each item is taken: after each step. */
export class CheckingQueue implements ReadyQueue<Runnable> {
  readonly items: Runnable[] = [];
  private readonly _check: () => void;

  constructor(check: () => void) {
    this._check = check;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: Runnable): void {
    this.items.push(item);
  }

  unshift(item: Runnable): void {
    this.items.unshift(item);
  }

  shift(): Runnable | undefined {
    this._check();
    return this.items.shift();
  }
}

/** What an item of the ready queue stands for: the urgent lane holds several, and the turn of a waiter is the waiter's. */
const itemsOf = (item: Runnable): readonly unknown[] => {
  const items =
    item instanceof UrgentLane ? (item as unknown as { readonly _items: readonly Runnable[] })._items : [item];
  return items.map((each) => (each instanceof TurnOf ? each.waiter : each));
};

/** A check walks through all tasks: after so many, one of a hundred steps is checked. */
const ALL_UP_TO = 2000;

/**
 * Check the invariants of the running loop after each step from now on (after every hundredth, in a long run); what does not hold ends the run. For the
 * first line of a program.
 *
 * @param count - Called at each check, so that a test sees that there were some.
 */
export function checkEveryStep(count: () => void = () => {}): void {
  const loop = getRunningLoop();
  let steps = 0;
  const queue = new CheckingQueue(() => {
    steps++;
    // Once a host has been paused or has crashed, a gate in front of this queue keeps items of its own.
    if (loop._ready === queue && (steps <= ALL_UP_TO || steps % 100 === 0)) {
      count();
      checkTasks(loop, allTasks(), queue.items.flatMap(itemsOf));
    }
  });
  while (loop._ready.length > 0) {
    queue.push(loop._ready.shift()!);
  }
  (loop as { _ready: ReadyQueue<Runnable> })._ready = queue;
}
