const NANOSECONDS = 1e9;

/**
 * Up to here, about 50 days, whole nanoseconds survive what the readers of the format do: they read microseconds as a
 * double and multiply.
 */
const EXACT_UP_TO = 2 ** 42 * 1000;

/**
 * Beyond it, instants are multiples of a quantum, a power of two microseconds, and no more than so many of it: then
 * `ts`, and `ts * 1000`, which some readers compute, are exact, and equal or overlapping slices cannot arise from
 * rounding.
 */
const MAX_QUANTA = 2 ** 46;
const FIRST_QUANTUM = 2 ** -4;

/** Later instants, in microseconds, are drawn here: `ts * 1000` has to stay finite. */
const LATEST = 2 ** 980;

/** An instant of the picture in nanoseconds: from 0 on, each greater than the one before. */
export type Instant = number;

/** `nanoseconds` in microseconds, as a JSON number. */
export function microseconds(nanoseconds: number): string {
  if (nanoseconds > EXACT_UP_TO) {
    return String(nanoseconds / 1000);
  }
  const rest = nanoseconds % 1000;
  const whole = String((nanoseconds - rest) / 1000);
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(3, "0")}`;
}

/** The quantum, in microseconds, for instants up to `micros`, not below `least`. */
function quantumFor(micros: number, least: number): number {
  let quantum = least;
  while (micros / quantum > MAX_QUANTA) {
    quantum *= 2;
  }
  return quantum;
}

/**
 * Draws a run's instants apart: what happens at one instant of virtual time gets a nanosecond each, in its order, and
 * more where doubles cannot distinguish nanoseconds.
 *
 * Steps take no virtual time, and a picture of them would show nothing.
 */
export class SpreadClock {
  private _last: Instant = -1;
  /** In microseconds. */
  private _quantum = FIRST_QUANTUM;

  /** The instant to show an event of virtual time `time` (seconds) at: later than all before. */
  tick(time: number): Instant {
    const nanoseconds = Math.round(time * NANOSECONDS);
    this._last = Math.max(this._last + 1, nanoseconds) <= EXACT_UP_TO ? this._exact(nanoseconds) : this._coarse(time);
    return this._last;
  }

  /** The shortest duration of a slice that begins at `at`, in nanoseconds: the next instant is not before its end. */
  shortest(at: Instant): number {
    return at < EXACT_UP_TO ? 1 : this._quantum * 1000;
  }

  /**
   * The time from `start` to `end` in nanoseconds; rounded down where it is not exact, so that no slice reaches into
   * the next.
   */
  duration(start: Instant, end: Instant): number {
    if (end <= EXACT_UP_TO) {
      return end - start;
    }
    const quantum = this._quantum * 1000;
    return Math.floor((end - start) / quantum) * quantum;
  }

  private _exact(nanoseconds: number): Instant {
    return Math.max(this._last + 1, nanoseconds);
  }

  private _coarse(time: number): Instant {
    const [last, wanted] = [this._last / 1000, Math.min(time * 1e6, LATEST)];
    this._quantum = quantumFor(Math.max(last + this._quantum, wanted), this._quantum);
    const quantum = this._quantum;
    return Math.max(Math.round(wanted / quantum), Math.floor(last / quantum) + 1) * quantum * 1000;
  }
}
