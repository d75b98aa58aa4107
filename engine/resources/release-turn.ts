import type { Runnable } from "../base/runnable.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";

/** What a {@link ReleaseTurn} is the turn of. */
interface Releasing {
  /** @internal */
  _releaseTurn(amount: number): void;
}

/** The turn in which a release lets those that wait move up. @see simpy.resources.resource.Release */
export class ReleaseTurn implements Runnable {
  private readonly _id: number;
  private readonly _loop: TaskEventLoop;
  private readonly _resource: Releasing;
  private readonly _amount: number;

  constructor(loop: TaskEventLoop, resource: Releasing, amount: number) {
    this._id = loop._nextId();
    this._loop = loop;
    this._resource = resource;
    this._amount = amount;
    loop._instrument?.handleScheduled(this._id, loop._hostName(loop._context));
  }

  _run(): void {
    this._loop._instrument?.handleRun(this._id);
    this._resource._releaseTurn(this._amount);
  }
}
