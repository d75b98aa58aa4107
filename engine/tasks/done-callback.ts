import { Handle } from "../loop/handle.ts";
import type { LoopCore } from "../loop/loop-core.ts";

/** A function to call once a future is done. */
export class DoneCallback {
  readonly callback: (future: unknown) => unknown;
  private readonly _context: object | null;

  constructor(callback: (future: unknown) => unknown, context: object | null) {
    this.callback = callback;
    this._context = context;
  }

  _schedule(loop: LoopCore, future: unknown): void {
    const handle = new Handle(loop, this.callback as (...args: readonly unknown[]) => unknown, [future], this._context);
    loop._ready.push(handle);
    loop._instrument?.handleScheduled(handle.id, loop._hostName(this._context));
  }
}
