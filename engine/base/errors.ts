import { isObject, requireArgument } from "./require-argument.ts";
import { SafeError } from "./safe-error.ts";
/**
 * Thrown into a coroutine whose task was cancelled.
 *
 * Catch it to clean up, then throw it again: `if (error instanceof CancelledError) throw error`.
 *
 * @see asyncio.CancelledError. Differs: Python's `except Exception` lets it pass, a JavaScript `catch` does not.
 */
export class CancelledError extends SafeError {
  override name = "CancelledError";

  /** The message given to `cancel()`, or `undefined` when there was none (an empty message is `""`). */
  readonly reason: string | undefined;

  constructor(reason?: string) {
    super(reason ?? "");
    this.reason = reason;
  }
}

/**
 * An operation met a future, task, timeout or connection in a state that does not allow it.
 *
 * @see asyncio.InvalidStateError
 */
export class InvalidStateError extends SafeError {
  override name = "InvalidStateError";
}

/** A deadline passed. @see TimeoutError in Python (asyncio.TimeoutError is the same class since 3.11) */
export class TimeoutError extends SafeError {
  override name = "TimeoutError";
}

/** A call that the present state of the loop or a coroutine forbids. @see RuntimeError in Python */
export class RuntimeError extends SafeError {
  override name = "RuntimeError";
}

/** An error whose message may name places in source files, which stand in other directories on other machines. */
export abstract class PlacedError extends SafeError {
  // Private fields and getters, so that a printed error does not repeat its message.
  readonly #placeless: string;

  constructor(message: string, placeless: string, options?: ErrorOptions) {
    super(message, options);
    this.#placeless = placeless;
  }

  /** @internal The message without what depends on the machine: what a trace records. */
  get _placeless(): string {
    return this.#placeless;
  }
}

/** A run went past its `maxSteps`, `maxStepsPerInstant` or `maxTime`. */
export class LimitError extends PlacedError {
  override name = "LimitError";

  constructor(message: string, placeless = message) {
    super(message, placeless);
  }
}

/**
 * The coroutines of a task called each other so deeply with `yield*` that JavaScript's stack overflowed.
 * `yield child()` nests as deep as memory reaches.
 *
 * @see RecursionError in Python
 */
export class RecursionError extends PlacedError {
  override name = "RecursionError";
}

/** One task of a {@link DeadlockError}: its name, what it waits for, and where. */
export interface WaitingTask {
  readonly name: string;
  /** What the task waits for, as a string: `future <Future pending>`, `task 'worker'`. */
  readonly waitsFor: string;
  /** `file:line:column` of the call that created the task, where it was recorded. */
  readonly createdAt: string | undefined;
  /**
   * The await stack, innermost first: `worker (file:line:column)` for each coroutine that waits. Known after `run` or
   * `simulate`, which cancel the tasks that are left and thereby learn where they stand; absent otherwise.
   */
  readonly waitsAt?: readonly string[];
}

/**
 * Nothing is ready and nothing is scheduled, but the run has not reached its end.
 *
 * On a real clock such a program would hang for ever; on a virtual clock it can be reported at once.
 */
export class DeadlockError extends PlacedError {
  override name = "DeadlockError";

  readonly #time: number;
  #waiting: readonly WaitingTask[];

  constructor(time: number, waiting: readonly WaitingTask[]) {
    const isList: boolean = Array.isArray(waiting) && waiting.every((task: unknown) => isObject(task));
    requireArgument("DeadlockError", "an array of waiting tasks", isList, waiting);
    requireArgument("DeadlockError", "a time in seconds", typeof time === "number", time);
    super(
      deadlockMessage(time, waiting, placesOf),
      deadlockMessage(time, waiting, () => ""),
    );
    this.#time = time;
    this.#waiting = waiting;
  }

  /** Every task that waits, in order of creation. */
  get waiting(): readonly WaitingTask[] {
    return this.#waiting;
  }

  /** @internal Say where each task waits: its await stack, in the order of {@link waiting}. */
  _locate(stacks: readonly (readonly string[])[]): void {
    this.#waiting = this.#waiting.map((task, i) => ({ ...task, waitsAt: stacks[i] ?? [] }));
    const message = deadlockMessage(this.#time, this.#waiting, placesOf);
    Object.defineProperty(this, "message", { value: message, writable: true, configurable: true });
    // Its frames were those of the loop, which found the deadlock; those of the tasks say more.
    Object.defineProperty(this, "stack", { value: `${this.name}: ${message}`, writable: true, configurable: true });
  }
}

function deadlockMessage(time: number, waiting: readonly WaitingTask[], places: (task: WaitingTask) => string): string {
  const left = waiting.length === 0 ? "no task is left that could go on" : `${waiting.length} waiting:`;
  const tasks = waiting.map((task) => `\n  ${task.name} waits for ${task.waitsFor}${places(task)}`);
  return `deadlock at ${time} s: nothing is ready and no timer is pending; ${left}${tasks.join("")}`;
}

const placesOf = ({ createdAt, waitsAt = [] }: WaitingTask): string =>
  `${createdAt === undefined ? "" : ` (created at ${createdAt})`}${waitsAt.map((frame) => `\n    at ${frame}`).join("")}`;

/**
 * A coroutine awaited something of the real world (a promise, a real timer, I/O), which virtual time cannot wait for.
 *
 * Use simloop's `sleep`, futures and network instead, or run with `realAwait: "allow"`.
 */
export class ForeignAwaitError extends PlacedError {
  override name = "ForeignAwaitError";
}

/**
 * The real world (a real timer, a promise, an event of the host) acted on a simulation in the middle of a run, between
 * two of its steps. When that happens depends on the machine, so the call is refused, and the run fails.
 *
 * Use simloop's `sleep`, `callLater` and network instead, or `runReal`.
 */
export class ForeignCallError extends RuntimeError {
  override name = "ForeignCallError";
}
