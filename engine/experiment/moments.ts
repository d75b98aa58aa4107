import { ExactSum } from "./exact-sum.ts";

/** {@link Moments} as JSON. */
export interface MomentsData {
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly sum: string;
  readonly squares: string;
}

/** Count, mean, variance and range of observations, exact and independent of their order. */
export class Moments {
  n = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  private readonly _sum: ExactSum;
  private readonly _squares: ExactSum;

  constructor(data?: MomentsData) {
    this._sum = new ExactSum(data?.sum);
    this._squares = new ExactSum(data?.squares);
    if (data !== undefined) {
      this.n = data.n;
      this.min = data.min;
      this.max = data.max;
    }
  }

  /** Add a finite observation. */
  add(value: number): void {
    this.n++;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this._sum.add(value);
    this._squares.addSquare(value);
  }

  /** Add the observations of `other`. */
  merge(other: Moments): void {
    this.n += other.n;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this._sum.merge(other._sum);
    this._squares.merge(other._squares);
  }

  get mean(): number {
    return this.n === 0 ? Number.NaN : this._sum.over(this.n);
  }

  /** The unbiased variance; 0 for fewer than two observations. */
  get variance(): number {
    return this._sum.varianceOf(this.n, this._squares);
  }

  toJSON(): MomentsData {
    return { n: this.n, min: this.min, max: this.max, sum: this._sum.toJSON(), squares: this._squares.toJSON() };
  }
}
