import { hashOf } from "../schedule/names.ts";

/** A small fast generator (sfc32): a new one for every run, found by the seed and the number of the run. */
export class QuickRandom {
  private _a = 0;
  private _b = 0;
  private _c = 0;
  private _counter = 1;

  /** Begin the stream of run number `run`. */
  begin(seed: number, run: number): void {
    this._a = seed | 0;
    this._b = Math.imul(run + 1, 0x9e3779b9);
    this._c = 0x243f6a88;
    this._counter = 1;
    for (let i = 0; i < 12; i++) {
      this.next();
    }
  }

  /** 32 random bits, as a number that is not negative. */
  next(): number {
    const sum = (((this._a + this._b) | 0) + this._counter) | 0;
    this._counter = (this._counter + 1) | 0;
    this._a = this._b ^ (this._b >>> 9);
    this._b = (this._c + (this._c << 3)) | 0;
    this._c = ((this._c << 21) | (this._c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A whole number from 0 up to, but without, `count`. */
  below(count: number): number {
    return Math.floor((this.next() / 0x100000000) * count);
  }
}

/** A seed as the number that {@link QuickRandom} wants. */
export const seedNumber = (seed: number | string): number => hashOf(String(seed), 0x811c9dc5);
