import { lcg, scaled, seedOf, type Workload } from "./workload.ts";

/** W7: a million tasks, all alive at the same time, each of which sleeps once. */
export const millionTasks: Workload & { delay(i: number): number } = {
  name: "W7",
  title: "a million tasks that sleep once",
  unit: "task",
  repetitions: 1,
  units: (scale) => scaled(1_000_000, scale),
  /** Seconds for which task `i` sleeps: 1 to 2^20. */
  delay: (i) => 1 + (lcg(seedOf(i)) >>> 12),
  /** The longest delay, and the number of tasks. */
  expected(scale) {
    const tasks = millionTasks.units(scale);
    let last = 0;
    for (let i = 0; i < tasks; i++) last = Math.max(last, millionTasks.delay(i));
    return `${last}/${tasks}`;
  },
};
