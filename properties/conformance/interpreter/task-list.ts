import { type Instrument, type ObservedTask, Task } from "simloop";

const nothing = (): void => {};

/** Keeps every task of a loop, those that are done as well, which the loop itself forgets. */
export class TaskList implements Instrument {
  /** In order of creation. */
  readonly all: Task<unknown>[] = [];

  unfinished(): Task<unknown>[] {
    return this.all.filter((task) => !task.done());
  }

  taskCreated(task: ObservedTask): void {
    if (task instanceof Task) {
      this.all.push(task);
    }
  }

  readonly clockAdvanced = nothing;
  readonly outsideActs = nothing;
  readonly handleScheduled = nothing;
  readonly timerScheduled = nothing;
  readonly handleCancelled = nothing;
  readonly handleRun = nothing;
  readonly taskStepped = nothing;
  readonly taskSuspended = nothing;
  readonly taskYielded = nothing;
  readonly taskWoken = nothing;
  readonly taskEnded = nothing;
  readonly taskRenamed = nothing;
  readonly primitiveChanged = nothing;
  readonly printed = nothing;
  readonly errorReported = nothing;
  readonly drawn = nothing;
  readonly chosen = nothing;
  readonly noted = nothing;
  readonly notedAs = nothing;
  readonly runEnded = nothing;
}
