/**
 * How much a connection may have on the way: slow start, congestion avoidance, fast retransmit and fast recovery.
 *
 * Quantities are bytes; places are as in the control block.
 *
 * @see RFC 5681; RFC 6582 (NewReno) for what happens between a loss and its repair
 */
export class Congestion {
  /** The congestion window. */
  window: number;
  private _threshold = Number.POSITIVE_INFINITY;
  private readonly _initialWindow: number;
  private readonly _segment: number;
  private _duplicates = 0;
  private _recovering = false;
  /** What was sent when the last loss was noticed, up to this place. */
  private _recover = 0;

  constructor(segmentBytes: number, initialSegments: number) {
    this._segment = segmentBytes;
    this._initialWindow = segmentBytes * initialSegments;
    this.window = this._initialWindow;
  }

  /** Something new was acknowledged: `acknowledged` bytes, up to `place`. @returns Whether the next segment is missing as well and has to be sent again. */
  advanced(acknowledged: number, place: number, inFlight: number): boolean {
    this._duplicates = 0;
    if (this._recovering) {
      return this._advancedInRecovery(acknowledged, place, inFlight);
    }
    if (this.window < this._threshold) {
      this.window += Math.min(acknowledged, this._segment);
    } else {
      this.window += Math.max(1, Math.floor((this._segment * this._segment) / this.window));
    }
    return false;
  }

  /** The same place was acknowledged again. @returns Whether the first segment has to be sent again. */
  repeated(place: number, inFlight: number, sentUpTo: number): boolean {
    this._duplicates++;
    if (this._recovering) {
      this.window += this._segment;
      return false;
    }
    if (this._duplicates !== 3 || place <= this._recover) {
      return false;
    }
    this._recovering = true;
    this._recover = sentUpTo;
    this._threshold = this._half(inFlight);
    this.window = this._threshold + 3 * this._segment;
    return true;
  }

  /** How much may be sent beyond the window because segments have left the network. @see RFC 3042, limited transmit */
  get extra(): number {
    return this._recovering || this._duplicates > 2 ? 0 : this._duplicates * this._segment;
  }

  /** The retransmission timer expired. @param isFirst - Not yet for the same segment. */
  timedOut(inFlight: number, sentUpTo: number, isFirst: boolean): void {
    if (isFirst) {
      this._threshold = this._half(inFlight);
    }
    this.window = this._segment;
    this._recovering = false;
    this._duplicates = 0;
    this._recover = sentUpTo;
  }

  /** Nothing was sent for longer than the retransmission timeout: what was known of the path is stale. @see RFC 5681, section 4.1 */
  restart(): void {
    this.window = Math.min(this.window, this._initialWindow);
  }

  private _half(inFlight: number): number {
    return Math.max(Math.floor(inFlight / 2), 2 * this._segment);
  }

  private _advancedInRecovery(acknowledged: number, place: number, inFlight: number): boolean {
    if (place >= this._recover) {
      this._recovering = false;
      this.window = Math.min(this._threshold, Math.max(inFlight, this._segment) + this._segment);
      return false;
    }
    this.window = Math.max(this._segment, this.window - acknowledged);
    if (acknowledged >= this._segment) {
      this.window += this._segment;
    }
    return true;
  }
}
