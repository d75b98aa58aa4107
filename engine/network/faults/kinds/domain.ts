/** A finite list of values to draw from. The first is the simplest: shrinking leads to it. */
export interface Domain<T> {
  /** How many values there are. */
  readonly size: number;
  /** The value at `index`, from 0 to `size - 1`. */
  at(index: number): T;
}

/** Exact decimals: `3 * 0.1` is 0.3. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/** These values. */
export const oneOf = <T>(...values: readonly T[]): Domain<T> => ({
  size: values.length,
  at: (index) => values[index]!,
});

/** The multiples of `step` from `low` to `high`. */
export const multiplesFrom = (low: number, high: number, step: number): Domain<number> => ({
  size: Math.round((high - low) / step) + 1,
  at: (index) => rounded(low + index * step),
});

/** 0 and the multiples of `step` up to `limit`, by magnitude, each followed by its negative. */
export const multiplesAround0 = (limit: number, step: number): Domain<number> => ({
  size: 2 * Math.round(limit / step) + 1,
  at: (index) => rounded(Math.ceil(index / 2) * step * (index % 2 === 0 ? -1 : 1)) + 0,
});

/** What `make` makes of each value of `domain`. */
export const mapped = <T, U>(domain: Domain<T>, make: (value: T) => U): Domain<U> => ({
  size: domain.size,
  at: (index) => make(domain.at(index)),
});
