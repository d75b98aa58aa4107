import type { TraceRecord } from "../record.ts";

/** A record and those that led to it, the latest first; cut off after some. */
type Trail = readonly TraceRecord[];

const LONGEST = 8;

/**
 * Finds out why something happened: a step because something woke the task, the wake-up because another task or a timer ran, the timer
 * because it was set …
 *
 * Give it all records, in their order.
 */
export class Causes {
  /** Of each task, what put it into the ready queue; of each handle, what scheduled it. */
  private readonly _readied = new Map<number, Trail>();
  /** The step or call that is at work. */
  private _actor: Trail = [];

  /** The chain of causes of `record`, the next in order: itself first, then backwards. */
  add(record: TraceRecord): Trail {
    switch (record.kind) {
      case "clock":
        this._actor = [];
        return [record];
      case "step":
        this._actor = this._after(record, this._readied.get(record.task));
        return this._actor;
      case "run":
        this._actor = this._after(record, this._readied.get(record.handle));
        this._readied.delete(record.handle);
        return this._actor;
      case "wake":
      case "yield":
        return this._ready(record.task, record);
      case "schedule":
      case "timer":
        return this._ready(record.handle, record);
      case "cancel":
        this._readied.delete(record.handle);
        return this._after(record, this._actor);
      case "end":
        this._readied.delete(record.task);
        return this._after(record, this._actor);
      default:
        return this._after(record, this._actor);
    }
  }

  private _ready(id: number, record: TraceRecord): Trail {
    const trail = this._after(record, this._actor);
    this._readied.set(id, trail);
    return trail;
  }

  private _after(record: TraceRecord, trail: Trail = []): Trail {
    return [record, ...trail.slice(0, LONGEST - 1)];
  }
}
