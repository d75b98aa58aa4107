/** What an instrument may know of a task. */
export interface ObservedTask {
  /** Number in order of creation within its loop, from 1. */
  readonly id: number;
  /** Its name at this moment. */
  getName(): string;
  /** `file:line:column` of the call that created the task, where it was recorded. */
  createdAt(): string | undefined;
  /** The name of the simulated machine that it runs on, where it was put on one. */
  readonly host?: string | undefined;
}

/** How a task ended. */
export type TaskOutcome = "finished" | "failed" | "cancelled";

/** How a run ended: its program returned, failed, was cancelled, or was cut off at the end of its world. */
export type RunOutcome = TaskOutcome | "cut off";

/**
 * What becomes of a primitive: a task began to wait for it, a task got it or something out of it, or it was given back
 * or set, so that others may have it.
 */
export type PrimitiveEvent = "waited" | "acquired" | "released";

/** A lock, a queue or the like, as an instrument sees it. */
export interface ObservedPrimitive {
  /** `Lock`, `Queue` … */
  readonly kind: string;
  /**
   * Number within its loop, given when an instrument first hears of it; it shares the sequence of tasks and handles.
   */
  readonly id: number;
}

/** Details of a {@link Instrument.noted} event: plain values, in a fixed order of keys. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/** A kind of note that is frequent, with the names of its details in their order. */
export interface NoteShape {
  readonly kind: string;
  readonly keys: readonly string[];
}

/**
 * A detail of such a note: `undefined` for one that it has not got; bytes stand for a string with a character for each.
 */
export type NoteValue = string | number | boolean | Uint8Array | undefined;

/**
 * Watches a loop and steers nothing: the trace recorder is one.
 *
 * Calls come in the order of events. What runs at the time of a call is whatever {@link handleRun} or
 * {@link taskStepped} named last, and nothing of the program after {@link outsideActs} or {@link clockAdvanced}; that
 * is how an instrument knows who created, woke or cancelled something. An instrument must not throw.
 *
 * @see trio `trio.abc.Instrument`
 */
export interface Instrument {
  /** Virtual time moved on to `time` (seconds). */
  clockAdvanced(time: number): void;
  /**
   * What comes until the next step or callback has no actor: the world outside the program acts, as the network does.
   */
  outsideActs(): void;
  /**
   * Handle `id` joined the ready queue through `callSoon`; `host` is the simulated machine that it runs on, if it is on
   * one.
   */
  handleScheduled(id: number, host?: string): void;
  /**
   * Timer `id` was set for the instant `when` (seconds), on `host`; a sleep's is where its task is, and does not say
   * so.
   */
  timerScheduled(id: number, when: number, host?: string): void;
  /** Handle or timer `id` was cancelled. */
  handleCancelled(id: number): void;
  /** The callback of handle or timer `id` runs now. */
  handleRun(id: number): void;
  /** A task was created by what runs now. */
  taskCreated(task: ObservedTask): void;
  /** A step of `task` begins. */
  taskStepped(task: ObservedTask): void;
  /**
   * `task` waits for an awaitable: its kind (`"sleep"`, `"future"`, `"task"` …) and its number among its like, 0 if it
   * has none.
   */
  taskSuspended(task: ObservedTask, kind: string, id: number): void;
  /** `task` gave up its turn: it waits for nothing, and joined the ready queue again at once. */
  taskYielded(task: ObservedTask): void;
  /** `task` joined the ready queue, woken by what runs now. */
  taskWoken(task: ObservedTask): void;
  /** `task` ended; `error` is what it failed with. */
  taskEnded(task: ObservedTask, outcome: TaskOutcome, error?: unknown): void;
  /** `task` was given another name. */
  taskRenamed(task: ObservedTask): void;
  /**
   * The state of `primitive` changed: `waiting` tasks wait for it now, those that were woken and have not run yet
   * included, and `items` are in it; -1 for what holds none.
   */
  primitiveChanged(primitive: ObservedPrimitive, event: PrimitiveEvent, waiting: number, items: number): void;
  /** The program printed `text`, newline included. */
  printed(text: string): void;
  /** A report of an uncaught error was written, of one line or several, without the last newline. */
  errorReported(text: string): void;
  /** The random stream called `stream` was drawn from, and gave `value`. */
  drawn(stream: string, value: number): void;
  /** At the choice called `point`, `option` of `of` options was taken, counted from 0. */
  chosen(point: string, option: number, of: number): void;
  /** Something else worth recording happened, in a layer above the loop: `network.delivered`, `fault.crash` … */
  noted(kind: string, detail: Detail): void;
  /** The same, without an object for each: `values` are those of the keys of `shape`. */
  notedAs(shape: NoteShape, values: readonly NoteValue[]): void;
  /** The run is over; `error` is what its program failed with. */
  runEnded(outcome: RunOutcome, error?: unknown): void;
}
