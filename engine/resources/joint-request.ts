import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { TracedPrimitive } from "../sync/tell.ts";
import { WaitQueue } from "../sync/wait-queue.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import type { Request } from "./request.ts";
import { Resource } from "./resource.ts";
import { ResourceEvent } from "./resource-event.ts";
import { requirePositive } from "./station.ts";

/** Units of one resource among several that are asked for at once. */
export interface JointPart {
  /** The resource. */
  readonly resource: Resource;
  /** How many units; 1 by default. */
  readonly amount?: number;
  /** For preemption: how important the holder is; 0 by default. */
  readonly priority?: number;
}

const PART_FIELDS = optionNames<JointPart>({ resource: true, amount: true, priority: true });

/** What the requests of several resources wait in, for traces and reports. */
class JointQueue {
  _traced: TracedPrimitive | null = null;
  private readonly _parts: readonly Required<JointPart>[];

  constructor(parts: readonly Required<JointPart>[]) {
    this._parts = parts;
  }

  toString(): string {
    return this._parts
      .map(({ resource, amount }) => (amount === 1 ? `${resource}` : `${amount} of ${resource}`))
      .join(" and ");
  }
}

/** A request for units of several resources, all or nothing; what {@link requestAll} returns. */
export class JointRequest extends ResourceEvent<JointRequest> implements Disposable {
  // It is a JointClaim as well; saying so would put what is internal into the published types.

  /** When it was made, in seconds. */
  readonly time: number;
  private readonly _parts: readonly Required<JointPart>[];
  private readonly _held: Request[] = [];

  constructor(loop: TaskEventLoop, parts: readonly Required<JointPart>[]) {
    const queue = new WaitQueue<ResourceEvent<unknown>>("requestAll", new JointQueue(parts));
    super(loop, queue as unknown as WaitQueue<never>);
    this.time = loop.time();
    this._parts = parts;
    queue.enter(this as ResourceEvent<unknown>);
    for (const { resource } of parts) {
      resource._addClaim(this);
    }
    this._attempt();
  }

  /** Whether it holds everything that it asked for. */
  get granted(): boolean {
    return this._held.some(({ granted }) => granted);
  }

  /** Give everything back; withdraw the request if it still waits. Nothing happens the second time. */
  release(): void {
    if (!this._isTriggered) {
      this.cancel();
    }
    for (const request of this._held.splice(0)) {
      request[Symbol.dispose]();
    }
  }

  /** As {@link release}: for `using`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal */
  _attempt(): boolean {
    if (this._isTriggered || !this._parts.every(({ resource, amount }) => resource._isOpenTo(amount, this.time))) {
      return false;
    }
    this._leaveAll();
    this._queue.leave(this);
    for (const { resource, amount, priority } of this._parts) {
      const request = resource._plainRequest({ amount, priority });
      resource._takeFor(request);
      this._held.push(request);
    }
    this._trigger();
    return true;
  }

  protected override _outcome(): JointRequest {
    return this;
  }

  protected override _processed(): void {}

  protected override _undo(): void {
    this.release();
  }

  protected override _left(): void {
    this._leaveAll();
  }

  private _leaveAll(): void {
    for (const { resource } of this._parts) {
      resource._removeClaim(this);
    }
  }
}

function partOf(given: unknown): Required<JointPart> {
  const part = given instanceof Resource ? { resource: given } : given;
  requireOptions("requestAll", part, PART_FIELDS);
  const { resource, amount = 1, priority = 0 } = part as JointPart;
  if (!(resource instanceof Resource)) {
    throw new TypeError(`requestAll: expected a resource or { resource, amount }, got ${describeValue(given)}`);
  }
  requirePositive("requestAll", "amount", amount);
  if (amount > resource.capacity) {
    throw new RangeError(`requestAll: ${resource} has ${resource.capacity} units, got an amount of ${amount}`);
  }
  return { resource, amount, priority };
}

/**
 * Ask for units of several resources, all or nothing: it takes none while one is missing, so that two such requests
 * cannot deadlock.
 *
 * It waits beside the queues: of each resource it needs free units for which no earlier request waits, and later
 * requests for one resource may pass it meanwhile.
 *
 * ```ts
 * using theatre = yield* requestAll([surgeons, { resource: nurses, amount: 2 }]);
 * ```
 *
 * @throws TypeError, RangeError unless these are resources, each once, with amounts that they have.
 */
export function requestAll(parts: readonly (Resource | JointPart)[]): JointRequest {
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new TypeError(`requestAll: expected an array of resources, got ${describeValue(parts)}`);
  }
  // A hole in the array is refused like `undefined`.
  const checked = Array.from(parts as readonly unknown[], partOf);
  const twice = checked.find(({ resource }, i) => checked.findIndex((other) => other.resource === resource) < i);
  if (twice !== undefined) {
    throw new RangeError(`requestAll: ${twice.resource} is there twice; ask for its amount at once`);
  }
  return new JointRequest(runningTaskLoop(), checked);
}
