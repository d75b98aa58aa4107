/** The values that 50, 90 and 99 per cent of all values do not exceed. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** The percentiles of `sorted`, which is ascending and not empty: each is one of the values (nearest rank). */
export function percentilesOf(sorted: readonly number[]): Percentiles {
  const at = (percent: number): number => sorted[Math.ceil((sorted.length * percent) / 100) - 1]!;
  return { p50: at(50), p90: at(90), p99: at(99) };
}
