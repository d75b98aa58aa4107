import type { Detail, TaskOutcome } from "../base/instrument.ts";

/** The name and the version of the trace format. */
export const TRACE_FORMAT = "simloop-trace";
export const TRACE_VERSION = 1;

/** What a trace is a trace of: the first line of a trace file. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  /** Version of simloop. */
  readonly engine: string;
  /** The name of the program, where it has one. */
  readonly program?: string;
  /** The seed of the run. */
  readonly seed: number | string;
  /** The simulated wall clock at time 0, as it was given: Unix seconds or ISO 8601. */
  readonly start: number | string;
  /** The time zone that `start` is read in. */
  readonly timeZone: string;
}

/** What every record has. */
interface Common {
  /** Number of the event in the run, from 1. */
  readonly seq: number;
  /** Virtual time of the event, in seconds. */
  readonly time: number;
}

/** What records of actions have: `by` is the id of the task or handle that ran then, 0 when none did. */
interface Done extends Common {
  readonly by: number;
}

/** Virtual time moved on to `time`. */
export interface ClockRecord extends Common {
  readonly kind: "clock";
}

/** A task was created. */
export interface CreateRecord extends Done {
  readonly kind: "create";
  readonly task: number;
  readonly name: string;
  /** The simulated machine that it runs on, where it was put on one. */
  readonly host?: string;
  /** Where: `file:line:column`, the file without its directories. Not in the digest. */
  readonly place?: string;
}

/** A task joined the ready queue. */
export interface WakeRecord extends Done {
  readonly kind: "wake";
  readonly task: number;
}

/** A step of a task began. */
export interface StepRecord extends Common {
  readonly kind: "step";
  readonly task: number;
}

/** A task began to wait. */
export interface WaitRecord extends Common {
  readonly kind: "wait";
  readonly task: number;
  /** The kind of thing it waits for: `sleep`, `future`, `task` … */
  readonly on: string;
  /** The id of that thing, 0 if it has none. */
  readonly target: number;
}

/** A task gave up its turn: it waits for nothing and joined the ready queue again at once. */
export interface YieldRecord extends Common {
  readonly kind: "yield";
  readonly task: number;
}

/** A task ended. */
export interface EndRecord extends Common {
  readonly kind: "end";
  readonly task: number;
  readonly outcome: TaskOutcome;
  /** What it failed with. */
  readonly error?: TraceError;
}

/** An error, without its stack, which differs between machines. */
export interface TraceError {
  readonly name: string;
  readonly message: string;
}

/** A call was scheduled for the next pass. */
export interface ScheduleRecord extends Done {
  readonly kind: "schedule";
  readonly handle: number;
  /** The simulated machine that it runs on, where it is on one. */
  readonly host?: string;
}

/** A timer was set. */
export interface TimerRecord extends Done {
  readonly kind: "timer";
  readonly handle: number;
  /** When it is due, in seconds; `Infinity` for never. */
  readonly when: number;
  /**
   * The simulated machine that it is on, where it is on one; the timer of a sleep is where its task is, and does not
   * say so.
   */
  readonly host?: string;
}

/** A handle or timer was cancelled. */
export interface CancelRecord extends Done {
  readonly kind: "cancel";
  readonly handle: number;
}

/** The call of a handle or timer ran. */
export interface RunRecord extends Common {
  readonly kind: "run";
  readonly handle: number;
}

/** The program printed. */
export interface PrintRecord extends Done {
  readonly kind: "print";
  /** The printed string, newline included. */
  readonly text: string;
}

/** A kind of a layer above the loop: always with a dot, as in `network.connected`. */
export type NoteKind = `${string}.${string}`;

/** Something happened in a layer above the loop. */
export interface NoteRecord extends Done {
  readonly kind: NoteKind;
  readonly detail: Detail;
}

/** One event of a run. */
export type TraceRecord =
  | ClockRecord
  | CreateRecord
  | WakeRecord
  | StepRecord
  | WaitRecord
  | YieldRecord
  | EndRecord
  | ScheduleRecord
  | TimerRecord
  | CancelRecord
  | RunRecord
  | PrintRecord
  | NoteRecord;

/** Whether a record came from a layer above the loop. */
export const isNote = (record: TraceRecord): record is NoteRecord => record.kind.includes(".");
