import { asCompleted, CancelledError } from "simloop";
import type { Json, Op } from "../dsl/program.ts";
import { type Begin, prepare } from "./async-ops.ts";
import { detailOf, handles, Skip, swallows } from "./errors.ts";
import { type Flow, Returned, type Waited } from "./flow.ts";
import { isSync, runSync } from "./sync-ops.ts";
import { awaiting, eachFuture } from "./waits-async.ts";
import type { World } from "./world.ts";

/** The control flow of programs in async generators. */
export class AsyncFlow implements Flow {
  private readonly _world: World;
  private readonly _bare: boolean;

  /** @param bare - Wait with `yield` instead of `yield*`. */
  constructor(world: World, bare: boolean) {
    this._world = world;
    this._bare = bare;
  }

  async *main(begin: () => void, ops: readonly Op[]): AsyncGenerator<unknown, Json, unknown> {
    begin();
    return yield* this.body("main", ops);
  }

  async *body(name: string, ops: readonly Op[]): AsyncGenerator<unknown, Json, unknown> {
    const label = `body:${name}`;
    this._world.log(label, "begin");
    let returned: Returned | null;
    try {
      returned = yield* this.block(ops);
    } catch (error) {
      this._world.log(label, ["err", ...detailOf(error)]);
      throw error;
    }
    const value = returned === null ? null : returned.value;
    this._world.log(label, ["ok", this._world.encode(value)]);
    return value;
  }

  async *block(ops: readonly Op[]): AsyncGenerator<unknown, Returned | null, unknown> {
    for (const op of ops) {
      const returned = isSync(op) ? runSync(this._world, op) : yield* this._run(op);
      if (returned !== null) {
        return returned;
      }
    }
    return null;
  }

  async *attempt(op: Op): AsyncGenerator<unknown, Returned | null, unknown> {
    try {
      return yield* this._handled(op);
    } finally {
      if (op.finally !== undefined) {
        this._world.log(`${op.id}:finally`, "begin");
        yield* this.block(op.finally);
      }
    }
  }

  async *items(op: Op, args: readonly Waited[]): AsyncGenerator<unknown, null, unknown> {
    const completed = asCompleted(args, { timeout: op.timeout });
    const log = (outcome: readonly unknown[]): void => this._world.log(`${op.id}:item`, outcome);
    if (op.mode === "async") {
      yield* eachFuture(completed, (future) => log(["ok", this._world.nameOf(future)]));
      return null;
    }
    for (const next of completed) {
      try {
        log(["ok", this._world.encode(yield* awaiting(next, this._bare))]);
      } catch (error) {
        if (error instanceof CancelledError) {
          throw error;
        }
        log(["err", ...detailOf(error)]);
      }
    }
    return null;
  }

  private async *_handled(op: Op): AsyncGenerator<unknown, Returned | null, unknown> {
    try {
      return yield* this.block(op.body);
    } catch (error) {
      if (!handles(op, error)) {
        throw error;
      }
      this._world.log(`${op.id}:except`, ["err", ...detailOf(error)]);
      const returned = yield* this.block(op.handler);
      if (returned === null && op.reraise === true) {
        throw error;
      }
      return returned;
    }
  }

  private async *_run(op: Op): AsyncGenerator<unknown, Returned | null, unknown> {
    const world = this._world;
    const label = `${op.id}:${op.op}`;
    if (op.op === "return") {
      world.log(label, ["ok", world.encode(op.v)]);
      return new Returned(op.v);
    }
    const begin = this._prepare(op, label);
    if (begin === null) {
      return null;
    }
    world.log(label, "begin");
    let value: unknown;
    try {
      const { awaited, finish } = begin();
      value = yield* awaiting(awaited, this._bare);
      value = finish === undefined ? value : finish(value);
    } catch (error) {
      world.log(label, ["err", ...detailOf(error)]);
      if (swallows(op, error)) {
        return null;
      }
      throw error;
    }
    if (value instanceof Returned) {
      world.log(label, ["ret"]);
      return value;
    }
    world.log(label, ["ok", world.encode(value)]);
    return null;
  }

  private _prepare(op: Op, label: string): Begin | null {
    try {
      return prepare(this._world, op);
    } catch (error) {
      if (!(error instanceof Skip)) {
        throw error;
      }
      this._world.log(label, ["skip"]);
      return null;
    }
  }
}
