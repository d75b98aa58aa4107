/** Seconds without the digits that rounding leaves: to the nanosecond. */
export const shortSeconds = (seconds: number): string =>
  Number.isFinite(seconds) ? String(Number(seconds.toFixed(9))) : "∞";
