/** How much empty room is shown beside the run, as a part of the width. */
const AIR = 0.02;
/** Pixels for a unit of the axis at most, where units are events. */
const LARGEST_EVENT = 120;

/** Which part of an axis is shown: units of the axis at the left edge, and pixels for a unit. */
export class Viewport {
  origin = 0;
  scale = 1;
  /** In pixels. */
  width = 1;
  private _length = 1;
  private _finest = LARGEST_EVENT;

  /** Show an axis of this length. @param finest - Pixels for a unit at most. */
  setAxis(length: number, finest = LARGEST_EVENT): void {
    this._length = length > 0 ? length : 1;
    this._finest = Math.max(finest, this._fitScale());
  }

  fit(): void {
    this.scale = this._fitScale();
    this.origin = -(this.width / this.scale - this._length) / 2;
  }

  /** Show the axis from `start` to `end`. */
  show(start: number, end: number): void {
    this.scale = Math.min(this._finest, Math.max(this._fitScale(), this.width / (end - start)));
    this.origin = start;
    this._clamp();
  }

  x(unit: number): number {
    return (unit - this.origin) * this.scale;
  }

  unit(x: number): number {
    return this.origin + x / this.scale;
  }

  /** Zoom so that what is at `x` stays there. */
  zoom(factor: number, x: number): void {
    const fixed = this.unit(x);
    this.scale = Math.min(this._finest, Math.max(this._fitScale(), this.scale * factor));
    this.origin = fixed - x / this.scale;
    this._clamp();
  }

  /** Move by so many pixels to the right. */
  pan(pixels: number): void {
    this.origin += pixels / this.scale;
    this._clamp();
  }

  /** Bring `unit` into view, if it is not well inside. */
  reveal(unit: number): void {
    const x = this.x(unit);
    const edge = this.width * 0.08;
    if (x < edge || x > this.width - edge) {
      this.origin = unit - (x < edge ? 0.25 : 0.75) * (this.width / this.scale);
      this._clamp();
    }
  }

  private _fitScale(): number {
    return (this.width * (1 - 2 * AIR)) / this._length;
  }

  private _clamp(): void {
    const air = (this.width / this.scale) * AIR;
    const most = this._length + air - this.width / this.scale;
    this.origin = Math.max(-air, Math.min(most, this.origin));
  }
}
