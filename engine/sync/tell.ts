import type { Instrument } from "../base/instrument.ts";
import { peekRunning } from "../loop/running.ts";

/** What becomes of a primitive: a task waits for it, has got it, or it is given back or set, so that others may have it. */
export type SyncEvent = "sync.waited" | "sync.acquired" | "sync.released";

/** What a number is given to, and by whom. */
interface Numbering {
  readonly _instrument: Instrument | null;
  _nextId(): number;
}

/** The number of a primitive in the traces of one loop. */
export interface PrimitiveNumber {
  readonly loop: Numbering;
  readonly id: number;
}

/** A primitive, as a trace sees it. */
export interface Primitive {
  /** @internal Given when an instrument first hears of it. */
  _traced: PrimitiveNumber | null;
  toString(): string;
}

/** The number of `primitive` for the instrument of `loop`: every run of a program counts afresh, whatever outlives it. */
export function numberOf(primitive: Primitive, loop: Numbering): number {
  let number = primitive._traced;
  if (number?.loop !== loop) {
    number = { loop, id: loop._nextId() };
    primitive._traced = number;
  }
  return number.id;
}

/**
 * Tell the instrument of the running loop, if there is one, what becomes of `primitive`. Without, it costs two comparisons.
 *
 * @param waiting - How many tasks wait for it, those that were woken and have not run yet included.
 * @param items - How many items a queue holds; -1 for what is none.
 */
export function tell(primitive: Primitive, event: SyncEvent, waiting: number, items = -1): void {
  const loop = peekRunning();
  if (loop === null || loop._instrument === null) {
    return;
  }
  const { name } = primitive.constructor;
  const id = numberOf(primitive, loop);
  loop._instrument.noted(event, items < 0 ? { primitive: name, id, waiting } : { primitive: name, id, waiting, items });
}
