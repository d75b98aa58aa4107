import { Future } from "./future.ts";
import type { TaskLoop } from "./task-loop.ts";

/**
 * A future that the engine waits for in one of its own operations; traces call it after that. Otherwise a future like
 * any other.
 */
export class PurposefulFuture<T> extends Future<T> {
  private readonly _purpose: string;

  constructor(loop: TaskLoop, purpose: string) {
    super(loop);
    this._purpose = purpose;
  }

  override get _kind(): string {
    return this._purpose;
  }

  override toString(): string {
    return `<Future ${this._stateText()}>`;
  }
}
