import { describeValue } from "./base/describe.ts";
import { CancelledError } from "./base/errors.ts";
import { NO_OPTIONS, requireOptions } from "./base/require-options.ts";
import { requireFunction, requireLimit, requireOneOf } from "./loop/options.ts";
import { HorizonReached } from "./loop/run-in-progress.ts";
import { EventLoop, type EventLoopOptions } from "./network/event-loop.ts";
import { cancelAllTasks, closeAsyncGenerators } from "./runner.ts";
import type { CoroutineLike } from "./tasks/coroutine.ts";
import { mainCoroutine, NotAProgramError } from "./tasks/main-coroutine.ts";
import type { TraceFilter } from "./trace/filter/filter-rules.ts";
import { Recorder, type TraceMode } from "./trace/record/recorder.ts";
import { Trace } from "./trace/trace.ts";

/** A program: a function whose call makes the main coroutine. It may be run many times. */
export type Program<T> = () => CoroutineLike<T>;

/**
 * A program of ordinary promises: an `async` function, or another that returns a promise. It can be run after
 * `import "simloop/node"`.
 */
export type AsyncProgram<T> = () => PromiseLike<T>;

/** Options of {@link simulate}. All have defaults. */
export interface SimulateOptions extends Omit<EventLoopOptions, "instrument" | "errorOutput"> {
  /**
   * What is recorded: `"full"`, the default, keeps every event; `"digest"` only their hash, in constant memory; `"off"`
   * nothing.
   */
  readonly trace?: TraceMode;
  /**
   * Takes the trace as JSONL in UTF-8 while the run goes on, in pieces of whole lines, so that a long run needs no
   * memory for it; for `trace: "full"`, and then the result's trace is empty. A piece must be used up during the call.
   * It must not throw.
   */
  readonly traceSink?: (piece: Uint8Array) => void;
  /**
   * What to keep or write of the trace; the rest is neither built nor kept, and is in the digest all the same.
   * Everything by default.
   */
  readonly traceFilter?: TraceFilter;
  /** Instant, in seconds, at which the world stops: the run ends well there, and nothing is cleaned up. */
  readonly until?: number;
  /** A name for the program, for the head of the trace. */
  readonly name?: string;
}

const KNOWN_OPTIONS = Object.keys({
  seed: true,
  start: true,
  timeZone: true,
  until: true,
  network: true,
  name: true,
  output: true,
  trace: true,
  traceFilter: true,
  traceSink: true,
  timerTies: true,
  realAwait: true,
  maxSteps: true,
  maxStepsPerInstant: true,
  maxTime: true,
  signal: true,
  onProgress: true,
  ordering: true,
} satisfies Record<keyof SimulateOptions, true>);

/** @internal @throws TypeError if `options` is not an object, or has an option that {@link simulate} does not know. */
export const requireSimulateOptions = (what: string, options: unknown): void =>
  requireOptions(what, options, KNOWN_OPTIONS);

/** Result of a simulation. */
export interface SimulationResult<T> {
  /** What the program returned; `undefined` if it failed or was cut off. */
  readonly value: T | undefined;
  /** What the program failed with; absent if it did not. */
  readonly error?: unknown;
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  /** All that the program printed. */
  readonly output: string;
  /**
   * What Python would have written to standard error: uncaught errors, unawaited coroutines and unretrieved errors, in
   * CPython's words.
   */
  readonly warnings: readonly string[];
  /** The recorded events; none unless `trace` is `"full"`. */
  readonly trace: Trace;
  /** The hash of all events, as 32 hexadecimal digits; empty with `trace: "off"`. Equal runs have equal digests. */
  readonly digest: string;
  /**
   * How many events there were, whether or not they were kept or written: as many as a whole trace has records; 0 with
   * `trace: "off"`.
   */
  readonly events: number;
  /** Steps of tasks and callbacks that ran. */
  readonly steps: number;
}

/** What the program came to. */
type Outcome<T> =
  | { readonly value: T }
  | { readonly error: unknown }
  | { readonly cutOff: true }
  | { readonly refusal: TypeError };

/**
 * Run a program from beginning to end in a world of its own, and report everything about it.
 *
 * The outcome depends on the program, the seed and the options, and on nothing else. Tasks that are left when the
 * program ends are cancelled, as `asyncio.run` does; with `until`, the world simply stops there.
 *
 * @param program - A coroutine function without parameters: `simulate(main)`, not `simulate(main())`.
 * @returns A result that also holds errors: what the program throws is not thrown.
 * @throws TypeError if `program` is not a function that makes a coroutine, and for unknown options; RangeError for
 * options out of range, and a filter that names an unknown kind; RuntimeError inside a running loop; the signal's
 * reason if it was aborted.
 */
