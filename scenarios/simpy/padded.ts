/** A number with so many decimals, right-aligned: C's `%7.4f` is `padded(x, 7, 4)`. */
export const padded = (value: number, width: number, decimals: number): string =>
  value.toFixed(decimals).padStart(width);
