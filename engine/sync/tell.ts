import type { Instrument, ObservedPrimitive, PrimitiveEvent } from "../base/instrument.ts";
import { peekRunning } from "../loop/running.ts";

/** What a number is given to, and by whom. */
interface Numbering {
  readonly _instrument: Instrument | null;
  _nextId(): number;
}

/** What a primitive is in the traces of one loop. */
export interface TracedPrimitive extends ObservedPrimitive {
  readonly loop: Numbering;
}

/** A primitive, as a trace sees it. */
export interface Primitive {
  /** @internal Made when an instrument first hears of it. */
  _traced: TracedPrimitive | null;
  toString(): string;
}

/** What `primitive` is for the instrument of `loop`: every run of a program counts afresh, whatever outlives it. */
function traced(primitive: Primitive, loop: Numbering): TracedPrimitive {
  let known = primitive._traced;
  if (known?.loop !== loop) {
    known = { kind: primitive.constructor.name, id: loop._nextId(), loop };
    primitive._traced = known;
  }
  return known;
}

/** The number of `primitive` for the instrument of `loop`. */
export const numberOf = (primitive: Primitive, loop: Numbering): number => traced(primitive, loop).id;

/** Whether an instrument watches the running loop. */
export const isTraced = (): boolean => {
  const loop = peekRunning();
  return loop !== null && loop._instrument !== null;
};

/**
 * Report a change of `primitive` to the instrument of the running loop, if it has one. Without, it costs two
 * comparisons.
 *
 * @param waiting - How many tasks wait for it, those that were woken and have not run yet included.
 * @param items - How many items a queue holds; -1 for what is none.
 */
export function tell(primitive: Primitive, event: PrimitiveEvent, waiting: number, items = -1): void {
  const loop = peekRunning();
  if (loop !== null && loop._instrument !== null) {
    loop._instrument.primitiveChanged(traced(primitive, loop), event, waiting, items);
  }
}
