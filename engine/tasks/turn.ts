import type { WaitTarget } from "./drive.ts";
import { FAILED, FINISHED } from "./future-state.ts";

/** What a task waits for before its first step: its turn. */
export const START: WaitTarget & { toString(): string } = {
  _kind: "start",
  _number: 0,
  _state: FINISHED,
  _value: undefined,
  _takeError: () => undefined,
  _leftBy: () => {},
  cancel: () => false,
  toString: () => "its turn",
};

/** In the place of what an interrupted task waited for: the error to throw. */
export class Thrown implements WaitTarget {
  readonly _kind = "interrupt";
  readonly _number = 0;
  readonly _state = FAILED;
  readonly _value = undefined;
  private readonly _error: unknown;
  /** What the task waited for. */
  readonly left: WaitTarget | null;

  constructor(error: unknown, left: WaitTarget | null) {
    this._error = error;
    this.left = left;
  }

  _takeError(): unknown {
    return this._error;
  }

  _leftBy(): void {}

  cancel(): boolean {
    return false;
  }

  toString(): string {
    return "its turn";
  }
}
