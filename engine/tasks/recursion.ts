import { RecursionError } from "../base/errors.ts";

/** Levels of `yield*` between plain generators that the stack holds; measured when a program first has too many. */
let levelsThatFit = 0;

function* level(number: number): Generator<never, void> {
  levelsThatFit = number;
  yield* level(number + 1);
}

function measure(): number {
  if (levelsThatFit === 0) {
    try {
      level(1).next();
    } catch {
      // The overflow that shows how many levels there are.
    }
  }
  return levelsThatFit;
}

/** The messages of V8 and JavaScriptCore begin with the first, that of SpiderMonkey is the second. */
const isOverflow = (error: unknown): boolean =>
  error instanceof Error &&
  ((error instanceof RangeError && error.message.startsWith("Maximum call stack size exceeded")) ||
    error.message === "too much recursion");

/**
 * What a coroutine threw, as its task passes it on: for an overflow of JavaScript's stack a {@link RecursionError},
 * which names the depth that fits and the way out.
 *
 * `yield*` stays on JavaScript's stack: each resumption of the innermost generator goes through all those that delegate
 * to it.
 */
export function explained(error: unknown): unknown {
  if (!isOverflow(error)) {
    return error;
  }
  const message = (depth: string): string =>
    `too deep a recursion: ${(error as Error).message}. Calls with yield* stay on JavaScript's stack${depth}; for a deeper recursion, yield child() instead ` +
    "of yield* child(): the task then keeps the stack itself, as deep as memory reaches";
  return new RecursionError(message(`, which holds about ${measure()} of them`), message(""), { cause: error });
}
