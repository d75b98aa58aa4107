import {
  type Awaitable,
  CancelledError,
  type CoroutineLike,
  currentTask,
  getRunningLoop,
  type Program,
  print,
  simulate,
  sleep,
  type Task,
} from "simloop";

/** A coroutine that is a plain generator, so that both kinds can delegate to it. */
export type Plain<T> = Generator<unknown, T, unknown>;

/** Print `text` with the time before it. */
export const say = (text: unknown): void => print(getRunningLoop().time(), text);

/** What `main` printed, a line each, and what it failed with. */
export async function logOf(main: Program<unknown>): Promise<string[]> {
  const { output, error } = await simulate(main, { trace: "off" });
  return `${output}${error === undefined ? "" : `main failed: ${error}`}`.trimEnd().split("\n");
}

/** What `main` returns. @throws what it fails with. */
export async function resultOf<T>(main: Program<T>): Promise<T> {
  const { value, error } = await simulate(main, { trace: "off" });
  if (error !== undefined) {
    throw error;
  }
  return value as T;
}

/** What stands on standard error after `main`: uncaught errors or saw. */
export async function warningsOf(main: Program<unknown>): Promise<readonly string[]> {
  return (await simulate(main, { trace: "off" })).warnings;
}

/** An error of the programs' own. */
export class Boom extends Error {
  override name = "Boom";
}

/** Give up `count` turns. */
export function* turns(count: number): Plain<void> {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/** Wait for `awaitable` and log how it ended: its value as a string, or its error. */
export function* outcomeOf(awaitable: Awaitable<unknown> | CoroutineLike<unknown>): Plain<string> {
  try {
    return String(yield awaitable);
  } catch (error) {
    return String(error);
  }
}

/** Call `action` and log how it ended. */
export function outcome(action: () => unknown): string {
  try {
    return String(action());
  } catch (error) {
    return error instanceof CancelledError ? String(error) : (error as Error).name;
  }
}

/** The task that runs now. */
export const self = (): Task<unknown> => currentTask()!;

/** Sleep `delay` seconds, then give `value`. */
export function* after<T>(delay: number, value: T): Plain<T> {
  yield* sleep(delay);
  return value;
}

/** Sleep `delay` seconds, then fail. */
export function* failAfter(delay: number, error: Error = new Boom()): Plain<never> {
  yield* sleep(delay);
  throw error;
}
