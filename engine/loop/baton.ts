import { inMicrotask } from "./host.ts";

/** A loop as the baton knows it; only its identity counts. */
export type Holder = object;

/**
 * The baton: one loop runs at a time in a process, from the first step of a run to its last.
 *
 * A second run that is started meanwhile waits here, so that `getRunningLoop()` and `currentTask()` have one answer.
 */
let holder: Holder | null = null;
const waiting: { readonly loop: Holder; readonly start: () => void }[] = [];

/**
 * Take the baton for `loop`.
 *
 * @param start - Called, in a microtask, when another holder passes the baton on.
 * @returns Whether `loop` has it at once; `start` is not called then.
 */
export function takeBaton(loop: Holder, start: () => void): boolean {
  if (holder === null) {
    holder = loop;
    return true;
  }
  waiting.push({ loop, start });
  return false;
}

/** Pass the baton on to the run that has waited longest. */
export function passBaton(): void {
  const next = waiting.shift();
  if (next === undefined) {
    holder = null;
    return;
  }
  holder = next.loop;
  // In a microtask: the caller may be deep inside a coroutine of the run that has just ended.
  inMicrotask(next.start);
}