export function simulate<T>(
  program: Program<T> | AsyncProgram<T>,
  options: SimulateOptions = NO_OPTIONS,
): Promise<SimulationResult<T>> {
  return simulateRun(program, options, true);
}

/**
 * @internal {@link simulate}, where `hasPlaces` is false without noting where tasks are created. The stacks that this
 * takes cost as much as thirty steps, and only the messages of failures name the places.
 */
export async function simulateRun<T>(
  program: Program<T> | AsyncProgram<T>,
  options: SimulateOptions,
  hasPlaces: boolean,
): Promise<SimulationResult<T>> {
  if (typeof program !== "function") {
    throw new TypeError(`simulate: expected a coroutine function (main, not main()), got ${describeValue(program)}`);
  }
  requireSimulateOptions("simulate", options);
  requireFunction("output", options.output);
  requireFunction("traceSink", options.traceSink);
  const printed: string[] = [];
  const warnings: string[] = [];
  const recorder = createRecorder(options);
  const loop = new EventLoop(
    {
      ...options,
      ...(recorder === null ? {} : { instrument: recorder }),
      output: (text) => {
        printed.push(text);
        options.output?.(text);
      },
      errorOutput: (report) => warnings.push(report),
    },
    true,
  );
  if (!hasPlaces) {
    loop._omitPlaces();
  }
  loop._useDriver();
  loop._requireRunnable();
  loop._stopWorldAt(requireLimit("until", options.until));
  const outcome = await runProgram(loop, program);
  if ("refusal" in outcome) {
    throw outcome.refusal;
  }
  options.signal?.throwIfAborted();
  recorder?.finish();
  return {
    value: "value" in outcome ? outcome.value : undefined,
    ...("error" in outcome ? { error: outcome.error } : {}),
    time: loop.time(),
    output: printed.join(""),
    warnings,
    trace: recorder?.trace ?? Trace.EMPTY,
    digest: recorder?.digest() ?? "",
    events: recorder?.events ?? 0,
    steps: loop.steps,
  };
}

function createRecorder(options: SimulateOptions): Recorder | null {
  const mode = requireOneOf("trace", options.trace, ["full", "digest", "off"]);
  if (mode === "off") {
    return null;
  }
  const { seed, start, timeZone, name, traceSink: sink, traceFilter: filter } = options;
  return new Recorder({ mode, seed, start, timeZone, program: name, sink, filter });
}

async function runProgram<T>(loop: EventLoop, program: Program<T> | AsyncProgram<T>): Promise<Outcome<T>> {
  let outcome: Outcome<T>;
  try {
    outcome = { value: await loop.runUntilComplete(mainCoroutine<T>(loop, program)) };
  } catch (error) {
    if (error instanceof NotAProgramError) {
      await endRefused(loop);
      return { refusal: new TypeError(`simulate: ${error.message}`) };
    }
    outcome = error instanceof HorizonReached ? { cutOff: true } : { error };
  }
  outcome = await endWorld(loop, outcome);
  loop.close();
  loop._instrument?.outsideActs();
  loop._reportNeglected();
  loop._reportUnclosed();
  tellEnd(loop, outcome);
  await loop._driver?.release(loop);
  return outcome;
}

/** Cancel the tasks that are left, and make the last checks of what the program states of itself. */
async function endWorld<T>(loop: EventLoop, outcome: Outcome<T>): Promise<Outcome<T>> {
  let refusal: { readonly error: unknown } | null = null;
  if (!loop._wasCutOff) {
    try {
      await cancelAllTasks(loop);
      await closeAsyncGenerators(loop);
    } catch (error) {
      refusal = { error };
    }
  }
  if (!("error" in outcome)) {
    try {
      loop._within(() => loop._ready.worldEnded?.());
    } catch (error) {
      return { error };
    }
  }
  if (refusal !== null) {
    // A task that refuses to end: what the program came to counts more, but is not the whole truth.
    loop.callExceptionHandler({
      message: "the tasks that were left could not be cancelled",
      exception: refusal.error,
    });
  }
  return outcome;
}

/** It was not a program: nothing of it is left but what a function that is not a program has begun. */
async function endRefused(loop: EventLoop): Promise<void> {
  loop.close();
  await loop._driver?.release(loop);
}

function tellEnd(loop: EventLoop, outcome: Outcome<unknown>): void {
  const instrument = loop._instrument;
  if (instrument === null) {
    return;
  }
  if ("error" in outcome) {
    const { error } = outcome;
    instrument.runEnded(error instanceof CancelledError ? "cancelled" : "failed", error);
  } else {
    instrument.runEnded("cutOff" in outcome ? "cut off" : "finished");
  }
}
