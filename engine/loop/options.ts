import { describeValue } from "../base/describe.ts";
import type { Instrument } from "../base/instrument.ts";
import type { OrderingPolicy } from "../base/ordering-policy.ts";
import type { Seed } from "../base/random.ts";
import { nearestName } from "../base/unknown-name.ts";
import type { WallClockOptions } from "../clock/wall-clock.ts";
import type { TimerTies } from "./timers.ts";

/** The part of an `AbortSignal` that a run needs; stated here so that simloop's types need no others. */
export interface Abortable {
  readonly aborted: boolean;
  readonly reason?: unknown;
  throwIfAborted(): void;
}

/** How far a run has come; given to `onProgress`. */
export interface Progress {
  /** Virtual time in seconds. */
  readonly time: number;
  /** Steps and callbacks run so far. */
  readonly steps: number;
}

/** Options of an event loop. All have defaults. */
export interface LoopOptions extends WallClockOptions {
  /** What all random streams follow from; 0 by default. */
  readonly seed?: Seed;
  /**
   * Order of timers with equal deadlines: `"fifo"`, the default, in the order in which they were set; `"heapq"` in the
   * order that CPython's binary heap happens to give.
   */
  readonly timerTies?: TimerTies;
  /**
   * What happens when a coroutine awaits the real world: `"forbid"` (the default) fails the run, `"allow"` stops
   * virtual time meanwhile.
   */
  readonly realAwait?: "forbid" | "allow";
  /** Most steps and callbacks to run before the run fails with a `LimitError`; no limit by default. */
  readonly maxSteps?: number;
  /**
   * Most steps and callbacks at one instant of virtual time before the run fails with a `LimitError` that names what
   * runs; 10,000,000 by default. It ends programs that never let time pass, such as one that sleeps for so little that
   * adding it to the time makes no difference.
   */
  readonly maxStepsPerInstant?: number;
  /**
   * Latest instant, in seconds, that virtual time may reach before the run fails with a `LimitError`; no limit by
   * default.
   */
  readonly maxTime?: number;
  /** Ends the run with the signal's reason, at the latest about 10 ms of real time after it was aborted. */
  readonly signal?: Abortable;
  /** Called now and then, about every 10 ms of real time, during a long run. */
  readonly onProgress?: (progress: Progress) => void;
  /** Takes what the program prints, in whole lines; the host's console by default. */
  readonly output?: (text: string) => void;
  /** Takes reports of uncaught errors, a line or several without the last newline; the host's console by default. */
  readonly errorOutput?: (report: string) => void;
  /** Chooses the order where a real system could decide otherwise; by default first come, first served. */
  readonly ordering?: OrderingPolicy;
  /** Receives every event. */
  readonly instrument?: Instrument;
}

/** The value of an option that bounds a run. @throws RangeError if it is NaN or negative. */
export function requireLimit(name: string, value: number | undefined): number {
  if (value === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  if (typeof value !== "number" || Number.isNaN(value) || value < 0) {
    throw new RangeError(`${name}: expected a number that is not negative, got ${describeValue(value)}`);
  }
  return value;
}

/** @throws TypeError unless `seed` is a finite number or a string. */
export const requireSeed = (seed: unknown): Seed => {
  if ((typeof seed !== "number" || !Number.isFinite(seed)) && typeof seed !== "string") {
    throw new TypeError(`seed: expected a finite number or a string, got ${describeValue(seed)}`);
  }
  return seed;
};

/** The value of an option with few values, the first of them by default. @throws RangeError if it is another. */
export const requireOneOf = <T extends string>(name: string, value: T | undefined, allowed: readonly T[]): T => {
  const chosen = value ?? allowed[0]!;
  if (!allowed.includes(chosen)) {
    const nearest = typeof value === "string" ? nearestName(value, allowed) : undefined;
    throw new RangeError(
      nearest === undefined
        ? `${name}: expected one of ${allowed.join(", ")}, got ${describeValue(value)}`
        : `${name}: unknown value '${value}'; did you mean '${nearest}'?`,
    );
  }
  return chosen;
};

/** @throws TypeError unless the option `name` is left out or a function. */
export function requireFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw new TypeError(`${name}: expected a function, got ${describeValue(value)}`);
  }
}

function requireSignal(signal: Abortable | undefined): void {
  if (signal !== undefined && typeof (signal as Abortable | null)?.throwIfAborted !== "function") {
    throw new TypeError(
      `signal: expected an AbortSignal, such as the signal of an AbortController, got ${describeValue(signal)}`,
    );
  }
}

/** Steps at one instant after which a run counts as stuck. */
export const STEPS_PER_INSTANT = 10_000_000;

/** How a loop runs, with the defaults. @throws RangeError or TypeError if one has no sensible value. */
export function checkedOptions(options: LoopOptions) {
  requireSignal(options.signal);
  requireFunction("onProgress", options.onProgress);
  requireFunction("output", options.output);
  requireFunction("errorOutput", options.errorOutput);
  return {
    realAwait: requireOneOf("realAwait", options.realAwait, ["forbid", "allow"]),
    maxSteps: requireLimit("maxSteps", options.maxSteps),
    maxStepsPerInstant: requireLimit("maxStepsPerInstant", options.maxStepsPerInstant ?? STEPS_PER_INSTANT),
    maxTime: requireLimit("maxTime", options.maxTime),
  };
}
