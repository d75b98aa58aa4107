import { scaled, type Workload } from "./workload.ts";

/** W2: a hundred tasks give way to one another, ten thousand times each. */
export const yieldPing: Workload & { readonly tasks: number; yields(scale: number): number } = {
  name: "W2",
  title: "yield ping: 100 tasks sleep(0) 10,000 times each",
  unit: "switch",
  repetitions: 5,
  tasks: 100,
  yields: (scale) => scaled(10_000, scale),
  units: (scale) => yieldPing.tasks * yieldPing.yields(scale),
  /** The final time (none passes) and the number of switches. */
  expected: (scale) => `0/${yieldPing.units(scale)}`,
};
