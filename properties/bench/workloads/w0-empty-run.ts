import { scaled, type Workload } from "./workload.ts";

/** W0: ten thousand simulations of a program that returns 1 at once, one after another. */
export const emptyRun: Workload = {
  name: "W0",
  title: "empty runs: 10,000 simulations of a program that does nothing",
  unit: "run",
  repetitions: 5,
  units: (scale) => scaled(10_000, scale),
  /** The sum of the final times, and the sum of the returned values. */
  expected: (scale) => `0/${emptyRun.units(scale)}`,
};
