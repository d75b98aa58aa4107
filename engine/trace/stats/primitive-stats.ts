import type { NoteRecord } from "../record.ts";

/** How much tasks got in each other's way at a primitive: a lock, a queue or the like. */
export interface PrimitiveStats {
  /** Its number in the trace. */
  readonly id: number;
  /** `Lock`, `Queue` … */
  readonly primitive: string;
  /** How often it was acquired, or something taken out of it. */
  readonly acquired: number;
  /** How often it was given back or set, or something put into it. */
  readonly released: number;
  /** How often somebody had to wait. */
  readonly waited: number;
  /** How long all of them waited together, and one at most, in seconds. */
  readonly waiting: number;
  readonly longest: number;
  /** The most that waited at once. */
  readonly mostWaiting: number;
  /** The most items in it at once; `null` for what holds none. */
  readonly mostItems: number | null;
}

class PrimitiveCount {
  acquired = 0;
  released = 0;
  waited = 0;
  waiting = 0;
  longest = 0;
  mostWaiting = 0;
  mostItems: number | null = null;
  private readonly _id: number;
  private readonly _primitive: string;

  constructor(id: number, primitive: string) {
    this._id = id;
    this._primitive = primitive;
  }

  toStats(): PrimitiveStats {
    const { acquired, released, waited, waiting, longest, mostWaiting, mostItems } = this;
    const { _id: id, _primitive: primitive } = this;
    return { id, primitive, acquired, released, waited, waiting, longest, mostWaiting, mostItems };
  }
}

interface OpenWait {
  readonly count: PrimitiveCount;
  readonly from: number;
}

/** Counts what becomes of primitives, from their notes and the wake-ups of tasks, given in their order. */
export class PrimitiveCounter {
  private readonly _counts = new Map<number, PrimitiveCount>();
  /** What tasks wait for: a barrier, for instance, and the condition that it is made of. */
  private readonly _open = new Map<number, OpenWait[]>();

  add({ kind, time, by, detail }: NoteRecord): void {
    const { id, primitive, waiting, items } = detail;
    if (!kind.startsWith("sync.") || typeof id !== "number" || typeof primitive !== "string") {
      return;
    }
    const count = this._counts.get(id) ?? new PrimitiveCount(id, primitive);
    this._counts.set(id, count);
    count.mostWaiting = Math.max(count.mostWaiting, Number(waiting));
    if (items !== undefined) {
      count.mostItems = Math.max(count.mostItems ?? 0, Number(items));
    }
    if (kind === "sync.acquired") {
      count.acquired++;
    } else if (kind === "sync.released") {
      count.released++;
    } else if (kind === "sync.waited") {
      count.waited++;
      const open = this._open.get(by);
      if (open === undefined) {
        this._open.set(by, [{ count, from: time }]);
      } else {
        open.push({ count, from: time });
      }
    }
  }

  /** The wait of `task` has ended: it was woken, or it has ended itself. */
  endWait(task: number, time: number): void {
    const open = this._open.get(task);
    if (open !== undefined) {
      this._open.delete(task);
      for (const { count, from } of open) {
        count.waiting += time - from;
        count.longest = Math.max(count.longest, time - from);
      }
    }
  }

  /** In order of first use. @param time - When the trace ends: what still waits has waited until then. */
  toStats(time: number): PrimitiveStats[] {
    for (const task of [...this._open.keys()]) {
      this.endWait(task, time);
    }
    return [...this._counts.values()].map((count) => count.toStats());
  }
}
