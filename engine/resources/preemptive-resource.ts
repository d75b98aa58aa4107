import { comesFirst, lastOf } from "./discipline.ts";
import type { Request } from "./request.ts";
import { Resource } from "./resource.ts";

/**
 * A resource whose units an important request takes from a less important holder, into whose task {@link Preempted} is
 * thrown at once.
 *
 * A holder is less important if its priority is a larger number, or, at equal priorities, if it asked later. Of several
 * the one that comes last loses.
 *
 * @see simpy.PreemptiveResource
 */
export class PreemptiveResource extends Resource {
  protected override _makeRoom(request: Request): boolean {
    if (!request.preempt) {
      return false;
    }
    let room = this.capacity - this._inUse();
    const victims: Request[] = [];
    const candidates = new Set(this._holding);
    while (room < request.amount) {
      const victim = lastOf(candidates);
      if (victim === null || !comesFirst(request, victim)) {
        return false;
      }
      this._requireOther(victim);
      candidates.delete(victim);
      victims.push(victim);
      room += victim.amount;
    }
    for (const victim of victims) {
      this._takeFrom(victim, request);
    }
    return true;
  }
}
