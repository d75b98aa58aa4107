import { type BlockCallback, beginBlock, requireBlockCallback } from "../tasks/block-callback.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { noteWaitPlace } from "../tasks/wait-places.ts";

/** Something that is held from `acquire` to `release`. */
export interface Holdable {
  acquire(): Operation<true>;
  release(): void;
}

/** What `hold()` returns: disposing of it releases what is held, once. For `using guard = yield* lock.hold()`. */
export class Guard implements Disposable {
  private _held: Holdable | null;

  constructor(held: Holdable) {
    this._held = held;
  }

  /** Release; a second time does nothing. */
  [Symbol.dispose](): void {
    const held = this._held;
    this._held = null;
    held?.release();
  }
}

function* withSteps<T>(holdable: Holdable, callback: BlockCallback<[], T>): Steps<T> {
  // The public method, which a subclass may have overridden.
  yield holdable.acquire();
  try {
    return (yield beginBlock(callback)) as T;
  } finally {
    noteWaitPlace();
    holdable.release();
  }
}

function* holdSteps(holdable: Holdable): Steps<Guard> {
  yield holdable.acquire();
  return new Guard(holdable);
}

/** Run `callback` between `acquire` and `release`. */
export function withHeld<T>(name: string, holdable: Holdable, callback: BlockCallback<[], T>): Operation<T> {
  requireBlockCallback(`${name}.with`, callback);
  return new GeneratorOperation(`${name}.with`, withSteps(holdable, callback));
}

/** Acquire, and give a guard that releases. */
export const hold = (name: string, holdable: Holdable): Operation<Guard> =>
  new GeneratorOperation(`${name}.hold`, holdSteps(holdable));
