import type { TraceRecord } from "../record.ts";
import { TaskStates } from "./task-states.ts";

/** How much there is of what queues up. */
export interface Load {
  /** Entries of the ready queue; timers that are due not counted. */
  readonly ready: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Tasks that have not ended. */
  readonly tasks: number;
}

/** Counts what queues up in a run, from its records. */
export class LoadGauge {
  private _tasks = 0;
  private readonly _states = new TaskStates<null>();
  private readonly _timers = new Set<number>();
  /** Calls that wait in the ready queue. */
  private readonly _calls = new Set<number>();

  get load(): Load {
    return { ready: this._states.ready + this._calls.size, timers: this._timers.size, tasks: this._tasks };
  }

  /** Whether `handle` is a timer that is set. */
  isTimer(handle: number): boolean {
    return this._timers.has(handle);
  }

  add(record: TraceRecord): void {
    this._states.add(record, null);
    switch (record.kind) {
      case "create":
        this._tasks++;
        break;
      case "end":
        this._tasks--;
        break;
      case "timer":
        this._timers.add(record.handle);
        break;
      case "schedule":
        this._calls.add(record.handle);
        break;
      case "run":
      case "cancel":
        this._timers.delete(record.handle);
        this._calls.delete(record.handle);
        break;
      default:
    }
  }
}
