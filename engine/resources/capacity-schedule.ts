import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";

/** Instants in seconds, ascending, each with the capacity up to it. */
export type CapacitySteps = readonly (readonly [until: number, capacity: number])[];

/** Options of `schedule`. */
export interface ScheduleOptions {
  /** Begin again after the last step. False by default: the last capacity stays. */
  readonly cyclic?: boolean;
  /** Whether a smaller capacity takes units from holders at once. False by default: they finish. */
  readonly preempt?: boolean;
  /** Begin so many seconds into the plan; 0 by default. */
  readonly offset?: number;
}

const SCHEDULE_OPTIONS = optionNames<ScheduleOptions>({ cyclic: true, preempt: true, offset: true });

interface Scheduled {
  setCapacity(capacity: number, options: { readonly preempt: boolean }): void;
}

/** @throws TypeError, RangeError unless the steps ascend and their capacities are not negative. */
function requireSteps(what: string, steps: unknown): asserts steps is CapacitySteps {
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new TypeError(`${what}: expected at least one step [until, number], got ${describeValue(steps)}`);
  }
  let last = 0;
  for (const step of steps as unknown[]) {
    const [until, capacity] = Array.isArray(step) ? (step as unknown[]) : [];
    if (typeof until !== "number" || typeof capacity !== "number" || !(capacity >= 0)) {
      throw new TypeError(
        `${what}: expected steps [until, number] with a number that is not negative, got ${describeValue(step)}`,
      );
    }
    if (!(until > last && until < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${what}: expected ascending instants above 0, got ${describeValue(until)} after ${last}`);
    }
    last = until;
  }
}

/** Call `serve` at each instant of a plan, from now on. */
export function followSlots(
  loop: TaskEventLoop,
  slots: CapacitySteps,
  options: { readonly cyclic?: boolean },
  serve: (count: number) => void,
): void {
  requireSteps("serveInSlots", slots);
  requireOptions("serveInSlots", options, ["cyclic"]);
  const start = loop.time();
  const period = slots.at(-1)![0];
  const plan = (cycle: number, index: number): void => {
    const [at, count] = slots[index]!;
    loop.callAt(start + cycle * period + at, () => {
      serve(count);
      if (index + 1 < slots.length) {
        plan(cycle, index + 1);
      } else if (options.cyclic === true) {
        plan(cycle + 1, 0);
      }
    });
  };
  plan(0, 0);
}

/** Change the capacity of `resource` by a plan, from now on. */
export function followSchedule(
  loop: TaskEventLoop,
  resource: Scheduled,
  steps: CapacitySteps,
  options: ScheduleOptions,
): void {
  requireSteps("schedule", steps);
  requireOptions("schedule", options, SCHEDULE_OPTIONS);
  const { cyclic = false, preempt = false, offset = 0 } = options;
  const period = steps.at(-1)![0];
  if (typeof offset !== "number" || !(offset >= 0 && offset < period)) {
    throw new RangeError(`schedule: expected an offset from 0 up to ${period} s, got ${describeValue(offset)}`);
  }
  const start = loop.time() - offset;
  let cycle = 0;
  let index = steps.findIndex(([until]) => until > offset);
  const apply = (): void => {
    const [until, capacity] = steps[index]!;
    resource.setCapacity(capacity, { preempt });
    if (index + 1 < steps.length || cyclic) {
      loop.callAt(start + cycle * period + until, next);
    }
  };
  const next = (): void => {
    index++;
    if (index === steps.length) {
      index = 0;
      cycle++;
    }
    apply();
  };
  apply();
}
