import type { LoopCore } from "../loop/loop-core.ts";
import { captureStack, readFrames } from "../loop/place.ts";
import { peekRunning } from "../loop/running.ts";

/*
 * Where tasks wait, for the report of a run that has failed.
 *
 * A suspended generator does not say where it stands. But when an error is thrown into it, the code that it waits in
 * runs once more with the generator and all that wait for it on the stack. So the places are noted while the tasks of a
 * failed run are cancelled, which happens in any case: before a failure, this costs a comparison with null where an
 * error is thrown into a coroutine, and nothing where none is.
 */

interface Noted {
  /** The step in which the task was cancelled: what it waits for afterwards is its clean-up. */
  readonly step: number;
  readonly frames: string[];
}

/** The places of the tasks of one failed run. */
export class WaitPlaces {
  private readonly _noted = new Map<object, Noted>();

  /**
   * Note the stack of `task`, whose step is open on `loop`. Further calls in the same step add the frames further out.
   */
  note(loop: NotingLoop, task: object): void {
    const known = this._noted.get(task);
    if (known !== undefined && known.step !== loop._steps) {
      return;
    }
    const noted = known ?? { step: loop._steps, frames: [] };
    for (const frame of readFrames(captureStack(this.note))) {
      if (!noted.frames.includes(frame)) {
        noted.frames.push(frame);
      }
    }
    this._noted.set(task, noted);
  }

  /** Where `task` waited, innermost first: `worker (file:line:column)`. Empty where that is unknown. */
  of(task: object): readonly string[] {
    return this._noted.get(task)?.frames ?? [];
  }
}

/** The side of a loop that this file works with. */
interface NotingLoop extends LoopCore {
  /** @internal The task whose step is open. */
  readonly _currentTask: object | null;
  /** @internal Where tasks are found waiting; `null` unless its run has failed and they are being cancelled. */
  readonly _waitPlaces: WaitPlaces | null;
}

/** Whether places were ever to be noted, by any loop: until then nothing is asked of loops. */
let hasNoted = false;

/** Places are to be noted from now on. */
export const beginNoting = (): WaitPlaces => {
  hasNoted = true;
  return new WaitPlaces();
};

/** An error is on its way through code that a task waits in. */
export function noteWaitPlace(): void {
  if (hasNoted) {
    note();
  }
}

function note(): void {
  const loop = peekRunning() as NotingLoop | null;
  if (loop !== null && loop._waitPlaces !== null && loop._currentTask !== null) {
    loop._waitPlaces.note(loop, loop._currentTask);
  }
}

const SETTLED = Promise.resolve();

/**
 * A promise that is rejected with `error`, to resolve the promise that a suspended async generator waits for.
 *
 * While places are noted, that takes some microtasks more: V8 finds the generators that wait for a promise once the
 * chain of promises to them is complete.
 */
export function rejected(error: unknown): Promise<never> {
  if (!hasNoted || (peekRunning() as NotingLoop | null)?._waitPlaces == null) {
    return Promise.reject(error);
  }
  return SETTLED.then(() => {})
    .then(() => {})
    .then(() => {
      note();
      throw error;
    });
}
