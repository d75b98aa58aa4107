import type { OrderingPolicy, ReadyQueue } from "../base/ordering-policy.ts";
import type { Runnable } from "../base/runnable.ts";
import type { HandleOwner } from "./handle.ts";
import type { Timer } from "./timers.ts";

/** The side of a loop that the parts around it work with: handles, contexts, the running coroutine. */
export interface LoopCore extends HandleOwner {
  /** @internal What runs next, in order. */
  readonly _ready: ReadyQueue<Runnable>;
  /** @internal Chooses where a real system could decide otherwise; `null` for the default schedule. */
  readonly _ordering: OrderingPolicy | null;
  /** @internal A coroutine's step has begun and has neither suspended nor ended. */
  _stepOpen: boolean;
  /** @internal `_drain` is on the stack, or whoever set this will call it. */
  _draining: boolean;
  /** Seconds of virtual time. */
  time(): number;
  /** @internal The name of the simulated machine that code in `context` runs on, if it is on one. */
  _hostName(context: object | null): string | undefined;
  /** @internal @throws ForeignCallError between two steps of a run, when only the real world can be calling. */
  _requireInside(): void;
  /** @internal Put `timer` into the timer queue. */
  _schedule(when: number, timer: Timer): void;
  /** @internal Run what is ready until the run ends, a step stays open, or the host is due for a turn. */
  _drain(): void;
}
