import type { AsCompleted, Future } from "simloop";
import type { Pending } from "./async-ops.ts";

/** Wait in a plain generator, which cannot delegate to an async one: the engine runs what is yielded. */
export function* awaiting(awaited: Pending, bare: boolean): Generator<unknown, unknown, unknown> {
  return bare || !(Symbol.iterator in awaited) ? yield awaited : yield* awaited;
}

/** Call `visit` with each future of `completed`. */
export function* eachFuture(
  completed: AsCompleted<unknown>,
  visit: (future: Future<unknown>) => void,
): Generator<unknown, void, unknown> {
  for (;;) {
    const future = yield* completed.nextFuture();
    if (future === undefined) {
      return;
    }
    visit(future);
  }
}
