import { scaled, type Workload } from "./workload.ts";

/** W8: connections that are all open at once, and exchange one message each way. */
export const openConnections: Workload = {
  name: "W8",
  title: "10,000 open TCP connections, a message each way on every one",
  unit: "connection",
  repetitions: 1,
  units: (scale) => scaled(10_000, scale),
  /** Messages that came back. */
  expected: (scale) => String(openConnections.units(scale)),
};
