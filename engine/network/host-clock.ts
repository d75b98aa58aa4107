import { optionNames, requireOptions } from "../base/require-options.ts";

/** How the clock of a host is off. Both are 0 by default. */
export interface ClockOptions {
  /** Seconds by which it is ahead of true time; negative when it is behind. */
  readonly skew?: number;
  /** Seconds that it gains in every second of true time: 1e-5 is 10 ppm too fast. Above -1. */
  readonly drift?: number;
}

const CLOCK_OPTIONS = optionNames<ClockOptions>({ skew: true, drift: true });

/** The clock of a host: it shows true time, the loop's, as a straight line. */
export class HostClock {
  private _drift = 0;
  /** Where the line begins: the true time, and what the clock shows then. */
  private _since = 0;
  private _shown = 0;

  /** What the clock shows at the instant `now` of true time. */
  at(now: number): number {
    return this._drift === 0 && this._since === this._shown
      ? now
      : this._shown + (now - this._since) * (1 + this._drift);
  }

  /** Set the clock at the instant `now`. @throws RangeError for values that make no sense. */
  set(host: string, options: ClockOptions, now: number): void {
    requireOptions(`clock of host ${host}`, options, CLOCK_OPTIONS);
    const { skew = this.at(now) - now, drift = this._drift } = options;
    if (!Number.isFinite(skew)) {
      throw new RangeError(`clock of host ${host}: expected a finite skew in seconds, got ${String(skew)}`);
    }
    if (!(Number.isFinite(drift) && drift > -1)) {
      throw new RangeError(`clock of host ${host}: expected a finite drift above -1, got ${String(drift)}`);
    }
    this._shown = now + skew;
    this._since = now;
    this._drift = drift;
  }
}
