import { scaled, type Workload } from "./workload.ts";

const hosts = 500;

/** W9: hosts that send each other datagrams over lossless links of their own. */
export const gossip: Workload & { readonly hosts: number; seconds(scale: number): number } = {
  name: "W9",
  title: "gossip: 500 hosts for an hour, a datagram a second from each to another",
  unit: "datagram",
  repetitions: 1,
  hosts,
  /** Virtual seconds. */
  seconds: (scale) => scaled(3600, scale),
  units: (scale) => hosts * gossip.seconds(scale),
  /** Datagrams that arrived: all of them. */
  expected: (scale) => String(gossip.units(scale)),
};
