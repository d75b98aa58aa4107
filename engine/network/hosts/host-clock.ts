import { describeValue } from "../../base/describe.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";

/** How the clock of a host is off. Both are 0 by default. */
export interface ClockOptions {
  /** Seconds by which it is ahead of true time; negative when it is behind. */
  readonly skew?: number;
  /** Seconds that it gains in every second of true time: 1e-5 is 10 ppm too fast. Above -1. */
  readonly drift?: number;
}

const CLOCK_OPTIONS = optionNames<ClockOptions>({ skew: true, drift: true });

/** What a clock shows over true time: a straight line. */
interface Line {
  /** Where it begins: the true time, and what the clock shows then. */
  readonly since: number;
  readonly shown: number;
  readonly drift: number;
}

const TRUE_TIME: Line = { since: 0, shown: 0, drift: 0 };

const at = ({ since, shown, drift }: Line, now: number): number =>
  drift === 0 && since === shown ? now : shown + (now - since) * (1 + drift);

/**
 * The line from `now` on; what `options` do not name goes on as it was on `before`.
 *
 * @throws TypeError, RangeError for what makes no sense.
 */
function lineFrom(before: Line, what: string, options: ClockOptions, now: number): Line {
  requireOptions(what, options, CLOCK_OPTIONS);
  const { skew = at(before, now) - now, drift = before.drift } = options;
  if (!Number.isFinite(skew)) {
    throw new RangeError(`${what}: expected a finite skew in seconds, got ${describeValue(skew)}`);
  }
  if (!(Number.isFinite(drift) && drift > -1)) {
    throw new RangeError(`${what}: expected a finite drift above -1, got ${describeValue(drift)}`);
  }
  return { since: now, shown: now + skew, drift };
}

/** The clock of a host: its own line, and another one while a fault lasts. */
export class HostClock {
  private _own = TRUE_TIME;
  private _faulty: Line | null = null;

  /** What the clock shows at the instant `now` of true time. */
  at(now: number): number {
    return at(this._faulty ?? this._own, now);
  }

  /**
   * Set the clock at the instant `now`; a fault of it is over.
   *
   * @throws TypeError, RangeError for values that make no sense.
   */
  set(what: string, options: ClockOptions, now: number): void {
    this._own = lineFrom(this._faulty ?? this._own, what, options, now);
    this._faulty = null;
  }

  /** Let the clock be wrong from `now` until it is healed. @throws as {@link set}. */
  impair(what: string, options: ClockOptions, now: number): void {
    this._faulty = lineFrom(this._faulty ?? this._own, what, options, now);
  }

  /** Let the clock show what it would show without the faults. */
  heal(): void {
    this._faulty = null;
  }
}
