import { type CoroutineLike, describeNonCoroutine, iscoroutine } from "./coroutine.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";

/** A program that makes no coroutine, nor anything else that a loop can run: a mistake of the caller. */
export class NotAProgramError extends TypeError {
  override name = "TypeError";
}

const GENERATOR_FUNCTIONS = new Set(["GeneratorFunction", "AsyncGeneratorFunction"]);

const kindOf = (program: unknown): string => Object.prototype.toString.call(program).slice("[object ".length, -1);

/** Why `value`, which a program has made, cannot be run. */
export function notAProgram(value: unknown): NotAProgramError {
  if (typeof (value as PromiseLike<unknown> | null)?.then === "function") {
    return new NotAProgramError(ASYNC_FUNCTION);
  }
  return new NotAProgramError(
    `expected a function that makes a coroutine, but it returned ${describeNonCoroutine(value)}`,
  );
}

const ASYNC_FUNCTION =
  "expected a function that makes a coroutine, but it returned a promise, which belongs to the real world; to simulate async functions, " +
  'import "simloop/node" before everything else, or write the function as async function*';

/**
 * The coroutine that `program` stands for, on `loop`: the one that it makes, or, where a driver is at work, one that
 * waits for its promise.
 *
 * @param life - The life of the simulated host on which it runs; `null` outside of them.
 * @throws NotAProgramError if it makes neither; with a driver, only when it has been called, in the first step.
 */
export function mainCoroutine<T>(
  loop: TaskEventLoop,
  program: () => unknown,
  life: object | null = null,
): CoroutineLike<T> {
  const kind = kindOf(program);
  if (loop._driver !== null && !GENERATOR_FUNCTIONS.has(kind)) {
    return loop._driver.coroutineOf(loop, program, life) as CoroutineLike<T>;
  }
  if (kind === "AsyncFunction") {
    // Not called: its first lines would run outside of the simulation.
    throw new NotAProgramError(ASYNC_FUNCTION);
  }
  const main = loop._within(program);
  if (!iscoroutine(main)) {
    silence(main);
    throw notAProgram(main);
  }
  return main as CoroutineLike<T>;
}

/** Whether it fails does not matter any more. */
function silence(value: unknown): void {
  if (value instanceof Promise) {
    value.catch(() => {});
  }
}
