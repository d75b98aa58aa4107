import { scaled, type Workload } from "./workload.ts";

/** W11: a program of 30 steps, run in twenty thousand orders, or as often in the plain one. */
export const exploration: Workload & { readonly tasks: number; readonly pauses: number } = {
  name: "W11",
  title: "exploration: 20,000 runs of a program of 30 steps",
  unit: "run",
  repetitions: 3,
  tasks: 3,
  pauses: 7,
  units: (scale) => scaled(20_000, scale),
  /**
   * The runs, and the steps of the plain one: for each task its own and a callback, for the main task two and a
   * callback.
   */
  expected: (scale) => `${exploration.units(scale)}/${exploration.tasks * (exploration.pauses + 2) + 3}`,
};
