/** Limits of a retransmission timeout, in seconds. */
export interface TimeoutLimits {
  readonly initialTimeout: number;
  readonly minimumTimeout: number;
  readonly maximumTimeout: number;
}

/**
 * The retransmission timeout of a connection, from the round-trip times it measures.
 *
 * @see RFC 6298. Differs, as Linux does: the minimum bounds the margin above the smoothed round-trip time and not the
 * sum, so that
 * a delayed acknowledgement on a path of constant latency never comes too late.
 */
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
    const { minimumTimeout, maximumTimeout } = this._limits;
    this.timeout = Math.min(maximumTimeout, this.smoothed + Math.max(minimumTimeout, 4 * this._variation));
  }

  /** The timer expired: the timeout is doubled until something new is measured. */
  backOff(): void {
    this.timeout = Math.min(this._limits.maximumTimeout, 2 * this.timeout);
  }

  /** The handshake needed a retransmission, so nothing was measured, and little is known: rule 5.7. */
  restart(): void {
    if (this.smoothed < 0 && this.timeout < 3) {
      this.timeout = Math.min(this._limits.maximumTimeout, 3);
    }
  }
}
