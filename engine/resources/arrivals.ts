import { describeValue } from "../base/describe.ts";
import type { RandomStream } from "../base/random.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { requireDelay } from "../loop/validate.ts";
import type { CoroutineLike } from "../tasks/coroutine.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { sleep } from "../tasks/sleep.ts";
import type { Task } from "../tasks/task.ts";
import { startProcess } from "./start-process.ts";

/** A rate of arrivals that changes over time. */
export interface ArrivalRate {
  /** Arrivals in a second at an instant, given in seconds. */
  readonly rate: (time: number) => number;
  /** An upper bound of the rate. */
  readonly max: number;
  /** The stream that the times are drawn from; `"arrivals"` by default. */
  readonly stream?: string;
}

/**
 * When things arrive: every so many seconds, after the seconds that a function returns, at recorded instants
 * (ascending), or at a changing rate.
 */
export type Interarrival = number | (() => number) | readonly number[] | ArrivalRate;

/** Options of {@link arrivals}. */
export interface ArrivalOptions {
  /** How many arrivals at most; without limit by default. */
  readonly count?: number;
  /** No arrival at or after this instant, in seconds; without limit by default. */
  readonly until?: number;
  /** How many come together, or a function that returns it; 1 by default. */
  readonly batch?: number | (() => number);
  /** Whether the first comes at once instead of after an interarrival time; false by default. */
  readonly immediate?: boolean;
  /** A name for the tasks, which are numbered: `customer 0`, `customer 1` … */
  readonly name?: string;
}

const ARRIVAL_OPTIONS = optionNames<ArrivalOptions>({
  count: true,
  until: true,
  batch: true,
  immediate: true,
  name: true,
});

const isRate = (value: unknown): value is ArrivalRate =>
  typeof value === "object" && value !== null && "rate" in value && "max" in value;

function requireInterarrival(interarrival: unknown): asserts interarrival is Interarrival {
  if (Array.isArray(interarrival)) {
    const wrong = interarrival.findIndex(
      (time, i) => !(typeof time === "number" && time >= (interarrival[i - 1] ?? 0)),
    );
    if (wrong >= 0) {
      throw new RangeError(`arrivals: expected ascending instants, got ${describeValue(interarrival[wrong])}`);
    }
  } else if (isRate(interarrival)) {
    const { max, rate } = interarrival;
    if (typeof rate !== "function" || !(max > 0 && max < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `arrivals: expected a function as rate and its bound max above 0, got ${describeValue(max)}`,
      );
    }
  } else if (typeof interarrival === "number") {
    if (!(interarrival > 0)) {
      throw new RangeError(`arrivals: expected seconds above 0 between arrivals, got ${describeValue(interarrival)}`);
    }
  } else if (typeof interarrival !== "function") {
    throw new TypeError(
      `arrivals: expected seconds, a function, instants or { rate, max }, got ${describeValue(interarrival)}`,
    );
  }
}

/**
 * The next arrival of a Poisson process whose rate changes: candidates at the greatest rate, of which some are left
 * out.
 */
function thinned({ rate, max }: ArrivalRate, stream: RandomStream, now: number): number {
  let time = now;
  for (;;) {
    time += stream.exponential(1 / max);
    const present = rate(time);
    if (!(present >= 0 && present <= max)) {
      throw new RangeError(
        `arrivals: expected a rate from 0 to max = ${max} at ${time} s, got ${describeValue(present)}`,
      );
    }
    if (stream.random() * max < present) {
      return time;
    }
  }
}

/** The instants of arrival, one after another. */
function* instants(interarrival: Interarrival, immediate: boolean): Generator<number, void, void> {
  const loop = runningTaskLoop();
  if (Array.isArray(interarrival)) {
    yield* interarrival as readonly number[];
    return;
  }
  if (immediate) {
    yield loop.time();
  }
  if (isRate(interarrival)) {
    const stream = loop.random(interarrival.stream ?? "arrivals");
    let time = loop.time();
    for (;;) {
      time = thinned(interarrival, stream, time);
      yield time;
    }
  }
  for (;;) {
    const gap = typeof interarrival === "function" ? interarrival() : (interarrival as number);
    requireDelay("arrivals", gap);
    yield loop.time() + gap;
  }
}

function* arrivalSteps(
  interarrival: Interarrival,
  callback: (index: number) => CoroutineLike<unknown>,
  options: ArrivalOptions,
): Steps<number> {
  const { count = Number.POSITIVE_INFINITY, until = Number.POSITIVE_INFINITY, batch = 1, immediate = false } = options;
  const loop = runningTaskLoop();
  let index = 0;
  const arrive = (): Task<unknown> => {
    const task = startProcess(
      callback(index),
      options.name === undefined ? NO_OPTIONS : { name: `${options.name} ${index}` },
    );
    index++;
    return task;
  };
  for (const time of index < count ? instants(interarrival, immediate) : []) {
    if (time >= until) {
      break;
    }
    if (time > loop.time()) {
      yield sleep(time - loop.time());
    }
    const together = typeof batch === "function" ? batch() : batch;
    for (let i = 0; i < together && index < count; i++) {
      arrive();
    }
    if (index >= count) {
      break;
    }
  }
  return index;
}

/**
 * Let things arrive again and again, each with a task of its own, until `count` or `until` says stop.
 *
 * Run it as a task: `createTask(arrivals(() => stream.exponential(5), customer))`.
 *
 * @param interarrival - Seconds between arrivals, a function that returns them, recorded instants, or a rate that
 * changes over time (by thinning).
 * @param callback - Is called with the number of the arrival, from 0, and returns its coroutine, which starts as
 * {@link startProcess} starts it.
 * @returns An awaitable of how many arrived.
 * @throws TypeError, RangeError at the call for values without sense, and when awaited for rates above their bound.
 */
export function arrivals(
  interarrival: Interarrival,
  callback: (index: number) => CoroutineLike<unknown>,
  options: ArrivalOptions = NO_OPTIONS,
): Operation<number> {
  requireInterarrival(interarrival);
  if (typeof callback !== "function") {
    throw new TypeError(`arrivals: expected a function that returns a coroutine, got ${describeValue(callback)}`);
  }
  requireOptions("arrivals", options, ARRIVAL_OPTIONS);
  const { count = 0, until = 0, batch = 1 } = options;
  if (typeof count !== "number" || !(count >= 0) || typeof until !== "number" || Number.isNaN(until)) {
    throw new RangeError(
      `arrivals: expected a count that is not negative and an instant as until, got ${describeValue(count)} and ${describeValue(until)}`,
    );
  }
  if (typeof batch !== "function" && !(Number.isInteger(batch) && batch >= 0)) {
    throw new RangeError(`arrivals: expected an integer that is not negative as batch, got ${describeValue(batch)}`);
  }
  return new GeneratorOperation("arrivals", arrivalSteps(interarrival, callback, options));
}
