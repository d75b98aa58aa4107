/**
 * What one workload is, apart from any engine: its name, its unit of work and the checksum that every program must
 * reach. The checksum comes from a closed form, so that no engine vouches for itself.
 */
export interface Workload {
  /** What `--workloads` and the child processes call it: `W1`. */
  readonly name: string;
  /** A few words for the table's heading. */
  readonly title: string;
  /** What is counted, in the singular: costs are CPU time a unit. */
  readonly unit: string;
  /** How often one process repeats it: the first time is cold, the best one warm. */
  readonly repetitions: number;
  /** Units of work at `scale`. */
  units(scale: number): number;
  /** The checksum at `scale`, as every program prints it. */
  expected(scale: number): string;
}

/** A workload's program on one engine: does the work at `scale` and returns the checksum that it reached. */
export type Program = (scale: number) => string | Promise<string>;

/** `count` at `scale`, at least one. */
export function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}

/** The next number, 0 to 2^32 - 1, of the workloads' pseudo-random sequence. */
export function lcg(x: number): number {
  return (Math.imul(x, 1664525) + 1013904223) >>> 0;
}

/** Where the sequence of process `i` starts. */
export function seedOf(i: number): number {
  return Math.imul(i + 1, 2654435761) >>> 0;
}
