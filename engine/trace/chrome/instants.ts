const NANOSECONDS = 1_000_000_000;

/** An instant in whole nanoseconds, kept in two parts: one number would lose its last digits after a hundred days. */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** `instant` in microseconds, as a decimal with up to three places. */
export function microseconds({ seconds, nanoseconds }: Instant): string {
  const micros = Math.floor(nanoseconds / 1000);
  const rest = nanoseconds % 1000;
  const whole = seconds === 0 ? String(micros) : `${seconds}${String(micros).padStart(6, "0")}`;
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(3, "0")}`;
}

/** The time from `start` to `end`. */
export const between = (start: Instant, end: Instant): Instant =>
  end.nanoseconds < start.nanoseconds
    ? { seconds: end.seconds - start.seconds - 1, nanoseconds: end.nanoseconds + NANOSECONDS - start.nanoseconds }
    : { seconds: end.seconds - start.seconds, nanoseconds: end.nanoseconds - start.nanoseconds };

const isAfter = (a: Instant, b: Instant): boolean =>
  a.seconds > b.seconds || (a.seconds === b.seconds && a.nanoseconds > b.nanoseconds);

/**
 * Draws a run's instants apart: what happens at one instant of virtual time gets a nanosecond each, in its order.
 *
 * Steps take no virtual time, and a picture of them would show nothing.
 */
export class SpreadClock {
  /** The instant that was given last. */
  last: Instant = { seconds: 0, nanoseconds: -1 };

  /** The instant to show an event of virtual time `time` (seconds) at: later than all before. */
  tick(time: number): Instant {
    const seconds = Math.floor(time);
    const nanoseconds = Math.round((time - seconds) * NANOSECONDS);
    const exact = nanoseconds === NANOSECONDS ? { seconds: seconds + 1, nanoseconds: 0 } : { seconds, nanoseconds };
    this.last = isAfter(exact, this.last) ? exact : this._next();
    return this.last;
  }

  private _next(): Instant {
    const { seconds, nanoseconds } = this.last;
    return nanoseconds + 1 === NANOSECONDS
      ? { seconds: seconds + 1, nanoseconds: 0 }
      : { seconds, nanoseconds: nanoseconds + 1 };
  }
}
