import { optionNames, requireOptions } from "../base/require-options.ts";
import { type Context, requireContext } from "./context.ts";

/** What a new task may be given. */
export interface TaskOptions {
  /** Its name; `Task-1`, `Task-2` … by default. */
  readonly name?: string;
  /** The context it runs in; a copy of the current one by default. */
  readonly context?: Context;
  /**
   * Run the first step at once, inside the step that creates the task, up to the first wait; if it ends before, the
   * task is done already. Async generators cannot do that, as they go on in microtasks: they begin in the next pass as
   * ever.
   */
  readonly eagerStart?: boolean;
}

const TASK_OPTIONS = optionNames<TaskOptions>({ name: true, context: true, eagerStart: true });

/** @throws TypeError for unknown options, and for a context that is not one. */
export function requireTaskOptions(options: TaskOptions): void {
  requireOptions("createTask", options, TASK_OPTIONS);
  requireContext("createTask", options.context);
}
