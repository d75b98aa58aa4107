/**
 * How much a connection may have on the way: slow start, congestion avoidance, fast retransmit and fast recovery.
 *
 * Quantities are bytes; places are as in the control block. Both phases of growth count the bytes that were
 * acknowledged, as
 * Linux does, so that delayed acknowledgements do not slow them down: slow start doubles the window in each round trip,
 * congestion avoidance adds one segment.
 *
 * @see RFC 5681; RFC 3465 (byte counting); RFC 6582 (NewReno) for what happens between a loss and its repair
 */
export class Congestion {
  /** The congestion window. */
  window: number;
  /** The other side reports what it has: then the window need not stand in for what has left the network. */
  isSelective = false;
  /** A loss was noticed and is being repaired. */
  isRecovering = false;
  private _slowStartThreshold = Number.POSITIVE_INFINITY;
  /** What both were before the last loss was noticed. */
  private _windowBefore = 0;
  private _thresholdBefore = 0;
  private readonly _initialWindow: number;
  private _segment: number;
  private _duplicates = 0;
  /** What was sent when the last loss was noticed, up to this place. */
  private _recover = 0;
  /** Bytes that were acknowledged in congestion avoidance since the window last grew. */
  private _acknowledged = 0;
  /**
   * Whether the window held the connection back since `_usedUpTo` was sent; otherwise, the most that was on the way.
   */
  private _isLimiting = true;
  private _used = 0;
  private _usedUpTo = 0;

  constructor(segmentBytes: number, initialSegments: number) {
    this._segment = segmentBytes;
    this._initialWindow = segmentBytes * initialSegments;
    this.window = this._initialWindow;
  }

  /** Segments have another size from now on, because the path takes others. */
  resize(segmentBytes: number): void {
    this._segment = segmentBytes;
    this.window = Math.max(this.window, segmentBytes);
  }

  /**
   * Something new was acknowledged: `acknowledged` bytes, up to `place`.
   *
   * @returns Whether the next segment is missing as well and has to be sent again.
   */
  advanced(acknowledged: number, place: number): boolean {
    this._duplicates = 0;
    if (this.isRecovering) {
      return this._advancedInRecovery(acknowledged, place);
    }
    if (this._isUsed) {
      this._grow(this._inSlowStart(acknowledged, place));
    }
    return false;
  }

  /** The same place was acknowledged again: a segment has left the network. */
  repeated(): void {
    this._duplicates++;
    if (this.isRecovering && !this.isSelective) {
      this.window += this._segment;
    }
  }

  /**
   * Begin a recovery if enough repetitions show that the segment at `place` is lost.
   *
   * @param isLost - Whether it is known to be lost, however few repetitions there were.
   * @param enough - How many repetitions are enough.
   * @returns Whether the segment has to be sent again.
   */
  beginsRecovery(place: number, inFlight: number, sentUpTo: number, isLost: boolean, enough = 3): boolean {
    // Right behind a repair, repetitions may only mean that something was sent again in vain; news of other segments
    // cannot.
    const isStale = this.isSelective ? place < this._recover : place <= this._recover;
    if (this.isRecovering || (this._duplicates < enough && !isLost) || isStale) {
      return false;
    }
    this.isRecovering = true;
    this._windowBefore = this.window;
    this._thresholdBefore = this._slowStartThreshold;
    this._recover = sentUpTo;
    this._slowStartThreshold = this._half(inFlight);
    this.window = this._slowStartThreshold + (this.isSelective ? 0 : 3 * this._segment);
    return true;
  }

  /** How much may be sent beyond the window because segments have left the network. @see RFC 3042, limited transmit */
  get extra(): number {
    const counts = !(this.isSelective || this.isRecovering) && this._duplicates < 3;
    return counts ? this._duplicates * this._segment : 0;
  }

  /**
   * All that may be sent was sent: `inFlight` bytes are on the way, up to `next`. A window that the program does not
   * fill must
   * not grow, for nothing was learnt about what lies beyond.
   *
   * @see RFC 7661, section 4.3; Linux `tcp_cwnd_validate`
   */
  sent(inFlight: number, unacknowledged: number, next: number): void {
    const isLimiting = inFlight + this._segment > this.window;
    if (unacknowledged >= this._usedUpTo || isLimiting || (!this._isLimiting && inFlight > this._used)) {
      this._isLimiting = isLimiting;
      this._used = inFlight;
      this._usedUpTo = next;
    }
  }

  /** Nothing was lost: go on as before the recovery. @see Linux `tcp_undo_cwnd_reduction` */
  undo(): void {
    this.isRecovering = false;
    this.window = Math.max(this.window, this._windowBefore);
    this._slowStartThreshold = Math.max(this._slowStartThreshold, this._thresholdBefore);
  }

  /** The retransmission timer expired. @param isFirst - Not yet for the same segment. */
  timedOut(inFlight: number, sentUpTo: number, isFirst: boolean): void {
    if (isFirst) {
      this._slowStartThreshold = this._half(inFlight);
    }
    this.window = this._segment;
    this._acknowledged = 0;
    this.isRecovering = false;
    this._duplicates = 0;
    this._recover = sentUpTo;
  }

  /**
   * Nothing was sent for longer than the retransmission timeout: what was known of the path is stale.
   *
   * @see RFC 5681, section 4.1
   */
  restart(): void {
    this.window = Math.min(this.window, this._initialWindow);
  }

  private _half(inFlight: number): number {
    return Math.max(Math.floor(inFlight / 2), 2 * this._segment);
  }

  /**
   * Whether the connection uses the window. Slow start may always reach twice what it used.
   *
   * @see Linux `tcp_is_cwnd_limited`
   */
  private get _isUsed(): boolean {
    return this._isLimiting || (this.window < this._slowStartThreshold && this.window < 2 * this._used);
  }

  /** Grow in slow start, if it goes on. @returns How many of the `acknowledged` bytes were not used up by it. */
  private _inSlowStart(acknowledged: number, place: number): number {
    if (this.window >= this._slowStartThreshold) {
      return acknowledged;
    }
    // Behind a timeout one acknowledgement may cover much that arrived long ago: it must not set off a burst.
    const counted = place <= this._recover ? Math.min(acknowledged, this._segment) : acknowledged;
    const growth = Math.min(counted, this._slowStartThreshold - this.window);
    this.window += growth;
    return counted - growth;
  }

  /** Grow in congestion avoidance: by a segment for each window that was acknowledged. @see RFC 5681, section 3.1 */
  private _grow(acknowledged: number): void {
    this._acknowledged += acknowledged;
    while (this._acknowledged >= this.window) {
      this._acknowledged -= this.window;
      this.window += this._segment;
    }
  }

  private _advancedInRecovery(acknowledged: number, place: number): boolean {
    if (place >= this._recover) {
      this.isRecovering = false;
      this._acknowledged = 0;
      this.window = this._slowStartThreshold;
      return false;
    }
    if (this.isSelective) {
      return true;
    }
    this.window = Math.max(this._segment, this.window - acknowledged);
    if (acknowledged >= this._segment) {
      this.window += this._segment;
    }
    return true;
  }
}
