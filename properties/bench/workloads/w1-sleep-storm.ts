import { lcg, scaled, seedOf, type Workload } from "./workload.ts";

/** W1: a thousand tasks, each of which sleeps a thousand times, `1 + (x >>> 12)` seconds with a new `x` each time. */
export const sleepStorm: Workload & { readonly tasks: number; sleeps(scale: number): number } = {
  name: "W1",
  title: "sleep storm: 1,000 tasks sleep 1,000 times each",
  unit: "wake-up",
  repetitions: 3,
  tasks: 1000,
  sleeps: (scale) => scaled(1000, scale),
  units: (scale) => sleepStorm.tasks * sleepStorm.sleeps(scale),
  /** The final time, which is the longest sum of one task's delays, and the number of wake-ups. */
  expected(scale) {
    let last = 0;
    for (let i = 0; i < sleepStorm.tasks; i++) last = Math.max(last, sumOfDelays(i, sleepStorm.sleeps(scale)));
    return `${last}/${sleepStorm.units(scale)}`;
  },
};

function sumOfDelays(i: number, sleeps: number): number {
  let x = seedOf(i);
  let sum = 0;
  for (let k = 0; k < sleeps; k++) {
    x = lcg(x);
    sum += 1 + (x >>> 12);
  }
  return sum;
}
