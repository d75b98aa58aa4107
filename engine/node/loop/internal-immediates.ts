import { real } from "./real.ts";
import { SimulatedImmediate } from "./simulated-immediate.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

type Callback = (...args: unknown[]) => unknown;

/** An immediate of Node's own, as its queue links it. */
interface NodeImmediate {
  readonly _idleNext: NodeImmediate | null;
  readonly _onImmediate: Callback | null;
  readonly _argv?: readonly unknown[] | null;
}

/** The end of Node's queue when the present turn began. What stands behind it was queued in the turn. */
let mark: NodeJS.Immediate | null = null;
/** What code outside of the simulation has queued meanwhile. */
const foreign = new WeakSet<object>();

/** From now on, {@link adoptImmediates} finds what is queued. */
export function markImmediates(): void {
  unmarkImmediates();
  mark = real.setImmediate(() => {});
}

/** The turn is over. */
export function unmarkImmediates(): void {
  if (mark !== null) {
    real.clearImmediate(mark);
    mark = null;
  }
}

/** Call `callback` in the next check phase of the host, though a turn may be in progress. */
export const afterTurn = (callback: () => void): NodeJS.Immediate => keepImmediate(real.setImmediate(callback));

/** Let `immediate` be one of the real world, though a turn may be in progress. */
export function keepImmediate<T extends object>(immediate: T): T {
  if (mark !== null) {
    foreign.add(immediate);
  }
  return immediate;
}

/**
 * Let immediates that Node's own modules have queued come in the check phase of `process`.
 *
 * They have kept Node's `setImmediate` since before it was replaced, and no turn of the host's loop comes during a run.
 * The streams of blobs in Node 24 are an example.
 *
 * @see `ImmediateList` in lib/internal/timers.js
 */
export function adoptImmediates(process: SimulatedProcess): void {
  let next = (mark as unknown as NodeImmediate | null)?._idleNext ?? null;
  while (next !== null) {
    const { _onImmediate: callback, _argv: args, _idleNext: following } = next;
    if (callback !== null && !foreign.has(next)) {
      real.clearImmediate(next as unknown as NodeJS.Immediate);
      new SimulatedImmediate(process, callback, args ?? []);
    }
    next = following;
  }
}
