import { Resource } from "./resource.ts";

/**
 * A resource whose waiting requests are served by priority, smaller numbers first: every {@link Resource} is, unless it
 * was given another discipline.
 *
 * @see simpy.PriorityResource
 */
export class PriorityResource extends Resource {}
