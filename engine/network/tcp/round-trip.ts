/** The clock granularity of RFC 6298, in seconds: the least that the variation of the round-trip time counts for. */
const GRANULARITY = 0.001;

/** What a retransmission timeout may be, in seconds. */
export interface TimeoutLimits {
  readonly initialTimeout: number;
  readonly minimumTimeout: number;
  readonly maximumTimeout: number;
}

/** The retransmission timeout of a connection, from the round-trip times it measures. @see RFC 6298 */
export class RoundTrip {
  /** How long to wait for an acknowledgement now, in seconds, back-off included. */
  timeout: number;
  /** Smoothed round-trip time; -1 before the first measurement. */
  smoothed = -1;
  private _variation = 0;
  private readonly _limits: TimeoutLimits;

  constructor(limits: TimeoutLimits) {
    this._limits = limits;
    this.timeout = limits.initialTimeout;
  }

  /** A segment that was sent once was acknowledged after `seconds`. */
  measured(seconds: number): void {
    if (this.smoothed < 0) {
      this.smoothed = seconds;
      this._variation = seconds / 2;
    } else {
      const difference = seconds > this.smoothed ? seconds - this.smoothed : this.smoothed - seconds;
      this._variation = 0.75 * this._variation + 0.25 * difference;
      this.smoothed = 0.875 * this.smoothed + 0.125 * seconds;
    }
    this.timeout = this._clamp(this.smoothed + Math.max(GRANULARITY, 4 * this._variation));
  }

  /** The timer expired: it takes twice as long from now on, until something new is measured. */
  backOff(): void {
    this.timeout = this._clamp(2 * this.timeout);
  }

  /** The handshake needed a retransmission, so nothing was measured, and little is known: rule 5.7. */
  restart(): void {
    if (this.smoothed < 0 && this.timeout < 3) {
      this.timeout = this._clamp(3);
    }
  }

  private _clamp(seconds: number): number {
    return Math.min(this._limits.maximumTimeout, Math.max(this._limits.minimumTimeout, seconds));
  }
}
