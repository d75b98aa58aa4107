import type { Runnable } from "../base/runnable.ts";
import type { Listener } from "./drive.ts";

/**
 * The turn of one of several that wait for the same: each may keep its step open, so that they cannot all run within
 * one handle.
 */
export class TurnOf implements Runnable {
  /** Who takes its step. */
  readonly waiter: Listener;

  constructor(waiter: Listener) {
    this.waiter = waiter;
  }

  _run(): void {
    this.waiter._wakeUpNow();
  }
}
