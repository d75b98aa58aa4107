import { scaled, type Workload } from "./workload.ts";

/** W3: a producer and a consumer pass integers through a queue that holds one. */
export const queuePingPong: Workload = {
  name: "W3",
  title: "queue: a producer and a consumer, 200,000 integers through a queue of one",
  unit: "item",
  repetitions: 5,
  units: (scale) => scaled(200_000, scale),
  /** The sum of the integers from 0. */
  expected(scale) {
    const items = queuePingPong.units(scale);
    return String((items * (items - 1)) / 2);
  },
};
