import type { RandomStream } from "../base/random.ts";
import type { BaseEventLoop } from "./base-event-loop.ts";
import { formatValue } from "./format-value.ts";
import { requireRunning } from "./running.ts";
import { touched } from "./touched.ts";

const loopOfProgram = (): BaseEventLoop => requireRunning() as BaseEventLoop;

/**
 * Write `values`, separated by blanks, and a newline to the simulated standard output.
 *
 * Strings stand as they are, bytes as Python writes them (`b'/block'`), other things as `String` gives them.
 *
 * @throws RuntimeError if no loop runs. @see Python's `print`
 */
export const print = (...values: readonly unknown[]): void =>
  loopOfProgram()._print(`${values.map(formatValue).join(" ")}\n`);

/**
 * The simulated wall-clock time in a format of Python's `time.strftime`: `strftime("%X")` returns `15:27:26`.
 *
 * The clock starts at the option `start` and is read in the option `timeZone`.
 *
 * @throws RangeError for an unknown directive; RuntimeError if no loop runs. @see time.strftime
 */
export function strftime(format: string): string {
  const loop = loopOfProgram();
  return loop._wallClock.strftime(format, loop._localTime());
}

/**
 * The random stream called `name` of the running loop, `"program"` by default; see {@link BaseEventLoop.random}.
 *
 * @throws RuntimeError if no loop runs.
 */
export function random(name = "program"): RandomStream {
  const stream = loopOfProgram().random(name);
  touched(stream, "w");
  return stream;
}

/** The simulated wall-clock time in Unix seconds. @throws RuntimeError if no loop runs. @see time.time */
export function wallTime(): number {
  const loop = loopOfProgram();
  return loop._wallClock.seconds(loop._localTime());
}
