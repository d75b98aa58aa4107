import type { AsCompleted, Future } from "simloop";
import type { Pending } from "./async-ops.ts";

/** Wait in an async generator, which can delegate to generators of both kinds. */
export async function* awaiting(awaited: Pending, bare: boolean): AsyncGenerator<unknown, unknown, unknown> {
  return bare ? yield awaited : yield* awaited;
}

/** Call `visit` with each future of `completed`. */
export async function* eachFuture(
  completed: AsCompleted<unknown>,
  visit: (future: Future<unknown>) => void,
): AsyncGenerator<unknown, void, unknown> {
  for await (const future of completed) {
    visit(future);
  }
}
