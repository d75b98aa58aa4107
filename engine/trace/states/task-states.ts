import type { EndRecord, StepRecord, TraceRecord, WaitRecord, WakeRecord, YieldRecord } from "../record.ts";

/** What a task does between two of its records. */
export type TaskState = "waiting" | "ready" | "running";

/** A record that begins a state. */
export type StateRecord = WakeRecord | StepRecord | WaitRecord | YieldRecord;

/** The state that each kind of record begins. */
const STATE_OF: Readonly<Record<StateRecord["kind"], TaskState>> = {
  wake: "ready",
  yield: "ready",
  step: "running",
  wait: "waiting",
};

/** A state that a task is in, or was in. */
export interface Stretch<At> {
  readonly task: number;
  readonly state: TaskState;
  /** Where it began, on the reader's own scale. */
  readonly from: At;
  /** The record that began it. */
  readonly record: StateRecord;
}

/** What one record changes: a stretch ends, another begins, or both. */
export interface StateChange<At> {
  readonly task: number;
  readonly ended: Stretch<At> | null;
  /** `null` at the end of the task. */
  readonly begun: Stretch<At> | null;
}

const isStateRecord = (record: TraceRecord): record is StateRecord => Object.hasOwn(STATE_OF, record.kind);

/**
 * The one reader of what tasks do. Statistics, pictures and exports all follow it.
 *
 * A task waits, is ready, or runs, from one of its records to the next; its `end` ends whatever it did last. A task may
 * end without another step: its host crashes, or it is cancelled before it began.
 *
 * @typeParam At - The scale of the reader: seconds, positions in the list of records, instants of a picture.
 */
export class TaskStates<At> {
  private readonly _open = new Map<number, Stretch<At>>();
  private _ready = 0;

  /** How many tasks are ready. */
  get ready(): number {
    return this._ready;
  }

  /** What `task` does; `undefined` before its first record and after its end. */
  of(task: number): Stretch<At> | undefined {
    return this._open.get(task);
  }

  /** Take the next record, which stands at `at`. `null` if it changes the state of no task. */
  add(record: TraceRecord, at: At): StateChange<At> | null {
    if (isStateRecord(record)) {
      const { task } = record;
      const begun: Stretch<At> = { task, state: STATE_OF[record.kind], from: at, record };
      const ended = this._close(task);
      this._open.set(task, begun);
      this._ready += begun.state === "ready" ? 1 : 0;
      return { task, ended, begun };
    }
    return isEnd(record) ? { task: record.task, ended: this._close(record.task), begun: null } : null;
  }

  /** The stretches that are still open, in order of their tasks' first records. Empty afterwards: the trace is over. */
  end(): Stretch<At>[] {
    const open = [...this._open.values()];
    this._open.clear();
    this._ready = 0;
    return open;
  }

  private _close(task: number): Stretch<At> | null {
    const open = this._open.get(task);
    if (open === undefined) {
      return null;
    }
    this._ready -= open.state === "ready" ? 1 : 0;
    this._open.delete(task);
    return open;
  }
}

const isEnd = (record: TraceRecord): record is EndRecord => record.kind === "end";
