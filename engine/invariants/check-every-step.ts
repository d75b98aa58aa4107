import type { ReadyQueue } from "../base/ordering-policy.ts";
import type { Runnable } from "../base/runnable.ts";
import { UrgentLane } from "../loop/urgent-lane.ts";
import { allTasks, runningTaskLoop } from "../tasks/current.ts";
import { TurnOf } from "../tasks/turn-of.ts";
import { checkTasks } from "./check-tasks.ts";

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

/**
 * What an item of the ready queue stands for: the urgent lane holds several, and the turn of a waiter is the waiter's.
 */
const itemsOf = (item: Runnable): readonly unknown[] => {
  const items =
    item instanceof UrgentLane ? (item as unknown as { readonly _items: readonly Runnable[] })._items : [item];
  return items.map((each) => (each instanceof TurnOf ? each.waiter : each));
};

/** A check walks through all tasks: after so many, one of a hundred steps is checked. */
const ALL_UP_TO = 2000;

/**
 * Check the invariants of the running loop after each step from now on (after every hundredth, in a long run); what
 * does not hold ends the run. For the first line of a program.
 *
 * @param count - Called at each check, so that a test sees that there were some.
 */
export function checkEveryStep(count: () => void = () => {}): void {
  const loop = runningTaskLoop();
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
