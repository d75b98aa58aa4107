import type { Access } from "../../base/ordering-policy.ts";
import type { FailureKind } from "../run/failure.ts";

/** A step, and what is known of it once it has run. */
export interface DebugStep {
  /** Its number in the run, from 1. */
  readonly number: number;
  /** Its name: `worker#3`, the third step of the task `worker`. */
  readonly name: string;
  /** When it ran, in seconds of virtual time. */
  readonly time: number;
  /** The step that created or woke what ran; `null` for the world outside. */
  readonly cause: string | null;
  /** What it read (`"r"`) and changed (`"w"`). */
  readonly touches: readonly { readonly object: string; readonly access: Access }[];
}

/** A step that is ready. */
export interface ReadyStep {
  readonly name: string;
  /** The step that made it ready; `null` for the world outside. */
  readonly cause: string | null;
  /** Whether it may run next: asyncio keeps the order of what one step scheduled. */
  readonly isFree: boolean;
}

/** A task that is not done. */
export interface DebugTask {
  /** The name in names of steps. */
  readonly path: string;
  readonly name: string;
  readonly state: "ready" | "waiting";
  /** What it waits for, in words. */
  readonly waitsFor: string;
  /** The name of the host that it runs on. */
  readonly host: string | undefined;
  /** Where it was created: `file:line:column`. */
  readonly createdAt: string | undefined;
  /**
   * Its await stack, innermost first: `worker (file:line:column)`. Empty before its first step, and where it is not
   * known.
   */
  readonly stack: readonly string[];
}

/** A run between two of its steps. */
export interface Moment {
  /** How many steps have run. */
  readonly steps: number;
  /** Virtual time of the step that comes next, or of the end, in seconds. */
  readonly time: number;
  /** The step that has just run; `null` at the beginning. */
  readonly last: DebugStep | null;
  /** What could come next; the first that is free does so by default. Empty at the end. */
  readonly ready: readonly ReadyStep[];
  /** The tasks that are not done, in order of creation. */
  readonly tasks: readonly DebugTask[];
  /** The values of `shared` objects and of `watch`, as strings, in the order of their labels' appearance. */
  readonly values: readonly { readonly label: string; readonly value: string }[];
  /** All that the program has printed. */
  readonly output: string;
  /** At the end of the run: what it failed with, if it failed. */
  readonly failure?: { readonly kind: FailureKind; readonly error: unknown };
}
