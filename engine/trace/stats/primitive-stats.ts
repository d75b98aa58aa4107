import type { NoteRecord } from "../record.ts";

/** Statistics of a primitive (a lock, a queue or the like): how much tasks contended for it. */
export interface PrimitiveStats {
  /** Its number in the trace. */
  readonly id: number;
  /** `Lock`, `Queue` … */
  readonly primitive: string;
  /** How often it was acquired, or something taken out of it. */
  readonly acquired: number;
  /** How often it was released or set, or something put into it. */
  readonly released: number;
  /** How often a task had to wait. */
  readonly waited: number;
  /** How long all of them waited together, and the longest wait, in seconds. */
  readonly waiting: number;
  readonly longest: number;
  /** Highest number of waiting tasks. */
  readonly peakWaiting: number;
  /** Highest number of items in it; `null` for primitives that hold none. */
  readonly peakItems: number | null;
}

class PrimitiveCount {
  acquired = 0;
  released = 0;
  waited = 0;
  waiting = 0;
  longest = 0;
  peakWaiting = 0;
  peakItems: number | null = null;
  private readonly _id: number;
  private readonly _primitive: string;

  constructor(id: number, primitive: string) {
    this._id = id;
    this._primitive = primitive;
  }

  toStats(): PrimitiveStats {
    const { acquired, released, waited, waiting, longest, peakWaiting, peakItems } = this;
    const { _id: id, _primitive: primitive } = this;
    return { id, primitive, acquired, released, waited, waiting, longest, peakWaiting, peakItems };
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
    count.peakWaiting = Math.max(count.peakWaiting, Number(waiting));
    if (items !== undefined) {
      count.peakItems = Math.max(count.peakItems ?? 0, Number(items));
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
