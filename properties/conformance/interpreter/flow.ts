import type { Coroutine, CoroutineLike, Future } from "simloop";
import type { Json, Op } from "../dsl/program.ts";

/** What `gather` and its like take. */
export type Waited = Future<unknown> | CoroutineLike<unknown>;

/** A `return` on its way out of nested blocks. */
export class Returned {
  readonly value: Json;

  constructor(value: Json) {
    this.value = value;
  }
}

/** The control flow of programs, written in one of the two kinds of generator. */
export interface Flow {
  /** The coroutine of the main task: calls `begin`, then runs `ops` as the body "main". */
  main(begin: () => void, ops: readonly Op[]): Coroutine<Json>;
  /** `BODY(name, ops)`: logs its begin and its end, and returns what a `return` in it returned. */
  body(name: string, ops: readonly Op[]): CoroutineLike<Json>;
  /** The operations of a block, up to the first `return`. */
  block(ops: readonly Op[]): Coroutine<Returned | null>;
  /** A `try` operation. */
  attempt(op: Op): Coroutine<Returned | null>;
  /** The items of an `as_completed` operation. */
  items(op: Op, args: readonly Waited[]): Coroutine<null>;
}
