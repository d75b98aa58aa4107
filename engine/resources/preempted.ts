import { requireFields } from "../base/require-argument.ts";
import { Interrupt } from "../tasks/interrupt.ts";
import type { Task } from "../tasks/task.ts";
import type { Requested } from "./request.ts";

/**
 * Thrown into a task that loses what it holds of a resource. `remaining` says how much of its sleep was left, so that
 * it can go on later.
 *
 * @see simpy.resources.resource.Preempted, which is the cause of an Interrupt
 */
export class Preempted extends Interrupt {
  override name = "Preempted";
  /** The task that made the request that came first; `null` if the capacity shrank. */
  readonly by: Task<unknown> | null;
  /** The resource that was lost. */
  readonly resource: Requested;
  /** When it was granted, in seconds. */
  readonly usageSince: number;

  constructor(by: Task<unknown> | null, resource: Requested, usageSince: number) {
    requireFields("Preempted", "a resource", resource, { name: "string" });
    if (by !== null) {
      requireFields("Preempted", "a task or null", by, { getName: "function" });
    }
    const reason = by === null ? "its capacity shrank" : `'${by.getName()}' came first`;
    super(
      { by, resource, usageSince },
      `lost ${resource.name === "" ? "a resource" : `'${resource.name}'`}: ${reason}`,
    );
    this.by = by;
    this.resource = resource;
    this.usageSince = usageSince;
  }
}
