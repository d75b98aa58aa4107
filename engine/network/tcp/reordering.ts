/** Fewer segments from behind than that may be late themselves. @see RFC 6675, section 2, `DupThresh` */
const LEAST_THRESHOLD = 3;
/** As on Linux (`tcp_max_reordering`). */
const GREATEST_THRESHOLD = 300;

/**
 * How far segments overtake each other on the path, learnt from reports of the other side: segments that are late must
 * not be
 * taken for lost again and again.
 *
 * Two observations teach it. A segment that was sent once arrives behind others. Or the other side reports that it got
 * every
 * segment twice that was sent again since a loss was noticed (RFC 2883): then nothing was lost.
 *
 * @see Linux `tcp_check_sack_reordering`, `tcp_try_undo_dsack`
 */
export class Reordering {
  private _threshold = LEAST_THRESHOLD;
  /** Each of them was sent again only once, so that all may have been sent in vain. */
  private _isInVain = true;
  /** Bytes from a segment that was sent again up to the highest that had come when it was acknowledged. */
  private _suspected = 0;
  /**
   * Places that were sent again since a loss was noticed and were not reported twice, with the end of what was sent by
   * then.
   */
  private readonly _resent = new Map<number, number>();

  /**
   * So many segments from behind show that a segment is lost, when `bytes` are on the way in segments of
   * `segmentBytes`.
   */
  threshold(bytes: number, segmentBytes: number): number {
    if (this._threshold === LEAST_THRESHOLD) {
      return LEAST_THRESHOLD;
    }
    // More than what is on the way can never come.
    return Math.max(LEAST_THRESHOLD, Math.min(this._threshold, Math.floor(bytes / segmentBytes) - 1));
  }

  /** A segment came after one that was sent `bytes` behind it. */
  observed(bytes: number, segmentBytes: number): void {
    const distance = Math.ceil(bytes / segmentBytes) + 1;
    this._threshold = Math.max(this._threshold, Math.min(GREATEST_THRESHOLD, distance));
  }

  /** A loss was noticed, when everything before `unacknowledged` had come. */
  recoveryBegan(unacknowledged: number): void {
    for (const place of this._resent.keys()) {
      if (place < unacknowledged) {
        this._resent.delete(place);
      }
    }
    this._isInVain = this._resent.size === 0;
    this._suspected = 0;
  }

  /** What is at `place` was sent again in a recovery, when everything before `sentUpTo` had been sent. */
  resent(place: number, sentUpTo: number): void {
    this._isInVain &&= !this._resent.has(place);
    this._resent.set(place, sentUpTo);
  }

  /** The end of what was sent before the segment at `place` was sent again; never, if it was not. */
  sentBeforeResending(place: number): number {
    return this._resent.get(place) ?? Number.POSITIVE_INFINITY;
  }

  /** A segment that was sent again is acknowledged, when one had come that was sent `bytes` behind it. */
  suspected(bytes: number): void {
    this._suspected = Math.max(this._suspected, bytes);
  }

  /**
   * The other side got the segment at `place` twice.
   *
   * @returns Whether all that was sent again was sent in vain: nothing was lost.
   */
  reportedTwice(place: number, segmentBytes: number): boolean {
    if (!this._resent.delete(place) || this._resent.size > 0 || !this._isInVain) {
      return false;
    }
    this.observed(this._suspected, segmentBytes);
    return true;
  }

  /** The timer expired: too much patience may be the reason. */
  timedOut(): void {
    this._threshold = LEAST_THRESHOLD;
    this._resent.clear();
  }
}
