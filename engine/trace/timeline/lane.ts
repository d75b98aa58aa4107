import type { TaskOutcome } from "../../base/instrument.ts";
import type { TaskState } from "../states/task-states.ts";

/** What a lane is for: a task, the callbacks and timers of a host, or its packets. */
export type LaneKind = "task" | "calls" | "packets";

/** Something still open: it lasts to the end of the trace. */
const OPEN = -1;

/**
 * A swim lane: slices of time, one after another, none over another, and marks.
 *
 * Instants are positions in the list of records. The slice `i` lasts from `starts[i]` to `ends[i]`.
 */
export class Lane {
  readonly kind: LaneKind;
  /** The id of the task; 0 for lanes of callbacks and packets. */
  readonly task: number;
  readonly host: string;
  readonly name: string;
  /** `file:line:column` of the task's creation. */
  readonly place: string | undefined;
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly states: TaskState[] = [];
  /** Where something happens that is shown as a mark: prints, ends, notes. */
  readonly marks: number[] = [];
  /** Where the lane begins and ends. */
  born = 0;
  died = OPEN;
  outcome: TaskOutcome | null = null;

  constructor(kind: LaneKind, host: string, name: string, task = 0, place?: string) {
    this.kind = kind;
    this.host = host;
    this.name = name;
    this.task = task;
    this.place = place;
  }

  /** Begin a slice, which ends the one before. */
  begin(state: TaskState, at: number): void {
    this.close(at);
    this.starts.push(at);
    this.ends.push(OPEN);
    this.states.push(state);
  }

  /** End the slice that is open, if one is. */
  close(at: number): void {
    const last = this.ends.length - 1;
    if (this.ends[last] === OPEN) {
      this.ends[last] = at;
    }
  }

  /** Index of the last slice that begins at `at` or before; -1 if none does. */
  sliceAt(at: number): number {
    return lastUpTo(this.starts, at);
  }
}

/** Index of the last of the ascending `numbers` that is `limit` at most; -1 if none is. */
export function lastUpTo(numbers: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
