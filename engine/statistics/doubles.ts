/** A growing list of numbers in a typed array: eight bytes each. */
export class Doubles {
  private _values = new Float64Array(64);
  private _length = 0;

  /** How many numbers it holds. */
  get length(): number {
    return this._length;
  }

  /** Append `value`. */
  push(value: number): void {
    if (this._length === this._values.length) {
      const grown = new Float64Array(this._values.length * 2);
      grown.set(this._values);
      this._values = grown;
    }
    this._values[this._length++] = value;
  }

  /** The number at `index`. */
  at(index: number): number {
    return this._values[index]!;
  }

  /** The numbers; a view that is valid until the next `push`. */
  view(): Float64Array {
    return this._values.subarray(0, this._length);
  }

  /** The first index whose number is not below `value`; the numbers ascend. */
  firstNotBelow(value: number): number {
    let low = 0;
    let high = this._length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
