const MILLISECONDS = 1000;

/** The clock of the machine that all this runs on. */
export class RealClock {
  private readonly _zero = performance.now();
  private readonly _start = Date.now();

  /** The time zone that the machine is in: the name of one, or `UTC` where it does not know. */
  static timeZone(): string {
    return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  }

  /** Unix time in seconds when this clock began. */
  get start(): number {
    return this._start / MILLISECONDS;
  }

  /** Seconds since this clock began; never less than before. */
  now(): number {
    return (performance.now() - this._zero) / MILLISECONDS;
  }

  /** How far the machine's wall clock has come since then, in seconds; whoever sets it moves this as well. */
  wallTime(): number {
    return (Date.now() - this._start) / MILLISECONDS;
  }
}
