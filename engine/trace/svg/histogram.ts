/** The least and the greatest power of ten that a class begins at. */
const FIRST = -9;
const LAST = 9;

/** Where classes begin, in seconds: 0, and then 1, 2 and 5 of each decade. */
const EDGES: readonly number[] = [
  0,
  ...Array.from({ length: LAST - FIRST + 1 }, (_, i) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${FIRST + i}`)),
  ).flat(),
];

/** A class of a histogram: what is `from` at least, and less than the next class. */
export interface Class {
  readonly from: number;
  readonly count: number;
}

/** Counts durations by their length. */
export class Histogram {
  private readonly _counts: number[] = EDGES.map(() => 0);
  count = 0;

  /** Count a duration, in seconds. */
  add(seconds: number): void {
    let low = 0;
    let high = EDGES.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (EDGES[middle]! <= seconds) {
        low = middle;
      } else {
        high = middle;
      }
    }
    this._counts[low] = this._counts[low]! + 1;
    this.count++;
  }

  /** All classes from the first to the last that has something in it; what took no time stands before them. */
  classes(): Class[] {
    const first = this._counts.findIndex((count, i) => i > 0 && count > 0);
    const last = this._counts.findLastIndex((count) => count > 0);
    const shown = first < 0 ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const none = this._counts[0]! > 0 ? [0] : [];
    return [...none, ...shown].map((i) => ({ from: EDGES[i]!, count: this._counts[i]! }));
  }
}
