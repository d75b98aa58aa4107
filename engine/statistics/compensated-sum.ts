/**
 * A sum whose error does not grow with the number of summands.
 *
 * Neumaier's variant of Kahan's algorithm: `value` differs from the exact sum by a few units in the last place,
 * whatever the count.
 */
export class CompensatedSum {
  private _sum = 0;
  private _lost = 0;

  /** Add `x`. */
  add(x: number): void {
    const sum = this._sum + x;
    this._lost += Math.abs(this._sum) >= Math.abs(x) ? this._sum - sum + x : x - sum + this._sum;
    this._sum = sum;
  }

  /** The sum so far. */
  get value(): number {
    return this._sum + this._lost;
  }

  /** Add another sum. */
  merge(other: CompensatedSum): void {
    this.add(other._sum);
    this.add(other._lost);
  }

  /** Both parts, to continue from later. */
  toJSON(): [number, number] {
    return [this._sum, this._lost];
  }

  /** The sum that {@link toJSON} returned. */
  static fromJSON([sum, lost]: readonly [number, number]): CompensatedSum {
    const result = new CompensatedSum();
    result._sum = sum;
    result._lost = lost;
    return result;
  }
}
