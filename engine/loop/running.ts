import { RuntimeError } from "../base/errors.ts";
import type { LoopCore } from "./loop-core.ts";
import { mayBelongTo } from "./scope.ts";

/**
 * The loop whose drain or step executes right now.
 *
 * Between two turns of a run that lets the host breathe there is none, so that a stray coroutine of an earlier, failed
 * run that wakes up then meets an error instead of another run's task.
 */
let running: LoopCore | null = null;

/** @internal */
export const setRunning = (loop: LoopCore | null): void => {
  running = loop;
};

/** @internal The loop that executes right now, or `null`. */
export const peekRunning = (): LoopCore | null => running;

/** @internal The loop that executes right now. @throws RuntimeError if there is none. */
export const requireRunning = (): LoopCore => {
  if (running === null || !mayBelongTo(running)) {
    throw new RuntimeError("no running event loop: call this from a coroutine or callback, inside run() or simulate()");
  }
  return running;
};
