import { lcg, scaled, type Workload } from "./workload.ts";

/** W6: a million timers set up front, due at `1 + (x >>> 2)`; the odd ones are cancelled, then the rest runs. */
export const cancelledTimers: Workload & { readonly seed: number } = {
  name: "W6",
  title: "timers: a million set up front, half of them cancelled, the rest run",
  unit: "timer",
  repetitions: 3,
  /** Where the sequence `x` starts. */
  seed: 1,
  units: (scale) => 2 * scaled(500_000, scale),
  /** The time of the last timer that was not cancelled, and how many fired. */
  expected(scale) {
    const timers = cancelledTimers.units(scale);
    let x = cancelledTimers.seed;
    let last = 0;
    for (let i = 0; i < timers; i++) {
      x = lcg(x);
      if (i % 2 === 0) last = Math.max(last, 1 + (x >>> 2));
    }
    return `${last}/${timers / 2}`;
  },
};
