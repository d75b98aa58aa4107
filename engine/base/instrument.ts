/** What an instrument may know of a task. */
export interface ObservedTask {
  /** Number in order of creation within its loop, from 1. */
  readonly id: number;
  getName(): string;
  /** `file:line:column` of the call that created the task, where it was recorded. */
  createdAt(): string | undefined;
}

/** How a task ended. */
export type TaskOutcome = "finished" | "failed" | "cancelled";

/** Details of a {@link Instrument.noted} event: plain values, in a fixed order of keys. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/**
 * Watches a loop and steers nothing: the trace recorder is one.
 *
 * Calls come in the order of events. What runs at the time of a call is whatever {@link handleRun} or {@link taskStepped}
 * named last; that is how an instrument knows who created, woke or cancelled something. An instrument must not throw.
 *
 * @see trio `trio.abc.Instrument`
 */
export interface Instrument {
  /** Virtual time moved on to `time` (seconds). */
  clockAdvanced(time: number): void;
  /** Handle `id` joined the ready queue through `callSoon`. */
  handleScheduled(id: number): void;
  /** Timer `id` was set for the instant `when` (seconds). */
  timerScheduled(id: number, when: number): void;
  /** Handle or timer `id` was withdrawn. */
  handleCancelled(id: number): void;
  /** The callback of handle or timer `id` runs now. */
  handleRun(id: number): void;
  /** A task was created by what runs now. */
  taskCreated(task: ObservedTask): void;
  /** A step of `task` begins. */
  taskStepped(task: ObservedTask): void;
  /** `task` waits for an awaitable: its kind (`"sleep"`, `"future"`, `"task"` …) and its number among its like, 0 if it has none. */
  taskSuspended(task: ObservedTask, kind: string, id: number): void;
  /** `task` joined the ready queue, woken by what runs now. */
  taskWoken(task: ObservedTask): void;
  /** `task` ended; `error` is what it failed with. */
  taskEnded(task: ObservedTask, outcome: TaskOutcome, error?: unknown): void;
  /** The program printed `text`, line end included. */
  printed(text: string): void;
  /** Something else worth recording happened, in a room above the loop: `network.delivered`, `link.dropped` … */
  noted(kind: string, detail: Detail): void;
}
