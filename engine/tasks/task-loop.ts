import type { BaseEventLoop } from "../loop/base-event-loop.ts";
import type { Driven, DrivenLoop } from "./drive.ts";

/** Something that may have to be reported when the run ends, in order of creation. */
export interface Reportable {
  /** @internal */
  readonly id: number;
  /** @internal The report, or `null` when there is nothing to report. */
  _report(): string | null;
  /** @internal Where it happened, as `file:line:column`. */
  _reportedPlace?(): string | undefined;
}

/** The side of a loop that futures and tasks work with. */
export interface TaskLoop extends BaseEventLoop, DrivenLoop {
  /** @internal Futures that failed. */
  readonly _failures: Reportable[];
  /** @internal Coroutine objects made by `coroutine()` that have not begun. */
  readonly _unstarted: Set<Reportable>;
  /** @internal The number of the next task without a name. */
  _nextTaskNumber(): number;
  /** @internal How many coroutine objects were converted to strings before. */
  _nextCoroutineNumber(): number;
  /** @internal Begin a step of `task` in `context`. */
  _openStepOf(task: Driven, context: object | null): void;
  /** @internal */
  _register(task: Driven): void;
  /** @internal */
  _unregister(task: Driven): void;
}
