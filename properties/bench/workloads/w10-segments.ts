import { scaled, type Workload } from "./workload.ts";

const bytes = 64;
const segmentsEach = 1000;

/** W10: TCP segments that are all on their way at once, to see what one takes. */
export const segments: Workload & {
  readonly bytes: number;
  readonly segmentsEach: number;
  connections(scale: number): number;
} = {
  name: "W10",
  title: "300,000 TCP segments of 64 bytes on a link at once, in 300 connections",
  unit: "segment",
  repetitions: 1,
  bytes,
  segmentsEach,
  connections: (scale) => scaled(300, scale),
  units: (scale) => segmentsEach * segments.connections(scale),
  /** The bytes that arrived. */
  expected: (scale) => String(bytes * segments.units(scale)),
};
